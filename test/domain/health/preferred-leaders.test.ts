import fc from 'fast-check';
import type { NodeId, PartitionState } from '../../../src/domain/cluster/cluster';
import { checkPreferredLeaders, ledElsewhere } from '../../../src/domain/health/preferred-leaders';
import { partitionOf, viewOf } from '../../support/healthy-measurement';

const led = (leader: number | null, isr: number[] = [2, 1, 3], partition = 0): PartitionState => ({
  ...partitionOf('orders', [2, 1, 3], partition),
  leader,
  isr,
});

const view = (observedBy: NodeId, ...partitions: PartitionState[]) => viewOf(observedBy, [1, 2, 3], partitions);

describe('a partition that is led elsewhere', () => {
  it.each([
    ['led by the preferred replica', led(2), false],
    ['led by another while the preferred one is in sync', led(1), true],
    ['led by another while the preferred one is not in sync', led(1, [1, 3]), false],
    ['without a leader: that is another check', led(null), false],
    ['preferring another broker', { ...partitionOf('orders', [3, 2]), leader: 3 }, false],
    ['preferring another broker, and led by neither', { ...partitionOf('orders', [3, 2, 1]), leader: 1 }, false],
    ['without replicas', { ...partitionOf('orders', []), leader: 1 }, false],
  ])('is one %s: %s', (_what, partition, away) => {
    expect(ledElsewhere(2, [partition])).toEqual(away ? [partition] : []);
  });

  it('is what an election would move: each prefers the broker, has it in sync, and has another leader', () => {
    const anyPartition = fc
      .tuple(fc.shuffledSubarray([1, 2, 3], { minLength: 1 }), fc.subarray([1, 2, 3]), fc.constantFrom(null, 1, 2, 3))
      .map(([replicas, isr, leader]) => ({ ...partitionOf('orders', replicas), isr, leader }));
    fc.assert(
      fc.property(fc.array(anyPartition), fc.constantFrom(1, 2, 3), (partitions, nodeId) => {
        for (const { replicas, isr, leader } of ledElsewhere(nodeId, partitions)) {
          expect(replicas.indexOf(nodeId)).toBe(0);
          expect(isr).toContain(nodeId);
          expect([null, nodeId]).not.toContain(leader);
        }
      }),
    );
  });
});

describe('the check of a restarted broker', () => {
  it('passes with the number of partitions when all are back', () => {
    const whole = view(1, led(2), partitionOf('orders', [1, 2], 1), led(2, [2], 2));
    expect(checkPreferredLeaders(2, [whole], null)).toEqual({
      name: 'preferred leaders',
      status: 'successful',
      message: 'broker 2 leads the 2 partitions that prefer it',
    });
  });

  it('waits while any is led by another, and names them', () => {
    expect(checkPreferredLeaders(2, [view(1, led(1), led(3, [2, 3], 1))], null)).toEqual({
      name: 'preferred leaders',
      status: 'inconclusive',
      message: '2 partitions that prefer broker 2 are led by others: orders-0, orders-1',
    });
  });

  it('says why the election failed, and names five partitions at most', () => {
    const many = Array.from({ length: 7 }, (_, index) => led(1, [1, 2, 3], index));
    expect(checkPreferredLeaders(2, [view(1, ...many)], 'there is no active controller').message).toBe(
      '7 partitions that prefer broker 2 are led by others: orders-0, orders-1, orders-2, orders-3, orders-4 and 2 more (there is no active controller)',
    );
  });

  it.each([
    ['the first one told', [view(1, led(1)), view(3, led(2))]],
    ['the last one told', [view(1, led(2)), view(3, led(1))]],
  ])('counts the worst view: %s', (_what, views) => {
    expect(checkPreferredLeaders(2, views, null).message).toBe(
      '1 partitions that prefer broker 2 are led by others: orders-0',
    );
  });

  it('has nothing to wait for without a view', () => {
    expect(checkPreferredLeaders(2, [], null)).toMatchObject({
      status: 'successful',
      message: 'broker 2 leads the 0 partitions that prefer it',
    });
  });
});
