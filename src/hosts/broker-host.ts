import type { ZooKeeperServer } from '../domain/checks/risk-facts';
import type { ZooKeeperAddress } from '../domain/checks/zookeeper';
import type {
  BrokerProcess,
  HostClock,
  HostFacts,
  HostLease,
  HostLeases,
  Lease,
  NodeId,
  RegisteredNodes,
} from '../domain/cluster/cluster';
import type { FoundRelease } from '../domain/cluster/release';
import type { DiskSpace } from '../domain/checks/risk-facts';
import type { RestartLook } from '../domain/restart/next-move';
import type { LaunchAim, RestartCause, StopEnd } from '../domain/restart/restart-record';

/** Passed to every long operation: how to give up, and where to report progress. */
export interface OperationContext {
  /** Aborted when the activity is cancelled or the worker shuts down. */
  signal?: AbortSignal;
  /** Called with a short sentence while waiting; activities turn it into a heartbeat. */
  onProgress?: (message: string) => void;
}

/** A fenced change and whether anything had to be changed (design invariant I4: ensure, don't do). */
export interface ChangeResult {
  changed: boolean;
  /** What was seen or done, for the evidence: one line. */
  evidence: string;
}

/** A file that was copied aside and read back. */
export interface BackupRecord {
  source: string;
  path: string;
  sha256: string;
  changed: boolean;
}

/** How a broker stopped, by its own traces. */
export interface StopTrace {
  /** False when the process was still there at the time limit. */
  gone: boolean;
  /** From the request to stop until it was gone, by the host's clock (ms); null when nobody asked, or the host was restarted. */
  stopMs: number | null;
  /** `.kafka_cleanshutdown` is present in every directory of `log.dirs`. */
  cleanShutdownMarkers: { directory: string; present: boolean }[];
  /** The last lines of the broker's own server.log, bounded. */
  logTail: string;
}

/** A stop that is waited for. */
export interface StopWait {
  /** null when it is gone already: only its traces are read. */
  process: BrokerProcess | null;
  timeoutMs: number;
  logDirectories: readonly string[];
}

/** What a look at a restart shows, and what a start that brought up nothing has printed. */
export type RestartState = RestartLook & { startFailure: string | null };

/** What a stopped node is brought up with. */
export interface BringUp {
  /** The id of the restart. */
  restart: string;
  aim: LaunchAim;
  version: string;
  /** How the stop ended, for the record; null when the record has it. */
  exited: StopEnd | null;
  /** Why the old release is put back; null when it is not, or when the record has it. */
  cause: RestartCause | null;
  /** Checksums that server.properties may have. */
  plannedSha256s: readonly string[];
  /** What the file gets first; null leaves it as it is. */
  properties: { text: string; expectedSha256: string } | null;
}

/** Where a node stands after it was brought up. */
export interface BroughtUp {
  changed: boolean;
  evidence: string;
  /** null while the start command works and there is no process yet. */
  process: BrokerProcess | null;
  /** How long that process has run by now (ms); null without one. */
  runsForMs: number | null;
}

/**
 * One broker's host. Reads are free; every method that takes a `Lease` changes the host and goes through the one fenced
 * command (invariant I5): lock, compare lease, store it, change, in one remote shell.
 */
export interface BrokerHost {
  readonly nodeId: NodeId;
  /** `user@address:port`, for messages. */
  readonly address: string;

  inspect(input: { targetVersion: string }, context?: OperationContext): Promise<HostFacts>;
  readProperties(context?: OperationContext): Promise<{ text: string; sha256: string }>;
  /** The release of this version at its place, looked at as `switchRelease` does; null when it is not there. */
  findRelease(version: string, context?: OperationContext): Promise<FoundRelease>;
  readLeases(context?: OperationContext): Promise<HostLeases>;
  clock(context?: OperationContext): Promise<HostClock>;
  findProcess(context?: OperationContext): Promise<BrokerProcess | null>;
  /** Where the restart of this node stands: process, start command, link, file, and what this product has recorded. */
  lookAtRestart(context?: OperationContext): Promise<RestartState>;
  /** Waits until exactly this process is gone (a zombie counts as gone), and reads the traces that it left. */
  awaitStop(wait: StopWait, context?: OperationContext): Promise<StopTrace>;
  /** The last lines of the broker's server.log (or of kafkaServer.out when that is what there is). */
  logTail(lines: number, context?: OperationContext): Promise<string>;
  /** Who is registered in the KRaft metadata log below this directory; a controller's host only. Starts a JVM. */
  registeredNodes(metadataDirectory: string, context?: OperationContext): Promise<RegisteredNodes>;
  /** Where the newest snapshot of the KRaft metadata log below this directory ends (offset); null without one. */
  newestSnapshot(metadataDirectory: string, context?: OperationContext): Promise<number | null>;
  /** Space of the file systems below these paths; a path that is not there yet counts as its nearest parent. */
  diskSpace(paths: readonly string[], context?: OperationContext): Promise<DiskSpace[]>;
  /** The versions of these ZooKeeper servers, asked from this host: others may not reach them. */
  zooKeeperVersions(servers: readonly ZooKeeperAddress[], context?: OperationContext): Promise<ZooKeeperServer[]>;
  /** Runs an operator's read-only probe command; resolves with its exit code and bounded output. */
  probe(command: string, timeoutMs: number, context?: OperationContext): Promise<{ exitCode: number; output: string }>;

  /**
   * Stores a newer lease (a claim, a raise, or with `held: false` a release). `takeOver` is a person's word that the
   * holder is dead: then a greater epoch is enough.
   */
  storeLease(lease: HostLease, context?: OperationContext, options?: { takeOver?: boolean }): Promise<ChangeResult>;
  /** Copies `server.properties` to `<backups>/<label>/`, fsyncs, reads back, compares checksums. */
  backUpProperties(lease: Lease, label: string, context?: OperationContext): Promise<BackupRecord>;
  /**
   * Replaces `server.properties` atomically (temp file in the same directory, owner and mode kept, fsync, rename).
   * Refuses with `ConfigDrift` unless the file has `expectedSha256` or already the new content.
   */
  replaceProperties(
    lease: Lease,
    change: { text: string; expectedSha256: string },
    context?: OperationContext,
  ): Promise<ChangeResult>;
  /**
   * Asks exactly this process to stop (SIGTERM, or the configured stop command). Refused by the host with `GateTooOld`
   * when `gateBegan` is more than `maxGateAgeSeconds` ago by the host's own monotonic clock, or from another boot. The
   * host records that it was asked, for the restart with this id.
   */
  requestStop(
    lease: Lease,
    input: { restart: string; process: BrokerProcess; gateBegan: HostClock; maxGateAgeSeconds: number },
    context?: OperationContext,
  ): Promise<ChangeResult>;
  /**
   * From a stopped node to one that starts, under one lock: `server.properties`, the release link, the start command.
   * Refused with `StartedElsewhere` while a process runs that this restart did not start; nothing is changed under one. A
   * start command that still works is not given again.
   */
  bringUp(lease: Lease, input: BringUp, context?: OperationContext): Promise<BroughtUp>;
}
