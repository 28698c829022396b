import fc from 'fast-check';
import type { PartitionState } from '../../../src/domain/cluster/cluster';
import {
  atMinIsr,
  availabilityWithout,
  offline,
  outOfSyncReplicasOf,
  underMinIsr,
  underReplicated,
  unprotectable,
} from '../../../src/domain/cluster/partition-health';
import { type BuiltCluster, clusterBuilder } from '../../support/cluster-builder';

const ask = (cluster: BuiltCluster, nodeId: number, rules: { margin?: number; accepted?: string[] } = {}) =>
  availabilityWithout(nodeId, { ...cluster, margin: rules.margin ?? 0, accepted: rules.accepted ?? [] });

const one = (minIsr: number, partition: { replicas: number[]; isr?: number[]; leader?: number | null }): BuiltCluster =>
  clusterBuilder().addTopic('orders', minIsr).partition(partition).build();

describe('stopping a node', () => {
  it('is allowed when every partition keeps its minimum without it', () => {
    expect(ask(one(2, { replicas: [1, 2, 3] }), 2)).toEqual([]);
  });

  it('is refused when the minimum would be missed, and the sentence has the numbers', () => {
    const [blocking] = ask(one(2, { replicas: [1, 2, 3], isr: [1, 2] }), 2);
    expect(blocking).toMatchObject({ topic: 'orders', partition: 0, minIsr: 2, remaining: 1, kind: 'below-min-isr' });
    expect(blocking?.sentence).toBe(
      'orders-0: ISR 1,2 of replicas 1,2,3; without node 2 there would be 1 in sync, min.insync.replicas is 2',
    );
  });

  it('is refused with exactly one replica too few and allowed with exactly enough', () => {
    expect(ask(one(1, { replicas: [1, 2, 3], isr: [2] }), 2)).toHaveLength(1);
    expect(ask(one(1, { replicas: [1, 2, 3], isr: [2, 3] }), 2)).toHaveLength(0);
  });

  it('does not count on a node that is already out of the ISR', () => {
    expect(ask(one(2, { replicas: [1, 2, 3], isr: [1, 3] }), 2)).toEqual([]);
  });

  it('does not look at partitions that have no replica on the node', () => {
    expect(ask(one(2, { replicas: [1, 3], isr: [1] }), 2)).toEqual([]);
  });

  it('wants the margin on top of the minimum', () => {
    const cluster = one(1, { replicas: [1, 2, 3, 4], isr: [1, 2] });
    expect(ask(cluster, 2)).toEqual([]);
    expect(ask(cluster, 2, { margin: 1 })[0]?.sentence).toBe(
      'orders-0: ISR 1,2 of replicas 1,2,3,4; without node 2 there would be 1 in sync, min.insync.replicas is 1 and the margin is 1',
    );
  });

  it('caps the margin at what the replication factor leaves room for, and says so', () => {
    expect(ask(one(2, { replicas: [1, 2, 3] }), 2, { margin: 1 })).toEqual([]);
    expect(ask(one(2, { replicas: [1, 2, 3], isr: [1, 2] }), 2, { margin: 1 })[0]?.sentence).toContain(
      'min.insync.replicas is 2 and the margin is 1, capped to 0 by the replication factor',
    );
  });

  it('is refused for a partition without leader, even with enough in-sync replicas on paper', () => {
    const [blocking] = ask(one(1, { replicas: [1, 2], isr: [1], leader: null }), 2);
    expect(blocking).toMatchObject({ kind: 'offline', remaining: 1 });
    expect(blocking?.sentence).toContain('it has no leader');
  });
});

describe('the verdict on one partition', () => {
  interface Case {
    minIsr: number;
    replicas: number[];
    isr?: number[];
    leader?: null;
    margin?: number;
    accepted?: string[];
  }

  it.each<[string, Case, null | [kind: string, because: string]]>([
    ['at its minimum', { minIsr: 2, replicas: [1, 2, 3], isr: [1, 2] }, ['below-min-isr', 'min.insync.replicas is 2']],
    ['above its minimum', { minIsr: 2, replicas: [1, 2, 3] }, null],
    ['at its minimum without the node, which is behind', { minIsr: 2, replicas: [1, 2, 3], isr: [1, 3] }, null],
    [
      'under its minimum already',
      { minIsr: 2, replicas: [1, 2, 3], isr: [3] },
      ['below-min-isr', 'min.insync.replicas is 2'],
    ],
    [
      'within the margin',
      { minIsr: 1, replicas: [1, 2, 3], isr: [1, 2], margin: 1 },
      ['below-min-isr', 'min.insync.replicas is 1 and the margin is 1'],
    ],
    ['with exactly the margin', { minIsr: 1, replicas: [1, 2, 3], margin: 1 }, null],
    [
      'within a margin that the replication factor caps',
      { minIsr: 1, replicas: [1, 2, 3], isr: [1, 2], margin: 5 },
      ['below-min-isr', 'min.insync.replicas is 1 and the margin is 5, capped to 1 by the replication factor'],
    ],
    [
      'without a leader',
      { minIsr: 1, replicas: [1, 2, 3], isr: [1, 3], leader: null },
      ['offline', 'it has no leader'],
    ],
    [
      'without a leader, though its topic was accepted',
      { minIsr: 1, replicas: [1, 2, 3], isr: [1, 3], leader: null, accepted: ['orders'] },
      ['offline', 'it has no leader'],
    ],
    [
      'with a single replica',
      { minIsr: 1, replicas: [2] },
      [
        'can-never-be-safe',
        'min.insync.replicas is 1, which 1 replicas can never keep; accept it by name or raise its replication factor',
      ],
    ],
    ['with a single replica that was accepted', { minIsr: 1, replicas: [2], accepted: ['orders'] }, null],
    [
      'accepted, with two others out of sync',
      { minIsr: 3, replicas: [1, 2, 3], isr: [2], accepted: ['orders'] },
      ['below-min-isr', 'its unavailability was accepted, but not with 2 of its other replicas out of sync'],
    ],
  ])('%s', (_what, { minIsr, margin = 0, accepted = [], ...partition }, expected) => {
    const blocking = ask(one(minIsr, partition), 2, { margin, accepted });
    expect(blocking.map(({ kind, sentence }) => [kind, sentence.replace(/^.* in sync, /, '')])).toEqual(
      expected === null ? [] : [expected],
    );
  });

  it('says "none" of an empty ISR', () => {
    expect(ask(one(1, { replicas: [1, 2], isr: [], leader: null }), 2)[0]?.sentence).toBe(
      'orders-0: ISR none of replicas 1,2; without node 2 there would be 0 in sync, it has no leader',
    );
  });

  it('is made for every partition of the node, each with its own numbers', () => {
    const cluster = clusterBuilder()
      .addTopic('a', 2)
      .partition({ replicas: [1, 2, 3], isr: [1, 2] })
      .partition({ replicas: [3, 1, 4] })
      .addTopic('b', 1)
      .partition({ replicas: [2, 4], isr: [2] })
      .build();
    expect(
      ask(cluster, 2).map(({ topic, partition, remaining, minIsr }) => [topic, partition, remaining, minIsr]),
    ).toEqual([
      ['a', 0, 1, 2],
      ['b', 0, 0, 1],
    ]);
  });
});

describe('partitions that no roll can keep writable', () => {
  it.each([
    ['a single replica', 1, [2]],
    ['as many replicas as the minimum', 2, [1, 2]],
    ['fewer replicas than the minimum', 3, [1, 2]],
  ])('%s blocks until accepted', (_, minIsr, replicas) => {
    const cluster = one(minIsr, { replicas });
    const [blocking] = ask(cluster, 2);
    expect(blocking).toMatchObject({ kind: 'can-never-be-safe', minIsr });
    expect(blocking?.sentence).toContain('accept it by name or raise its replication factor');
    expect(ask(cluster, 2, { accepted: ['orders'] })).toEqual([]);
    expect(ask(cluster, 2, { accepted: ['ord*', '*'] })).toHaveLength(1);
    expect(ask(cluster, 2, { accepted: ['payments'] })).toHaveLength(1);
    expect(unprotectable(cluster.partitions, cluster.minInsyncReplicas)).toEqual([
      { topic: 'orders', partition: 0, replicationFactor: replicas.length, minIsr },
    ]);
  });

  it('H4: acceptance does not excuse another replica that is out of sync', () => {
    const [blocking] = ask(one(2, { replicas: [1, 2], isr: [2] }), 2, { accepted: ['orders'] });
    expect(blocking).toMatchObject({ kind: 'below-min-isr', remaining: 0 });
    expect(blocking?.sentence).toContain('accepted, but not with 1 of its other replicas out of sync');
  });

  it('H4: acceptance does not excuse a protectable partition', () => {
    expect(ask(one(2, { replicas: [1, 2, 3], isr: [1, 2] }), 2, { accepted: ['orders'] })).toHaveLength(1);
  });

  it('an accepted single replica that is already down does not block', () => {
    expect(ask(one(1, { replicas: [2], leader: null }), 2, { accepted: ['orders'] })).toEqual([]);
  });

  it('lists nothing where there is room', () => {
    const cluster = one(2, { replicas: [1, 2, 3] });
    expect(unprotectable(cluster.partitions, cluster.minInsyncReplicas)).toEqual([]);
  });
});

describe('lists for gates and plans', () => {
  const { partitions, minInsyncReplicas } = clusterBuilder()
    .addTopic('a', 2)
    .partition({ replicas: [1, 2, 3] })
    .partition({ replicas: [1, 2, 3], isr: [1, 2] })
    .partition({ replicas: [1, 2, 3], isr: [3] })
    .addTopic('b', 1)
    .partition({ replicas: [2], leader: null })
    .build();
  const names = (found: PartitionState[]) => found.map(({ topic, partition }) => `${topic}-${partition}`);

  it('tells offline, under-replicated, under and at the minimum apart', () => {
    expect(names(offline(partitions))).toEqual(['b-0']);
    expect(names(underReplicated(partitions))).toEqual(['a-1', 'a-2']);
    expect(names(underMinIsr(partitions, minInsyncReplicas))).toEqual(['a-2']);
    expect(names(atMinIsr(partitions, minInsyncReplicas))).toEqual(['a-1', 'b-0']);
  });

  it('finds the replicas of a node that are behind', () => {
    expect(names(outOfSyncReplicasOf(3, partitions))).toEqual(['a-1']);
    expect(names(outOfSyncReplicasOf(1, partitions))).toEqual(['a-2']);
    expect(names(outOfSyncReplicasOf(9, partitions))).toEqual([]);
  });
});

const nodes = [1, 2, 3, 4, 5];

/** Partitions as Kafka could report them: the ISR within the replicas, the leader within the ISR or none. */
const anyPartition = (partition: number): fc.Arbitrary<PartitionState> =>
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.shuffledSubarray(nodes, { minLength: 1 }), fc.boolean())
    .chain(([topic, replicas, leaderless]) =>
      fc.shuffledSubarray(replicas).map((isr) => {
        const leader = leaderless ? null : (isr[0] ?? null);
        return { topic, partition, leader, replicas, isr };
      }),
    );

const anyCase = fc.record({
  partitions: fc.array(fc.nat(99).chain(anyPartition), { maxLength: 12 }),
  minIsrs: fc.record({ a: fc.integer({ min: 1, max: 4 }), b: fc.integer({ min: 1, max: 3 }), c: fc.constant(1) }),
  margin: fc.integer({ min: 0, max: 3 }),
  accepted: fc.subarray(['a', 'b', 'c']),
  nodeId: fc.constantFrom(...nodes),
});

const minOf =
  (minIsrs: Record<string, number>) =>
  (topic: string): number =>
    minIsrs[topic] ?? 1;

describe('properties of the availability rule', () => {
  it('H1: when it allows the stop, every partition that was not accepted keeps its minimum and its leader', () => {
    fc.assert(
      fc.property(anyCase, ({ nodeId, minIsrs, ...rules }) => {
        const minInsyncReplicas = minOf(minIsrs);
        const blocking = availabilityWithout(nodeId, { ...rules, minInsyncReplicas });
        fc.pre(blocking.length === 0);
        for (const { topic, replicas, isr, leader } of rules.partitions) {
          if (!replicas.includes(nodeId) || rules.accepted.some((name) => name.startsWith(topic))) continue;
          expect(isr.filter((id) => id !== nodeId).length).toBeGreaterThanOrEqual(minInsyncReplicas(topic));
          expect(leader).not.toBeNull();
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('H2: taking a broker out of an ISR never makes a blocking partition pass', () => {
    fc.assert(
      fc.property(anyCase, fc.nat(), fc.nat(), ({ nodeId, minIsrs, ...rules }, p, r) => {
        const minInsyncReplicas = minOf(minIsrs);
        const before = availabilityWithout(nodeId, { ...rules, minInsyncReplicas });
        const index = rules.partitions.length === 0 ? 0 : p % rules.partitions.length;
        const worse = rules.partitions.map((state, i) =>
          i === index ? { ...state, isr: state.isr.filter((_, j) => j !== r % Math.max(state.isr.length, 1)) } : state,
        );
        const after = availabilityWithout(nodeId, { ...rules, partitions: worse, minInsyncReplicas });
        expect(after.length).toBeGreaterThanOrEqual(before.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('H3: partitions without a replica on the node never block', () => {
    fc.assert(
      fc.property(anyCase, ({ minIsrs, ...rules }) => {
        expect(availabilityWithout(99, { ...rules, minInsyncReplicas: minOf(minIsrs) })).toEqual([]);
      }),
    );
  });
});

describe('H4: acceptance', () => {
  it('never excuses more than what no roll can protect, and nothing at all of other topics', () => {
    fc.assert(
      fc.property(anyCase, ({ nodeId, minIsrs, ...rules }) => {
        const minInsyncReplicas = minOf(minIsrs);
        const strict = availabilityWithout(nodeId, { ...rules, minInsyncReplicas, accepted: [] });
        const lenient = availabilityWithout(nodeId, { ...rules, minInsyncReplicas, accepted: ['a', 'b', 'c'] });
        const never = strict.filter(({ kind }) => kind === 'can-never-be-safe');
        const others = strict.filter(({ kind }) => kind !== 'can-never-be-safe');
        expect(lenient.length).toBeGreaterThanOrEqual(others.length);
        expect(lenient.length).toBeLessThanOrEqual(strict.length);
        expect(lenient.filter(({ kind }) => kind === 'can-never-be-safe')).toEqual([]);
        expect(never.every(({ replicas, minIsr }) => replicas.length - 1 < minIsr)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is asked for exactly where a stop could never be safe', () => {
    fc.assert(
      fc.property(anyCase, ({ nodeId, minIsrs, ...rules }) => {
        const minInsyncReplicas = minOf(minIsrs);
        const blocked = availabilityWithout(nodeId, { ...rules, minInsyncReplicas, accepted: [] })
          .filter(({ kind }) => kind === 'can-never-be-safe')
          .map(({ topic }) => topic);
        const own = rules.partitions.filter(({ replicas }) => replicas.includes(nodeId));
        expect(unprotectable(own, minInsyncReplicas).map(({ topic }) => topic)).toEqual(blocked);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the cluster builder', () => {
  it('refuses what Kafka could not report', () => {
    const topic = () => clusterBuilder().addTopic('t');
    expect(() => topic().partition({ replicas: [] })).toThrow('no replicas');
    expect(() => topic().partition({ replicas: [1, 1] })).toThrow('replica twice');
    expect(() => topic().partition({ replicas: [1, 2], isr: [1, 1] })).toThrow('in-sync replica twice');
    expect(() => topic().partition({ replicas: [1], isr: [2] })).toThrow('is no replica');
    expect(() => topic().partition({ replicas: [1, 2], isr: [1], leader: 2 })).toThrow('leader 2 is not in sync');
    expect(() => topic().addTopic('t')).toThrow('added twice');
    expect(() => topic().build().minInsyncReplicas('u')).toThrow('not added');
  });
});
