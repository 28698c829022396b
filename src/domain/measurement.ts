/** One look at the whole cluster, as gates judge it; taken by an activity, never stored in a history. */
import type { MetadataView, NodeGauges, NodeId } from './cluster';

export interface ClusterMeasurement {
  /** All nodes that the definition names. */
  expectedNodes: NodeId[];
  /** Answers of the brokers that were asked; caches may differ, so a gate believes the worst. */
  views: MetadataView[];
  /** Brokers that were asked and did not answer. */
  unreachable: { nodeId: NodeId; why: string }[];
  /** Effective min.insync.replicas by topic; a topic that is not here is unmeasurable. */
  minInsyncReplicas: Record<string, number>;
  /** Fresh gauges by node; null when there is no fresh sample. */
  gauges: Record<NodeId, NodeGauges | null>;
  /** Why a node has no sample. */
  gaugeTrouble: Record<NodeId, string | null>;
}

/** The active controller as the brokers agree on it now; null when they don't, or there is none. */
export const agreedController = (views: readonly MetadataView[]): NodeId | null => {
  const [first, ...others] = views.map((view) => view.controllerId);
  return first !== undefined && others.every((other) => other === first) ? first : null;
};
