import type { NodeId } from '../domain/cluster/cluster';

/** What Kafka may do with a level that is lower than the finalized one (FeatureUpdate.UpgradeType; KIP-778). */
export type FeatureUpdateKind = 'upgrade' | 'safe-downgrade';

/** One feature of the cluster to a level; 0 removes it. */
export interface FeatureUpdate {
  feature: string;
  level: number;
  kind: FeatureUpdateKind;
  /** True only asks whether the controller would accept it. */
  validateOnly: boolean;
}

/** One record without a key, and where it belongs. */
export interface TopicRecord {
  topic: string;
  partition: number;
  value: string;
}

/**
 * The few changes of a cluster that go through the Kafka protocol. Each is sent to a named broker, which forwards it to
 * the active controller. All reject with `BrokerUnreachable` when it could not be sent, with `OutcomeUnknown` when it was and
 * no answer came (nothing is sent twice: whoever asked looks first), and with `ClusterRefused` and Kafka's own words when the
 * controller says no.
 */
export interface KafkaAdmin {
  updateFeature(askNode: NodeId, update: FeatureUpdate, signal?: AbortSignal): Promise<void>;
  /**
   * Makes the preferred replica of each partition its leader again (KIP-460); topic → partitions. In ZooKeeper mode the
   * active controller must be asked. An election that is not needed is well.
   */
  electPreferredLeaders(
    askNode: NodeId,
    partitions: ReadonlyMap<string, readonly number[]>,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Writes one record with acks=all to a partition that `leader` leads; resolves to its offset. */
  writeRecord(leader: NodeId, record: TopicRecord, signal?: AbortSignal): Promise<number>;
  /** Sets one value that holds for all brokers without one of their own (kafka-configs --entity-default). */
  setClusterDefault(askNode: NodeId, name: string, value: string, signal?: AbortSignal): Promise<void>;
}
