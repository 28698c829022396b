import fc from 'fast-check';
import { type LagPoint, MOST_LAG_POINTS, withLagPoint } from '../../src/domain/lag-points';

const point = (second: number, lag = 0): LagPoint => ({ atMs: second * 1_000, lag, end: second * 10 });
const follow = (points: LagPoint[]): readonly LagPoint[] => points.reduce<readonly LagPoint[]>(withLagPoint, []);
const seconds = (points: readonly LagPoint[]): number[] => points.map(({ atMs }) => atMs / 1_000);

describe('the points of a lag', () => {
  it('are five seconds apart, each the lowest of its time', () => {
    expect(follow([point(0, 7), point(2, 3), point(4, 5), point(5, 9), point(11, 4)])).toEqual([
      { atMs: 0, lag: 3, end: 0 },
      { atMs: 5_000, lag: 9, end: 50 },
      { atMs: 11_000, lag: 4, end: 110 },
    ]);
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
});
