/** What was read of a cluster beyond its shape: the things that may bite during an upgrade. Pure data. */
import type { NodeId } from '../cluster/cluster';
import type { StandingGroup } from '../lag/standing-groups';

/** A server of ZooKeeper and the version that it tells (`srvr`); null when it tells none. */
export interface ZooKeeperServer {
  server: string;
  version: string | null;
}

/** A directory of `log.dirs` as its broker sees it (DescribeLogDirs). */
export interface LogDirectory {
  nodeId: NodeId;
  directory: string;
  /** Kafka's error code; 0 is none, 56 is KAFKA_STORAGE_ERROR: the broker has taken it offline. */
  errorCode: number;
}

/** A partition that is being moved (ListPartitionReassignments, KIP-455). */
export interface Reassignment {
  topic: string;
  partition: number;
  adding: NodeId[];
  removing: NodeId[];
}

/** Space of the file system below a path of a host, in bytes. */
export interface DiskSpace {
  nodeId: NodeId;
  path: string;
  totalBytes: number;
  availableBytes: number;
}

/** Open connections of one kind of client to one broker. */
export interface ClientSoftware {
  nodeId: NodeId;
  listener: string;
  /** `clientSoftwareName` from ApiVersions (KIP-511); `unknown` for clients that do not say. */
  name: string;
  version: string;
  connections: number;
}

/** Requests in a version that 4.0 no longer takes (KIP-896), since the broker started; counted from 3.7 on. */
export interface DeprecatedRequests {
  nodeId: NodeId;
  request: string;
  version: number;
  clientName: string;
  clientVersion: string;
  count: number;
}

/** Who is connected to one broker; null when it could not be looked at. */
export interface ConnectedClients {
  software: ClientSoftware[];
  deprecated: DeprecatedRequests[];
}

export interface RiskFacts {
  logDirectories: LogDirectory[];
  reassignments: Reassignment[];
  /** Topics that allow unclean leader election by a value of their own. */
  uncleanTopics: string[];
  disks: DiskSpace[];
  clients: Record<NodeId, ConnectedClients | null>;
  standingGroups: StandingGroup[];
  /** In ZooKeeper mode the servers that the brokers are told to use. */
  zooKeeper: ZooKeeperServer[];
  /** What could not be read, in words. */
  troubles: string[];
}

/** Nothing that may bite. */
export const noRisks: RiskFacts = {
  logDirectories: [],
  reassignments: [],
  uncleanTopics: [],
  disks: [],
  clients: {},
  standingGroups: [],
  zooKeeper: [],
  troubles: [],
};
