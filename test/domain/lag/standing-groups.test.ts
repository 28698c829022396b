import fc from 'fast-check';
import { LagTracker } from '../../../src/domain/lag/lag-tracker';
import { mayStand, standingStill } from '../../../src/domain/lag/standing-groups';
import { type PlainSample, watched as after } from '../../support/lag-samples';

type Groups = PlainSample['groups'];
type PartitionOffsets = Groups[string][string];

/** One sample a second. */
const watched = (...samples: Groups[]): LagTracker =>
  after(samples.map((groups, second) => ({ atMs: second * 1000, missing: [], groups })));

/** One partition of one group, sample by sample. */
const single = (...offsets: PartitionOffsets[]): LagTracker =>
  watched(...offsets.map((partition) => ({ app: { 'orders-0': partition } })));

const series = (seconds: number, at: (second: number) => PartitionOffsets): PartitionOffsets[] =>
  Array.from({ length: seconds }, (_, second) => at(second));

const growing = (seconds: number): PartitionOffsets[] =>
  series(seconds, (second) => ({ committed: 10, end: 20 + second }));

const minMs = 6_000;
const judged = (tracker: LagTracker): [string[], boolean] => [
  standingStill(tracker, minMs).map(({ group, forMs, lag }) => `${group} ${forMs} ms, lag ${lag}`),
  mayStand(tracker, minMs),
];

describe('a group', () => {
  it.each<[string, LagTracker, [stands: string[], mayStand: boolean]]>([
    ['stands when records arrive and no commit comes', single(...growing(8)), [['app 6000 ms, lag 17'], false]],
    ['does not stand a second too early', single(...growing(7)), [[], true]],
    ['may only be waiting for its commit interval', single(...growing(5)), [[], true]],
    ['may stand after a single look', single(...growing(1)), [[], true]],
    [
      'does not stand while it commits, however slowly',
      single(...series(8, (second) => ({ committed: 10 + second, end: 20 + second }))),
      [[], true],
    ],
    [
      'does not stand when its last commit is not long ago',
      single(...growing(8), { committed: 11, end: 28 }, { committed: 11, end: 29 }),
      [[], true],
    ],
    [
      'is not known to stand where no records arrive',
      single(...series(9, () => ({ committed: 1, end: 9 }))),
      [[], true],
    ],
    ['does not stand when it has nothing to do', single(...series(9, () => ({ committed: 20, end: 20 }))), [[], false]],
    [
      'does not stand on a partition that it never committed on',
      single(...series(9, (second) => ({ committed: null, end: second }))),
      [[], false],
    ],
    ['is nobody before the first look', new LagTracker(), [[], false]],
  ])('%s', (_what, tracker, expected) => {
    expect(judged(tracker)).toEqual(expected);
  });

  it('is told with the partitions that stand, the longest time and the lag of them all', () => {
    const samples = Array.from({ length: 12 }, (_, second) => ({
      app: {
        'orders-0': { committed: 5, end: 10 + second },
        'orders-1': { committed: 5, end: second < 3 ? 10 : 10 + second },
        'orders-2': { committed: second, end: 10 + second },
      },
      other: { 'orders-0': { committed: 10 + second, end: 10 + second } },
    }));
    expect(standingStill(watched(...samples), minMs)).toEqual([
      { group: 'app', forMs: 10_000, lag: 32, partitions: ['orders-0', 'orders-1'] },
    ]);
  });

  it('may stand as long as one of its partitions may', () => {
    const samples = growing(8).map((offsets) => ({ app: { 'orders-0': offsets }, late: { 'orders-0': offsets } }));
    const tracker = watched(...samples.map(({ app }) => ({ app })), samples[0] ?? {});
    expect(standingStill(tracker, minMs).map(({ group }) => group)).not.toContain('late');
    expect(mayStand(tracker, minMs)).toBe(true);
  });
});

it('a longer look is only needed for a group that does not stand yet: one that stands is behind', () => {
  const offsets = fc.record({ committed: fc.integer({ min: 0, max: 3 }), end: fc.integer({ min: 3, max: 6 }) });
  fc.assert(
    fc.property(fc.array(offsets, { minLength: 1, maxLength: 12 }), (samples) => {
      const tracker = single(...samples);
      const standing = standingStill(tracker, minMs);
      for (const { lag, forMs } of standing) {
        expect(lag).toBeGreaterThan(0);
        expect(forMs).toBeGreaterThanOrEqual(minMs);
      }
      expect(standing.length > 0 && mayStand(tracker, minMs)).toBe(false);
    }),
  );
});
