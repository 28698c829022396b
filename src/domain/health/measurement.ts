/** One look at the whole cluster, as gates judge it; taken by an activity, never stored in a history. */
import { nodeWords } from '../cluster/node-words';
import type { ClusterMode, MetadataView, NodeGauges, NodeId, PartitionState, QuorumView } from '../cluster/cluster';

export interface ClusterMeasurement {
  mode: ClusterMode;
  /** All brokers that the definition names. */
  brokers: NodeId[];
  /** All KRaft controllers that it names, combined nodes too; none in ZooKeeper mode. */
  controllers: NodeId[];
  /** Answers of the brokers that were asked; caches may differ, so a gate believes the worst. */
  views: MetadataView[];
  /** Brokers that were asked and did not answer. */
  unreachable: { nodeId: NodeId; why: string }[];
  /** KRaft: the controller quorum; null when it could not be read. */
  quorum: QuorumView | null;
  quorumTrouble: string | null;
  /** Effective min.insync.replicas by topic; a topic that is not here is unmeasurable. */
  minInsyncReplicas: Record<string, number>;
  /** Fresh gauges by node; null when there is no fresh sample. */
  gauges: Record<NodeId, NodeGauges | null>;
  /** Why a node has no sample. */
  gaugeTrouble: Record<NodeId, string | null>;
}

/** In ZooKeeper mode the active controller as the brokers agree on it now; null when they don't, or there is none. */
const agreedController = (views: readonly MetadataView[]): NodeId | null => {
  const [first, ...others] = views.map((view) => view.controllerId);
  return first !== undefined && others.every((other) => other === first) ? first : null;
};

/**
 * The active controller now; null when there is none or it is not known for certain. On KRaft it is the leader of the
 * quorum: the controller of a Metadata answer is any broker there (KIP-590).
 */
export const activeController = ({
  mode,
  views,
  quorum,
}: Pick<ClusterMeasurement, 'mode' | 'views' | 'quorum'>): NodeId | null =>
  mode === 'kraft' ? (quorum?.leaderId ?? null) : agreedController(views);

/** Every node once: brokers and the controllers that are none. */
export const allNodes = ({ brokers, controllers }: Pick<ClusterMeasurement, 'brokers' | 'controllers'>): NodeId[] => [
  ...new Set([...brokers, ...controllers]),
];

/** The topics of these views, each once. */
export const topicsOf = (views: readonly Pick<MetadataView, 'partitions'>[]): string[] => {
  const topics = new Set<string>();
  for (const { partitions } of views) for (const { topic } of partitions) topics.add(topic);
  return [...topics];
};

/** A partition without this node's replica; itself where it has none there: of a large cluster only a few change. */
const withoutReplica = (partition: PartitionState, nodeId: NodeId): PartitionState => {
  const { replicas, isr } = partition;
  if (!replicas.includes(nodeId)) return partition;
  const other = (id: NodeId): boolean => id !== nodeId;
  return { ...partition, replicas: replicas.filter(other), isr: isr.filter(other) };
};

/**
 * The same look as if this node and its replicas were not part of the cluster: what is left must be whole by itself. The
 * gauges count its missing replicas, too, so where every other replica is in sync their count is taken as met.
 */
export const withoutNode = (measurement: ClusterMeasurement, nodeId: NodeId): ClusterMeasurement => {
  const other = (id: NodeId): boolean => id !== nodeId;
  const views = measurement.views
    .filter(({ observedBy }) => other(observedBy))
    .map((view) => ({
      ...view,
      partitions: view.partitions.map((partition) => withoutReplica(partition, nodeId)),
    }));
  const whole = views.every(({ partitions }) => partitions.every(({ replicas, isr }) => isr.length >= replicas.length));
  const gauges = Object.fromEntries(
    Object.entries(measurement.gauges).map(([id, node]) => [
      id,
      node === null || !whole ? node : { ...node, underReplicatedPartitions: 0 },
    ]),
  );
  return {
    ...measurement,
    brokers: measurement.brokers.filter(other),
    controllers: measurement.controllers.filter(other),
    quorum:
      measurement.quorum === null
        ? null
        : { ...measurement.quorum, voters: measurement.quorum.voters.filter(({ id }) => other(id)) },
    views,
    unreachable: measurement.unreachable.filter((entry) => other(entry.nodeId)),
    gauges,
  };
};

/** A node of the measurement in a sentence. */
export const measuredNode = ({ brokers }: Pick<ClusterMeasurement, 'brokers'>, nodeId: NodeId): string =>
  nodeWords(brokers.includes(nodeId) ? ['broker'] : ['controller'], nodeId);
