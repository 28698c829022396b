/**
 * Which partitions would suffer if this node stopped now? (Invariant I1; min.insync.replicas is what acks=all needs.)
 *
 * For every partition that has a replica on the node:
 *   1. remaining = |ISR without the node|; possible = |replicas without the node|.
 *   2. A partition without a leader blocks, unless rule 3 excuses it.
 *   3. possible < min.insync.replicas (one replica, or as many as the minimum): no roll can keep it writable. It blocks,
 *      unless its topic was accepted by name; and even then every other replica must be in sync.
 *   4. Otherwise remaining must be at least min.insync.replicas + margin. Where the replication factor leaves no room
 *      for the whole margin, the margin is capped at possible - min.insync.replicas, and the sentence says so.
 *
 * Properties that must hold:
 *   H1. When nothing blocks, removing the node leaves every partition whose topic was not accepted with
 *       |ISR| >= min.insync.replicas, and with a leader it can elect.
 *   H2. Monotone: taking a broker out of an ISR never makes a blocking partition pass.
 *   H3. Partitions without a replica on the node never block.
 *   H4. Acceptance excuses only what no roll can avoid, never an out-of-sync replica.
 */
import type { NodeId, PartitionState } from './cluster';

export interface AvailabilityRules {
  partitions: readonly PartitionState[];
  /** Effective min.insync.replicas of a topic. */
  minInsyncReplicas: (topic: string) => number;
  /** In-sync replicas wanted beyond min.insync.replicas. */
  margin: number;
  /** Names of topics whose unavailability a person accepted. */
  accepted: readonly string[];
}

export interface BlockingPartition extends PartitionState {
  minIsr: number;
  /** In-sync replicas that would remain. */
  remaining: number;
  kind: 'offline' | 'below-min-isr' | 'can-never-be-safe';
  /** What was seen, with the numbers. */
  sentence: string;
}

/** A partition that no one-at-a-time roll can keep writable, and why. */
export interface UnprotectablePartition {
  topic: string;
  partition: number;
  replicationFactor: number;
  minIsr: number;
}

const list = (ids: readonly NodeId[]): string => (ids.length === 0 ? 'none' : ids.join(','));

const without = (ids: readonly NodeId[], nodeId: NodeId): number => {
  let count = 0;
  for (const id of ids) if (id !== nodeId) count++;
  return count;
};

interface Shortage {
  kind: BlockingPartition['kind'];
  remaining: number;
  /** What follows from the numbers. */
  because: string;
}

interface StopCase {
  nodeId: NodeId;
  minIsr: number;
  margin: number;
  accepted: boolean;
}

/** A partition that no roll can keep at its minimum: rule 3. */
const judgeUnprotectable = (partition: PartitionState, { nodeId, minIsr, accepted }: StopCase): Shortage | null => {
  const remaining = without(partition.isr, nodeId);
  const possible = without(partition.replicas, nodeId);
  if (!accepted) {
    const because = `min.insync.replicas is ${minIsr}, which ${partition.replicas.length} replicas can never keep; accept it by name or raise its replication factor`;
    return { kind: 'can-never-be-safe', remaining, because };
  }
  if (remaining >= possible) return null;
  return {
    kind: 'below-min-isr',
    remaining,
    because: `its unavailability was accepted, but not with ${possible - remaining} of its other replicas out of sync`,
  };
};

/** Rules 2 to 4 for one partition of the node; null when it does not block. */
const judge = (partition: PartitionState, stop: StopCase): Shortage | null => {
  const { nodeId, minIsr, margin } = stop;
  const possible = without(partition.replicas, nodeId);
  if (possible < minIsr) return judgeUnprotectable(partition, stop);
  const remaining = without(partition.isr, nodeId);
  if (partition.leader === null) return { kind: 'offline', remaining, because: 'it has no leader' };
  const room = possible - minIsr;
  const needed = minIsr + Math.min(margin, room);
  if (remaining >= needed) return null;
  const capped = margin > room ? `, capped to ${room} by the replication factor` : '';
  const extra = margin > 0 ? ` and the margin is ${margin}${capped}` : '';
  return { kind: 'below-min-isr', remaining, because: `min.insync.replicas is ${minIsr}${extra}` };
};

const sentenceOf = (partition: PartitionState, nodeId: NodeId, { remaining, because }: Shortage): string => {
  const { topic, isr, replicas } = partition;
  const seen = `ISR ${list(isr)} of replicas ${list(replicas)}`;
  return `${topic}-${partition.partition}: ${seen}; without node ${nodeId} there would be ${remaining} in sync, ${because}`;
};

/** Partitions that forbid stopping this node now; empty means it may be stopped as far as replicas are concerned. */
export const availabilityWithout = (nodeId: NodeId, rules: AvailabilityRules): BlockingPartition[] => {
  const { partitions, minInsyncReplicas, margin } = rules;
  const accepted = new Set(rules.accepted);
  const blocking: BlockingPartition[] = [];
  for (const partition of partitions) {
    if (!partition.replicas.includes(nodeId)) continue;
    const minIsr = minInsyncReplicas(partition.topic);
    const shortage = judge(partition, { nodeId, minIsr, margin, accepted: accepted.has(partition.topic) });
    if (shortage === null) continue;
    const { kind, remaining } = shortage;
    blocking.push({ ...partition, minIsr, remaining, kind, sentence: sentenceOf(partition, nodeId, shortage) });
  }
  return blocking;
};

/** A partition as Kafka's tools write it. */
export const partitionName = ({ topic, partition }: Pick<PartitionState, 'topic' | 'partition'>): string =>
  `${topic}-${partition}`;

/** Partitions without a leader: nobody can read or write them. */
export const offline = (partitions: readonly PartitionState[]): PartitionState[] =>
  partitions.filter(({ leader }) => leader === null);

/** Partitions with a replica that is not in sync. */
export const underReplicated = (partitions: readonly PartitionState[]): PartitionState[] =>
  partitions.filter(({ isr, replicas }) => isr.length < replicas.length);

/** Partitions that refuse acks=all writes now. */
export const underMinIsr = (
  partitions: readonly PartitionState[],
  minInsyncReplicas: (topic: string) => number,
): PartitionState[] => partitions.filter(({ topic, isr }) => isr.length < minInsyncReplicas(topic));

/** Partitions that refuse acks=all writes as soon as one more replica falls behind. */
export const atMinIsr = (
  partitions: readonly PartitionState[],
  minInsyncReplicas: (topic: string) => number,
): PartitionState[] => partitions.filter(({ topic, isr }) => isr.length === minInsyncReplicas(topic));

/** Partitions that cannot keep min.insync.replicas while any one of their nodes is down, however healthy they are. */
export const unprotectable = (
  partitions: readonly PartitionState[],
  minInsyncReplicas: (topic: string) => number,
): UnprotectablePartition[] =>
  partitions.flatMap(({ topic, partition, replicas }) => {
    const minIsr = minInsyncReplicas(topic);
    return replicas.length - 1 < minIsr ? [{ topic, partition, replicationFactor: replicas.length, minIsr }] : [];
  });

/** Partitions of this node that it is not in sync with. */
export const outOfSyncReplicasOf = (nodeId: NodeId, partitions: readonly PartitionState[]): PartitionState[] =>
  partitions.filter(({ replicas, isr }) => replicas.includes(nodeId) && !isr.includes(nodeId));
