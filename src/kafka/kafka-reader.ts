import type { ConfigValue, FeatureView, MetadataView, NodeId, QuorumView } from '../domain/cluster/cluster';
import type { LogDirectory, Reassignment } from '../domain/checks/risk-facts';

/** Offsets by topic; the index is the partition, and a hole is an offset that is not there or was not told. */
export type OffsetsByTopic = ReadonlyMap<string, readonly (number | undefined)[]>;

/** Partitions by topic: those at whose index there is something. */
export type PartitionsByTopic = ReadonlyMap<string, readonly unknown[]>;

/** A consumer group and the broker that coordinates it. */
export interface ListedGroup {
  groupId: string;
  /** `consumer` for consumer groups; others (connect, share, …) are told by their name. */
  protocolType: string;
  coordinator: NodeId;
}

/**
 * Reads a cluster through the Kafka protocol over warm connections, one per broker, each request sent to a *named*
 * broker. Never goes blind on a leaderless partition: per-partition errors are data here.
 * All methods reject with `BrokerUnreachable` (see domain/failure) when that broker does not answer in time.
 */
export interface KafkaReader {
  /** All topics and brokers as `nodeId` sees them now. */
  metadata(nodeId: NodeId, signal?: AbortSignal): Promise<MetadataView>;
  /** Configuration of the *running* broker `nodeId`, asked of itself; `names` limits the answer. */
  brokerConfig(nodeId: NodeId, names?: string[], signal?: AbortSignal): Promise<Record<string, ConfigValue>>;
  /** One setting of many topics, as effective value (override or default): topic → value. */
  topicConfig(
    askNode: NodeId,
    topics: string[],
    name: string,
    signal?: AbortSignal,
  ): Promise<Record<string, ConfigValue>>;
  /** The values that hold for all brokers without one of their own (the dynamic cluster default); unset ones are absent. */
  clusterDefaults(askNode: NodeId, names: string[], signal?: AbortSignal): Promise<Record<string, ConfigValue>>;
  /** The controller quorum, asked through any broker (which forwards it) or the active controller itself. KRaft only. */
  quorum(nodeId: NodeId, signal?: AbortSignal): Promise<QuorumView>;
  /** The finalized features as this node, broker or controller, knows them. */
  features(nodeId: NodeId, signal?: AbortSignal): Promise<FeatureView>;
  /** The log directories of this broker and the error of each (0 is none). */
  logDirectories(nodeId: NodeId, signal?: AbortSignal): Promise<LogDirectory[]>;
  /** Partitions that are being moved; in ZooKeeper mode the active controller must be asked. */
  reassignments(nodeId: NodeId, signal?: AbortSignal): Promise<Reassignment[]>;
  /** Consumer groups whose coordinator is `nodeId`. */
  groups(nodeId: NodeId, signal?: AbortSignal): Promise<ListedGroup[]>;
  /** Committed offsets of one group (partitions without a commit are left out), asked of its coordinator. */
  committedOffsets(group: ListedGroup, signal?: AbortSignal): Promise<OffsetsByTopic>;
  /**
   * Log end offsets of the partitions, asked of their leaders as `view` names them. A partition without leader or with an
   * error is left out of the answer.
   */
  logEndOffsets(view: MetadataView, partitions: PartitionsByTopic, signal?: AbortSignal): Promise<OffsetsByTopic>;
  /** The value of the record at this offset, asked of the partition's leader; null when there is none (yet). */
  readRecord(
    leader: NodeId,
    at: { topic: string; partition: number; offset: number },
    signal?: AbortSignal,
  ): Promise<string | null>;
  /** Drops the connection to one broker (it is being restarted); the next request connects anew. */
  forget(nodeId: NodeId): Promise<void>;
  close(): Promise<void>;
}
