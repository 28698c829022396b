import { emptyLagTracker, observe } from '../../src/domain/lag-tracker';
import type { LagTracker, PartitionOffsets } from '../../src/domain/lag-tracker';
import { mayStand, standingStill } from '../../src/domain/standing-groups';

/** One sample a second of one partition. */
const watched = (...offsets: PartitionOffsets[]): LagTracker =>
  offsets.reduce(
    (tracker, partition, second) =>
      observe(tracker, { atMs: second * 1000, missing: [], groups: { app: { 'orders-0': partition } } }),
    emptyLagTracker,
  );

const growing = (seconds: number): PartitionOffsets[] =>
  Array.from({ length: seconds }, (_, second) => ({ committed: 10, end: 20 + second }));

describe('groups that stand still', () => {
  it('have not committed although records arrive', () => {
    expect(standingStill(watched(...growing(8)), 6_000)).toEqual([
      { group: 'app', forMs: 6_000, lag: 17, partitions: ['orders-0'] },
    ]);
    expect(mayStand(watched(...growing(8)), 6_000)).toBe(false);
  });

  it('may only be waiting for their commit interval', () => {
    expect(standingStill(watched(...growing(5)), 6_000)).toEqual([]);
    expect(mayStand(watched(...growing(5)), 6_000)).toBe(true);
    expect(mayStand(watched(...growing(1)), 6_000)).toBe(true);
  });

  it('are none that commit, and none that have nothing to do', () => {
    const committing = Array.from({ length: 8 }, (_, second) => ({ committed: 10 + second, end: 20 + second }));
    expect(standingStill(watched(...committing), 6_000)).toEqual([]);
    const done = watched({ committed: 20, end: 20 }, { committed: 20, end: 20 });
    expect([standingStill(done, 6_000), mayStand(done, 6_000)]).toEqual([[], false]);
  });
});
