import type { NodeId, PartitionState } from '../../src/domain/cluster/cluster';

interface PartitionInput {
  replicas: NodeId[];
  /** Default: the first in-sync replica. */
  leader?: NodeId | null;
  /** Default: all replicas. */
  isr?: NodeId[];
}

interface TopicBuilder {
  /** Adds the next partition of this topic. */
  partition(input: PartitionInput): TopicBuilder;
  addTopic(topic: string, minIsr?: number): TopicBuilder;
  build(): BuiltCluster;
}

export interface BuiltCluster {
  partitions: PartitionState[];
  minInsyncReplicas: (topic: string) => number;
}

const fail = (message: string): never => {
  throw new Error(`cluster-builder: ${message}`);
};

const check = (state: PartitionState): PartitionState => {
  const name = `${state.topic}-${state.partition}`;
  const { replicas, isr, leader } = state;
  if (replicas.length === 0) fail(`${name} has no replicas`);
  if (new Set(replicas).size !== replicas.length) fail(`${name} has a replica twice`);
  if (new Set(isr).size !== isr.length) fail(`${name} has an in-sync replica twice`);
  const stranger = isr.find((id) => !replicas.includes(id));
  if (stranger !== undefined) fail(`${name}: in-sync node ${stranger} is no replica`);
  if (leader !== null && !isr.includes(leader)) fail(`${name}: leader ${leader} is not in sync`);
  return state;
};

/**
 * Builds partitions as a broker would report them, and refuses what Kafka could not report: a leader outside the ISR, an
 * ISR outside the replicas, a topic twice.
 */
export const clusterBuilder = (): Pick<TopicBuilder, 'addTopic' | 'build'> => {
  const partitions: PartitionState[] = [];
  const minIsrs = new Map<string, number>();
  const build = (): BuiltCluster => ({
    partitions,
    minInsyncReplicas: (topic) => minIsrs.get(topic) ?? fail(`topic ${topic} was not added`),
  });
  const addTopic = (topic: string, minIsr = 1): TopicBuilder => {
    if (minIsrs.has(topic)) fail(`topic ${topic} is added twice`);
    minIsrs.set(topic, minIsr);
    let next = 0;
    const builder: TopicBuilder = {
      partition: ({ replicas, isr = replicas, leader = isr[0] ?? null }) => {
        partitions.push(check({ topic, partition: next++, leader, replicas, isr }));
        return builder;
      },
      addTopic,
      build,
    };
    return builder;
  };
  return { addTopic, build };
};
