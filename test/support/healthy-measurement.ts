import type {
  MetadataView,
  NodeGauges,
  NodeId,
  PartitionState,
  QuorumReplica,
  QuorumView,
} from '../../src/domain/cluster/cluster';
import type { ClusterMeasurement } from '../../src/domain/health/measurement';

export const goodGauges: NodeGauges = {
  sampledAtMs: 1,
  underReplicatedPartitions: 0,
  offlinePartitions: 0,
  activeControllers: 0,
  brokerState: 3,
  version: '3.7.2',
};

export const viewOf = (observedBy: NodeId, nodes: readonly NodeId[], partitions: PartitionState[]): MetadataView => ({
  observedBy,
  clusterId: 'cluster-A',
  controllerId: nodes[0] ?? null,
  brokers: nodes.map((id) => ({ id, host: `10.0.0.${id}`, port: 9092, rack: null })),
  partitions,
});

/** A partition with every replica in sync. */
export const partitionOf = (topic: string, replicas: NodeId[], partition = 0): PartitionState => ({
  topic,
  partition,
  leader: replicas[0] ?? null,
  replicas,
  isr: replicas,
});

/** A whole cluster as every broker sees it. */
export const healthy = (
  nodes: NodeId[] = [1, 2, 3],
  partitions: PartitionState[] = [partitionOf('orders', nodes.slice(0, 3))],
  minInsyncReplicas: Record<string, number> = { orders: Math.min(2, nodes.length) },
): ClusterMeasurement => ({
  mode: 'zookeeper',
  brokers: nodes,
  controllers: [],
  views: nodes.map((id) => viewOf(id, nodes, partitions)),
  unreachable: [],
  quorum: null,
  quorumTrouble: null,
  minInsyncReplicas,
  gauges: Object.fromEntries(nodes.map((id) => [id, goodGauges])),
  gaugeTrouble: Object.fromEntries(nodes.map((id) => [id, null])),
});

/** A quorum whose voters all have everything; the first leads. */
export const quorumOf = (voters: NodeId[], overrides: Partial<QuorumView> = {}): QuorumView => ({
  observedBy: 1,
  leaderId: voters[0] ?? null,
  leaderEpoch: 3,
  highWatermark: 1_000,
  voters: voters.map((id) => ({ id, logEndOffset: 1_000, lastFetchMs: 50_000, lastCaughtUpMs: 50_000 })),
  observers: [],
  ...overrides,
});

/** The quorum with one voter changed. */
export const withVoter = (quorum: QuorumView, id: NodeId, change: Partial<QuorumReplica>): QuorumView => ({
  ...quorum,
  voters: quorum.voters.map((voter) => (voter.id === id ? { ...voter, ...change } : voter)),
});

/** A whole KRaft cluster: combined nodes, or controllers of their own. */
export const healthyKraft = (brokers: NodeId[] = [1, 2, 3], controllers: NodeId[] = brokers): ClusterMeasurement => {
  const all = [...new Set([...brokers, ...controllers])];
  return {
    ...healthy(brokers),
    mode: 'kraft',
    controllers,
    quorum: quorumOf(controllers),
    gauges: Object.fromEntries(all.map((id) => [id, goodGauges])),
    gaugeTrouble: Object.fromEntries(all.map((id) => [id, null])),
  };
};
