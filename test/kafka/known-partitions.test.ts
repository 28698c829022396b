import { KnownPartitions } from '../../src/kafka/known-partitions';
import type { PartitionState } from '../../src/domain/cluster/cluster';

const state = (partition: number): PartitionState => ({ topic: 't', partition, leader: 1, replicas: [1], isr: [1] });
const [a, b, c] = [state(0), state(1), state(2)];

describe('what answers of one cluster share', () => {
  const listOf = (known: KnownPartitions, states: readonly PartitionState[]): PartitionState[] =>
    known.list((add) => {
      states.forEach(add);
    });

  it.each<[string, PartitionState[], boolean]>([
    ['the same partitions are the same list', [a, b], true],
    ['one more', [a, b, c], false],
    ['one less', [a], false],
    ['another one', [a, c], false],
    ['another order', [b, a], false],
    ['none', [], false],
  ])('%s', (_, states, shared) => {
    const known = new KnownPartitions();
    const first = listOf(known, [a, b]);
    const second = listOf(known, states);
    expect(second).toEqual(states);
    expect(second === first).toBe(shared);
    expect(first).toEqual([a, b]);
    expect(listOf(known, states)).toBe(second);
  });

  it('knows a topic until many others are gone', () => {
    const known = new KnownPartitions();
    for (let topic = 0; topic < 110; topic++) known.of(`t${topic}`).push(a);
    known.trim(10);
    expect(known.of('t0')).toEqual([a]);
    known.trim(1);
    expect(known.of('t0')).toEqual([]);
  });
});
