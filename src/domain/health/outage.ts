import type { NodeId, PartitionState } from '../cluster/cluster';
import { someOf } from './gate';
import { offline, underReplicated } from '../cluster/partition-health';

const names = (partitions: readonly PartitionState[]): string =>
  someOf(partitions.map(({ topic, partition }) => `${topic}-${partition}`));

/** What brokers that do not answer mean for the cluster, as one of the others sees it, in words for an operator. */
export const describeOutage = (
  down: readonly { nodeId: NodeId; why: string }[],
  partitions: readonly PartitionState[],
): string => {
  const leaderless = offline(partitions);
  const lagging = underReplicated(partitions).filter(({ leader }) => leader !== null);
  const ids = someOf(down.map(({ nodeId }) => nodeId).sort((a, b) => a - b));
  return [
    `No plan can be made while broker ${ids} does not answer (${down.map(({ why }) => why.replace(/\.$/, '')).join('; ')}).`,
    ...(leaderless.length === 0 ? [] : [`Without a leader: ${names(leaderless)}.`]),
    ...(lagging.length === 0 ? [] : [`Under-replicated: ${names(lagging)}.`]),
  ].join(' ');
};
