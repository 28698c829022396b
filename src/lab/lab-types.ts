/** What a lab is made of: the options to start one and the handle to a running one. */
import type { NodeRole } from '../domain/cluster/cluster';

/** How the lab's cluster keeps its metadata: with ZooKeeper, on combined KRaft nodes, or on KRaft controllers of their own. */
export type LabMode = 'zookeeper' | 'kraft' | 'kraft-isolated';

/** How to build a lab. Everything but `release` has a default. */
export interface LabOptions {
  /** Where the lab keeps its files; default: a new directory under the system's temporary directory. */
  directory?: string;
  /** Name of the cluster and of its definition file; default `lab`. */
  cluster?: string;
  /** Default `zookeeper`. */
  mode?: LabMode;
  /** 1 to 9; default 3. Of mode `kraft` all are controllers, too. */
  brokers?: number;
  /** Of mode `kraft-isolated` only; 1 to 9, default 3. */
  controllers?: number;
  /** KRaft: the metadata.version that the storage is formatted with; default: that of the release. */
  metadataVersion?: string;
  /** KRaft from 4.0 on: levels of other features at the start, where they are not those of the metadata.version. */
  features?: Record<string, number>;
  /** The Kafka release that runs at first. */
  release: string;
  /** Further releases that lie ready on every host. */
  stagedReleases?: string[];
  /** Overrides of and additions to every broker's `server.properties`. */
  properties?: Record<string, string>;
  /** The same for the files of isolated controllers; null takes a line out. */
  controllerProperties?: Record<string, string | null>;
  /** Told one line per step of starting and stopping. */
  log?: (line: string) => void;
  /** When it aborts before the lab is up, everything that was started is stopped again. */
  signal?: AbortSignal;
  /** Where an unpacked distribution of a version is; default: the cache, filled on first use. */
  distribution?: (version: string) => Promise<string>;
}

/** One host of the lab: a process and mount namespace with its own address, files and sshd. */
export interface LabHost {
  name: string;
  /** Kafka's `broker.id` or `node.id`, or null on the ZooKeeper host. */
  nodeId: number | null;
  /** As in `process.roles`; a broker with ZooKeeper is a broker. */
  roles: NodeRole[];
  address: string;
  /** The namespace's init process as the machine around the lab sees it. */
  pid: number;
  /** Directory, seen from outside, that holds the host's own etc, opt, run, tmp and var. */
  root: string;
}

/** How to reach every host over SSH. */
export interface LabSsh {
  keyFile: string;
  knownHostsFile: string;
  port: number;
  user: string;
}

/** What a command on a host printed and how it ended. */
export interface CommandResult {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** Limits of a command on a host. */
export interface ExecOptions {
  /** Default one minute. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** A running lab. */
export interface Lab {
  directory: string;
  cluster: string;
  /** The Kafka release that the lab was started with. */
  release: string;
  /** That release's unpacked distribution, as seen from outside the hosts. */
  releaseDirectory: string;
  hosts: LabHost[];
  brokers: LabHost[];
  /** KRaft controllers, combined nodes too. */
  controllers: LabHost[];
  /** `host:port,host:port,…` of all brokers. */
  bootstrap: string;
  /** Holds `<cluster>.yaml`. */
  definitionsDirectory: string;
  ssh: LabSsh;
  /** Runs a shell command inside a host by entering its namespaces, whether or not its sshd answers. */
  exec(hostName: string, command: string, options?: ExecOptions): Promise<CommandResult>;
  down(options?: DownOptions): Promise<void>;
}

/** How to take a lab down. */
export interface DownOptions {
  log?: (line: string) => void;
  /** Keep the lab's directory (logs, configuration, data) for a look at it afterwards. */
  keepFiles?: boolean;
}

/** What runs on one host at the moment of asking. */
export interface LabHostStatus {
  name: string;
  nodeId: number | null;
  address: string;
  up: boolean;
  /** Pid of Kafka or ZooKeeper as seen from outside, or null when it does not run. */
  servicePid: number | null;
  /** Version behind the host's `/opt/kafka` link, or null when it has none. */
  installedRelease: string | null;
  /** Resident memory of all processes of the host. */
  residentBytes: number;
}

/** What is left or running of the lab in a directory. */
export interface LabStatus {
  directory: string;
  cluster: string;
  phase: 'starting' | 'up';
  hosts: LabHostStatus[];
}
