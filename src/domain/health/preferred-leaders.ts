/**
 * Does a restarted broker lead again what prefers it? The first replica of a partition is its preferred leader; Kafka itself
 * hands leaderships back every 5 minutes, and only when more than 10 % are away (auto.leader.rebalance.enable).
 */
import type { MetadataView, NodeId, PartitionState } from '../cluster/cluster';
import { inconclusive, someOf, successful } from './gate';
import type { GateCheck } from './gate';

/** Partitions that prefer this broker, have it in sync, and are led by another. */
export const ledElsewhere = (nodeId: NodeId, partitions: readonly PartitionState[]): PartitionState[] =>
  partitions.filter(
    ({ replicas, isr, leader }) =>
      replicas[0] === nodeId && isr.includes(nodeId) && leader !== null && leader !== nodeId,
  );

/** The view in which the most partitions are led elsewhere: caches lag behind, so the worst one counts. */
const worstView = (nodeId: NodeId, views: readonly MetadataView[]): PartitionState[] =>
  views
    .map(({ partitions }) => ledElsewhere(nodeId, partitions))
    .reduce((worst, away) => (away.length > worst.length ? away : worst), []);

/** Inconclusive while any partition that prefers the broker is led by another; `refusal` says why the election failed. */
export const checkPreferredLeaders = (
  nodeId: NodeId,
  views: readonly MetadataView[],
  refusal: string | null,
): GateCheck => {
  const name = 'preferred leaders';
  const away = worstView(nodeId, views);
  const preferring = views[0]?.partitions.filter(({ replicas }) => replicas[0] === nodeId).length ?? 0;
  if (away.length === 0) return successful(name, `broker ${nodeId} leads the ${preferring} partitions that prefer it`);
  const names = someOf(away.map(({ topic, partition }) => `${topic}-${partition}`));
  const why = refusal === null ? '' : ` (${refusal})`;
  return inconclusive(name, `${away.length} partitions that prefer broker ${nodeId} are led by others: ${names}${why}`);
};
