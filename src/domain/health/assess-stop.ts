/**
 * May this node be stopped now? (Invariant I1, measured right before the stop.)
 *
 *   1. The cluster is whole (assess-cluster).
 *   2. On KRaft, a caught-up majority of voters remains without this node (assess-quorum).
 *   3. For every partition on this node, the in-sync replicas without it are at least min.insync.replicas + margin,
 *      in every broker's view. Partitions that can never satisfy this must have been accepted by name.
 *   4. In a rollback, a node that is itself the only reason why the cluster is not whole may be stopped: everything else
 *      is whole, and 2 and 3 hold.
 *
 * Properties that must hold:
 *   I1a. Nothing is stopped while another node is down, under-replicated or unmeasurable.
 *   I1b. No stop takes a partition that was not accepted under its min.insync.replicas.
 */
import { checkCluster } from './assess-cluster';
import { checkQuorumWithout } from './assess-quorum';
import type { NodeId } from '../cluster/cluster';
import { failed, inconclusive, someOf, successful, verdictOf } from './gate';
import type { GateCheck, GateVerdict } from './gate';
import { measuredNode, topicsOf, withoutNode } from './measurement';
import type { ClusterMeasurement } from './measurement';
import { availabilityWithout } from '../cluster/partition-health';

export interface StopRules {
  nodeId: NodeId;
  minIsrMargin: number;
  /** What a person accepted by name: topics, and the fragile quorum. */
  accepted: readonly string[];
  /** This node may itself be why the cluster is not whole (a rollback): then its own deficits do not count. */
  maybeSick: boolean;
}

const name = 'availability without this node';

const checkAvailability = (measurement: ClusterMeasurement, rules: StopRules): GateCheck => {
  const { nodeId, minIsrMargin, accepted } = rules;
  const { views } = measurement;
  const known = new Map(Object.entries(measurement.minInsyncReplicas));
  // What no broker could keep in sync: it would block the stop, were it not told apart first.
  const minInsyncReplicas = (topic: string): number => known.get(topic) ?? Number.POSITIVE_INFINITY;
  const unknown = topicsOf(views).filter((topic) => minInsyncReplicas(topic) === Number.POSITIVE_INFINITY);
  if (unknown.length > 0) return inconclusive(name, `min.insync.replicas is not known for topic ${someOf(unknown)}`);
  const blocking = views.flatMap((view) =>
    availabilityWithout(nodeId, { partitions: view.partitions, minInsyncReplicas, margin: minIsrMargin, accepted }),
  );
  if (blocking.length === 0) {
    return successful(
      name,
      `every partition keeps min.insync.replicas + ${minIsrMargin} without ${measuredNode(measurement, nodeId)}`,
    );
  }
  const hopeless = blocking.filter(({ kind }) => kind === 'can-never-be-safe').map(({ topic }) => topic);
  return {
    ...failed(name, someOf([...new Set(blocking.map((partition) => partition.sentence))], 3)),
    ...(hopeless.length === 0 ? {} : { acceptable: [...new Set(hopeless)] }),
  };
};

const checkWithout = (measurement: ClusterMeasurement, rules: StopRules): GateCheck[] => [
  ...(measurement.mode === 'kraft' ? [checkQuorumWithout(rules.nodeId, measurement, rules.accepted)] : []),
  checkAvailability(measurement, rules),
];

/** The verdict on stopping one node now. */
export const assessStop = (measurement: ClusterMeasurement, rules: StopRules): GateVerdict => {
  const verdict = verdictOf([...checkCluster(measurement), ...checkWithout(measurement, rules)]);
  if (verdict.status === 'successful' || !rules.maybeSick) return verdict;
  const others = withoutNode(measurement, rules.nodeId);
  const sick = verdictOf([...checkCluster(others), ...checkWithout(measurement, rules)]);
  return sick.status === 'successful'
    ? { ...sick, message: `node ${rules.nodeId} itself is why the cluster is not whole; without it: ${sick.message}` }
    : verdict;
};
