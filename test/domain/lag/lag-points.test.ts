import fc from 'fast-check';
import { type LagPoint, LagPoints, MOST_LAG_POINTS } from '../../../src/domain/lag/lag-points';

const point = (second: number, lag = 0): LagPoint => ({ atMs: second * 1_000, lag, end: second * 10 });
/** Beside another partition, whose points must stay as they are. */
const follow = (points: LagPoint[]): readonly LagPoint[] => {
  const kept = new LagPoints(2);
  kept.add(0, point(1, 1));
  for (const each of points) kept.add(1, each);
  expect(kept.of(0)).toEqual([point(1, 1)]);
  return kept.of(1);
};
const seconds = (points: readonly LagPoint[]): number[] => points.map(({ atMs }) => atMs / 1_000);

describe('the points of a lag', () => {
  it('are five seconds apart, each the lowest of its time', () => {
    expect(follow([point(0, 7), point(2, 3), point(4, 5), point(5, 9), point(11, 4)])).toEqual([
      { atMs: 0, lag: 3, end: 0 },
      { atMs: 5_000, lag: 9, end: 50 },
      { atMs: 11_000, lag: 4, end: 110 },
    ]);
  });

  it.each<[string, LagPoint[], LagPoint[]]>([
    ['the first, as it is', [point(0, 7)], [point(0, 7)]],
    ['no higher one within five seconds', [point(0, 7), point(4.9, 9)], [point(0, 7)]],
    ['no equal one within five seconds', [point(0, 7), point(4.9, 7)], [point(0, 7)]],
    [
      'a lower one within five seconds, at the time of the first',
      [point(0, 7), point(4, 2)],
      [{ ...point(0), lag: 2 }],
    ],
    ['any one after five seconds', [point(0, 7), point(5, 7)], [point(0, 7), point(5, 7)]],
    [
      'the lowest of each stretch, counted from its first',
      [point(0, 9), point(3, 4), point(6, 8), point(8, 1), point(11, 5)],
      [{ ...point(0), lag: 4 }, { ...point(6), lag: 1 }, point(11, 5)],
    ],
  ])('keep %s', (_what, given, kept) => {
    expect(follow(given)).toEqual(kept);
  });

  it('are forgotten, and begin anew', () => {
    const kept = new LagPoints(1);
    kept.add(0, point(0, 7));
    kept.clear(0);
    expect(kept.of(0)).toEqual([]);
    kept.add(0, point(2, 9));
    expect(kept.of(0)).toEqual([point(2, 9)]);
  });

  it('stay as they are when more partitions come', () => {
    const kept = new LagPoints(1);
    for (let second = 0; second < 60; second += 5) kept.add(0, point(second, second));
    const grown = kept.grown(3);
    grown.add(2, point(60, 1));
    expect(grown.of(0)).toEqual(kept.of(0));
    expect([grown.of(1), grown.of(2)]).toEqual([[], [point(60, 1)]]);
  });

  it('all stay for the time of a trend: the last fourteen, 65 seconds of a Java consumer', () => {
    const given = Array.from({ length: 14 }, (_, index) => point(index * 5));
    expect(follow(given)).toEqual(given);
  });

  it('forget everything after half an hour of silence, but the new one', () => {
    expect(seconds(follow([point(0), point(5), point(10), point(10 + 1_801)]))).toEqual([1_811]);
    expect(seconds(follow([point(0), point(1_800)]))).toEqual([0, 1_800]);
  });

  it('are the fewer the older they are, and none is older than half an hour', () => {
    const kept = seconds(follow(Array.from({ length: 1_000 }, (_, i) => point(i * 5))));
    expect(kept.slice(-15)).toEqual([4_920, ...Array.from({ length: 14 }, (_, i) => 4_930 + 5 * i)]);
    expect(kept[0]).toBeGreaterThanOrEqual(4_995 - 1_800);
    expect(kept[0]).toBeLessThan(4_995 - 1_300);
  });

  it('are bounded, in order, and tell of every time at a distance that fits its age', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 600 });
    fc.assert(
      fc.property(gaps, (steps) => {
        let second = 0;
        const kept = seconds(follow(steps.map((step) => point((second += step)))));
        expect(kept.length).toBeLessThanOrEqual(MOST_LAG_POINTS);
        expect(kept).toEqual([...kept].sort((one, other) => one - other));
        const newest = Number(kept.at(-1));
        expect(second - newest).toBeLessThan(5);
        kept.slice(1).forEach((at, i) => {
          expect(at - Number(kept[i])).toBeLessThanOrEqual(0.7 * (newest - Number(kept[i])) + 35);
        });
      }),
    );
  });

  it('property: never make a lag higher than it was: each is one that was seen', () => {
    const lags = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.nat(1_000)), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(lags, (steps) => {
        let second = 0;
        const given = steps.map(([gap, lag]) => point((second += gap), lag));
        const seen = new Set(given.map(({ lag }) => lag));
        for (const { atMs, lag, end } of follow(given)) {
          expect(seen.has(lag)).toBe(true);
          expect(end).toBe(atMs / 100);
        }
      }),
    );
  });
});
