/**
 * The vocabulary of a Kafka cluster as this product sees it: what brokers report and what hosts show.
 * Pure data, JSON-safe, so that it may travel through Temporal histories.
 */

/** Kafka's `broker.id` / `node.id`. */
export type NodeId = number;

/** How the cluster keeps its metadata. */
export type ClusterMode = 'zookeeper' | 'kraft';

/** Kafka's `process.roles`. In ZooKeeper mode every node is a broker; a combined KRaft node has both. */
export type NodeRole = 'broker' | 'controller';

/** One partition as one broker's metadata cache shows it. `leader` is null when there is none. */
export interface PartitionState {
  topic: string;
  partition: number;
  leader: NodeId | null;
  replicas: NodeId[];
  isr: NodeId[];
}

/** A broker that is registered and alive according to the metadata cache of the broker that was asked. */
export interface RegisteredBroker {
  id: NodeId;
  host: string;
  port: number;
  rack: string | null;
}

/** The answer of one broker to a Metadata request for all topics; caches of different brokers may differ for a while. */
export interface MetadataView {
  observedBy: NodeId;
  clusterId: string;
  /** In ZooKeeper mode the active controller; null while there is none. In KRaft any broker: never to be believed. */
  controllerId: NodeId | null;
  brokers: RegisteredBroker[];
  partitions: PartitionState[];
}

/** One replica of the KRaft metadata log. Times are in ms since the epoch by the leader's clock; null when unknown. */
export interface QuorumReplica {
  id: NodeId;
  logEndOffset: number;
  /** The leader received a fetch from it last then; null for a broker that speaks only version 0 of DescribeQuorum. */
  lastFetchMs: number | null;
  /** It had everything that the leader had last then; the leader's own is the time of the answer. */
  lastCaughtUpMs: number | null;
}

/** The controller quorum as its leader describes it (DescribeQuorum, KIP-595 and KIP-836), asked through one node. */
export interface QuorumView {
  observedBy: NodeId;
  /** The active controller; null while there is none. */
  leaderId: NodeId | null;
  leaderEpoch: number;
  highWatermark: number;
  voters: QuorumReplica[];
  /** Brokers, and with a dynamic quorum (KIP-853) controllers that may not vote. */
  observers: QuorumReplica[];
}

/** Finalized features as one node knows them (ApiVersions version 3, KIP-584). */
export interface FeatureView {
  observedBy: NodeId;
  /** What the cluster has finalized, by this node's metadata; a feature that is not here is at level 0. */
  finalized: Record<string, number>;
  /** Grows with every change of a finalized feature; -1 when this node does not know any yet. */
  finalizedEpoch: number;
}

/** Who is registered in the KRaft metadata log, alive or not: read from the log itself, because no request tells. */
export interface RegisteredNodes {
  brokers: NodeId[];
  /** Empty before metadata.version 3.7-IV0, which brought registrations of controllers. */
  controllers: NodeId[];
}

/** A broker configuration value as the *running* broker reports it (DescribeConfigs). */
export interface ConfigValue {
  /** null when Kafka hides it (sensitive) or it is unset. */
  value: string | null;
  /** Where the value comes from: Kafka's ConfigSource names. */
  source: 'dynamic-topic' | 'dynamic-broker' | 'dynamic-default-broker' | 'static-broker' | 'default' | 'unknown';
  sensitive: boolean;
}

/** Gauges of one node, read from its MBeans. A null value means "not there", which is unmeasurable, never zero. */
export interface NodeGauges {
  /** Milliseconds since the epoch when the sample was taken: by the node's own clock, or the worker's that asked its agent. */
  sampledAtMs: number;
  /** `kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions`: brokers only. */
  underReplicatedPartitions: number | null;
  /** `kafka.controller:type=KafkaController,name=OfflinePartitionsCount`: controllers; counts on the active one only. */
  offlinePartitions: number | null;
  /** `kafka.controller:type=KafkaController,name=ActiveControllerCount` */
  activeControllers: number | null;
  /** `kafka.server:type=KafkaServer,name=BrokerState`: 3 is RUNNING; brokers only. */
  brokerState: number | null;
  /** Attribute `Version` of `kafka.server:type=app-info,id=N`: the version that *runs*. */
  version: string | null;
}

/** A running Kafka process on a host, found by its main class and its configuration file, never by name alone. */
export interface BrokerProcess {
  pid: number;
  /** Start time in clock ticks since boot (`/proc/PID/stat` field 22): tells a reused pid from the same process. */
  startTicks: number;
}

/** A host's own monotonic clock: seconds since boot, and which boot. */
export interface HostClock {
  bootId: string;
  uptimeSeconds: number;
}

/** What a look at one host found; read-only facts. */
export interface HostFacts {
  nodeId: NodeId;
  hostname: string;
  /** Raw text of `server.properties`. */
  properties: string;
  propertiesSha256: string;
  /** Where the `current` link points (absolute path), null when it is not a symbolic link. */
  currentRelease: string | null;
  /** Version of the release behind the link, read from its `libs/kafka_*-VERSION.jar`; null when unreadable. */
  installedVersion: string | null;
  /** The target release: its directory and the version its jars carry; null when it is not there. */
  targetRelease: { directory: string; version: string | null } | null;
  /** First line of `java -version`'s figure, for example `17.0.15`; null when there is no Java. */
  javaVersion: string | null;
  process: BrokerProcess | null;
  /** Files that the definition names for the service and that are not there: logging configurations. */
  missingFiles: string[];
  /** How far the host's wall clock is ahead of ours, beyond the time that the look itself took (s). */
  clockSkewSeconds: number;
  /** TimeoutStopSec of the systemd unit that the stop command names (s); null without one, or without a limit. */
  stopTimeoutSeconds: number | null;
  /** Agents of configuration management that run on the host, or where their runs are scheduled (`puppet in FILE`). */
  managers: string[];
  leases: HostLeases;
}

/**
 * The fencing number of one change (design invariant I5): compared as (epoch, step, attempt); a host refuses a
 * number older than the one it has stored.
 */
export interface Lease {
  /** Kafka's own cluster id: two definitions that mean the same cluster meet here. */
  clusterId: string;
  /** The lock's holder: `<temporal cluster id>/<namespace>/<workflow id>`. */
  owner: string;
  /** Temporal run id of the holder. */
  runId: string;
  epoch: number;
  step: number;
  attempt: number;
}

/** The leases that a host has. */
export interface HostLeases {
  /** In the state directory of this cluster definition; null when nothing is stored. */
  own: HostLease | null;
  /** In those of other definitions, as far as they can be read, by the names of the definitions. */
  others: { name: string; lease: HostLease }[];
}

/** The lease as a host stores it. A released lease may be taken by anyone, with a higher epoch. */
export interface HostLease extends Lease {
  held: boolean;
}
