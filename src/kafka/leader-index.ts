import type { MetadataView, NodeId, PartitionState } from '../domain/cluster/cluster';
import type { PartitionsByTopic } from './kafka-reader';

/** Partitions to ask one broker about, in two lists of the same length: all of a topic follow each other. */
export interface AskedPartitions {
  topics: string[];
  partitions: number[];
}

type Leaders = Map<string, (NodeId | null)[]>;

/**
 * One pass over the partitions of a view, kept for as long as they are: views in which nothing changed share them, and a large
 * cluster's end offsets are read every second.
 */
const indexes = new WeakMap<readonly PartitionState[], Leaders>();

const indexOf = ({ partitions }: MetadataView): Leaders => {
  const known = indexes.get(partitions);
  if (known) return known;
  const index: Leaders = new Map();
  for (const { topic, partition, leader } of partitions) {
    const leaders = index.get(topic) ?? [];
    if (leaders.length === 0) index.set(topic, leaders);
    leaders[partition] = leader;
  }
  indexes.set(partitions, index);
  return index;
};

/** Does this partition exist in the view? */
export const existsIn = (view: MetadataView, topic: string, partition: number): boolean =>
  indexOf(view).get(topic)?.[partition] !== undefined;

const listFor = (byLeader: Map<NodeId, AskedPartitions>, leader: NodeId): AskedPartitions => {
  const known = byLeader.get(leader);
  if (known) return known;
  const list: AskedPartitions = { topics: [], partitions: [] };
  byLeader.set(leader, list);
  return list;
};

/** Which leader is to be asked for which partitions? Partitions without a leader are left out. */
export const partitionsByLeader = (view: MetadataView, wanted: PartitionsByTopic): Map<NodeId, AskedPartitions> => {
  const index = indexOf(view);
  const byLeader = new Map<NodeId, AskedPartitions>();
  for (const [topic, partitions] of wanted) {
    const leaders = index.get(topic);
    for (let partition = 0; leaders !== undefined && partition < partitions.length; partition += 1) {
      const leader = leaders[partition] ?? null;
      if (partitions[partition] === undefined || leader === null) continue;
      const list = listFor(byLeader, leader);
      list.topics.push(topic);
      list.partitions.push(partition);
    }
  }
  return byLeader;
};
