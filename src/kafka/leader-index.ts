import type { MetadataView, NodeId } from '../domain/cluster/cluster';

interface PartitionRef {
  topic: string;
  partition: number;
}

/** One pass over a view, kept for as long as the view itself: a large cluster's end offsets are read every second. */
const indexes = new WeakMap<MetadataView, Map<string, Map<number, NodeId>>>();

const indexOf = (view: MetadataView): Map<string, Map<number, NodeId>> => {
  const known = indexes.get(view);
  if (known) return known;
  const index = new Map<string, Map<number, NodeId>>();
  for (const { topic, partition, leader } of view.partitions) {
    if (leader === null) continue;
    const leaders = index.get(topic) ?? new Map<number, NodeId>();
    if (leaders.size === 0) index.set(topic, leaders);
    leaders.set(partition, leader);
  }
  indexes.set(view, index);
  return index;
};

/** Which leader is to be asked for which partitions? Partitions without a leader are left out. */
export const partitionsByLeader = (
  view: MetadataView,
  partitions: readonly PartitionRef[],
): Map<NodeId, Map<string, number[]>> => {
  const index = indexOf(view);
  const byLeader = new Map<NodeId, Map<string, number[]>>();
  for (const { topic, partition } of partitions) {
    const leader = index.get(topic)?.get(partition);
    if (leader === undefined) continue;
    const topics = byLeader.get(leader) ?? new Map<string, number[]>();
    if (topics.size === 0) byLeader.set(leader, topics);
    const ids = topics.get(topic);
    if (ids) ids.push(partition);
    else topics.set(topic, [partition]);
  }
  return byLeader;
};
