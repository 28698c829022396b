/**
 * The vocabulary of a Kafka cluster as this product sees it: what brokers report and what hosts show.
 * Pure data, JSON-safe, so that it may travel through Temporal histories.
 */

/** Kafka's `broker.id` / `node.id`. */
export type NodeId = number;

/** How the cluster keeps its metadata. */
export type ClusterMode = 'zookeeper';

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
  /** In ZooKeeper mode the active controller; null while there is none. */
  controllerId: NodeId | null;
  brokers: RegisteredBroker[];
  partitions: PartitionState[];
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
  /** Milliseconds since the epoch by the node's own clock when the sample was taken. */
  sampledAtMs: number;
  /** `kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions` */
  underReplicatedPartitions: number | null;
  /** `kafka.controller:type=KafkaController,name=OfflinePartitionsCount`: meaningful on the active controller only. */
  offlinePartitions: number | null;
  /** `kafka.controller:type=KafkaController,name=ActiveControllerCount` */
  activeControllers: number | null;
  /** `kafka.server:type=KafkaServer,name=BrokerState`: 3 is RUNNING. */
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
  /** Seconds since the epoch by the host's wall clock, for clock skew. */
  wallClockSeconds: number;
  lease: HostLease | null;
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

/** The lease as a host stores it. A released lease may be taken by anyone, with a higher epoch. */
export interface HostLease extends Lease {
  held: boolean;
}
