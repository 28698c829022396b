import fc from 'fast-check';
import { emptyLagTracker, type LagSample, lagOf, observe } from '../../../src/domain/lag/lag-tracker';

const sample = (atMs: number, groups: LagSample['groups'], missing: string[] = []): LagSample => ({
  atMs,
  missing,
  groups,
});
const at = (atMs: number, committed: number | null, end: number): LagSample =>
  sample(atMs, { g: { 'orders-0': { committed, end } } });
const follow = (...samples: LagSample[]) => samples.reduce(observe, emptyLagTracker);
const progress = (...samples: LagSample[]) => follow(...samples).groups['g']?.['orders-0'];

describe('the lag of a partition', () => {
  it.each([
    [{ committed: 10, end: 15 }, 5],
    [{ committed: 15, end: 15 }, 0],
    [{ committed: 16, end: 15 }, 0],
    [{ committed: null, end: 15 }, 0],
  ])('of %j is %i', (offsets, lag) => {
    expect(lagOf(offsets)).toBe(lag);
  });
});

describe('the tracker of lag samples', () => {
  it('knows nothing of movement after one look', () => {
    expect(progress(at(1_000, 10, 15))).toEqual({
      committed: 10,
      end: 15,
      firstSeenMs: 1_000,
      lastSeenMs: 1_000,
      committedMoved: null,
      endMoved: null,
      pendingSinceMs: null,
      points: [],
    });
  });

  it('places a movement between the two samples that show it', () => {
    const seen = progress(at(1_000, 10, 15), at(2_000, 10, 15), at(3_000, 12, 15), at(4_000, 12, 16));
    expect(seen).toMatchObject({
      committedMoved: { afterMs: 2_000, seenMs: 3_000 },
      endMoved: { afterMs: 3_000, seenMs: 4_000 },
    });
  });

  it('takes a commit that goes back (a reset) for a movement', () => {
    expect(progress(at(1_000, 10, 15), at(2_000, 0, 15))?.committedMoved).toEqual({ afterMs: 1_000, seenMs: 2_000 });
  });

  it('says since when records arrive without a commit', () => {
    expect(progress(at(1_000, 10, 15), at(2_000, 10, 16), at(3_000, 10, 17))?.pendingSinceMs).toBe(2_000);
    expect(progress(at(1_000, 10, 15), at(2_000, 10, 16), at(3_000, 12, 17))?.pendingSinceMs).toBeNull();
    expect(progress(at(1_000, 10, 15), at(2_000, 10, 15))?.pendingSinceMs).toBeNull();
    expect(progress(at(1_000, null, 15), at(2_000, null, 16))?.pendingSinceMs).toBeNull();
  });

  it('ignores a sample that is not newer', () => {
    const tracker = follow(at(1_000, 10, 15));
    expect(observe(tracker, at(1_000, 12, 15))).toBe(tracker);
    expect(observe(tracker, at(500, 12, 15))).toBe(tracker);
  });

  it('remembers when it last saw everything, and what it could not read', () => {
    expect(follow(at(1_000, 1, 1), { ...at(2_000, 1, 1), missing: ['groups of node 2: refused'] })).toMatchObject({
      sampledAtMs: 2_000,
      completeAtMs: 1_000,
      missing: ['groups of node 2: refused'],
    });
  });

  it('keeps a group that could not be read for as long as samples are incomplete', () => {
    const gone = [2_000, 60_000, 600_000].map((ms) => sample(ms, {}, ['coordinator away']));
    expect(progress(at(1_000, 10, 15), ...gone)).toMatchObject({ lastSeenMs: 1_000 });
  });

  it('forgets a group that complete samples no longer show, but not at the first of them', () => {
    expect(progress(at(1_000, 10, 15), sample(15_000, {}))).toBeDefined();
    expect(follow(at(1_000, 10, 15), sample(16_000, {})).groups).toEqual({});
  });

  it('forgets a partition in the same way, and keeps the rest of its group', () => {
    const two = sample(1_000, { g: { 'a-0': { committed: 1, end: 1 }, 'b-0': { committed: 1, end: 1 } } });
    const one = sample(20_000, { g: { 'a-0': { committed: 1, end: 1 } } });
    expect(Object.keys(follow(two, one).groups['g'] ?? {})).toEqual(['a-0']);
  });

  it.each(['constructor', '__proto__', 'toString'])('takes %s for an ordinary name', (name) => {
    const offsets = Object.fromEntries([[name, { committed: 1, end: 2 }]]);
    const groups = Object.fromEntries([[name, offsets]]);
    const tracker = follow(sample(1_000, groups), sample(2_000, groups));
    expect(Object.keys(tracker.groups)).toEqual([name]);
    expect(Object.values(tracker.groups)[0]).toEqual(
      Object.fromEntries([[name, expect.objectContaining({ firstSeenMs: 1_000, lastSeenMs: 2_000 })]]),
    );
  });

  it('keeps the lag at commits, and at nothing else', () => {
    const points = (...samples: LagSample[]) =>
      progress(...samples)?.points.map(({ atMs, lag }) => [atMs / 1_000, lag]);
    expect(points(at(0, 10, 10))).toEqual([[0, 0]]);
    expect(points(at(0, 10, 15))).toEqual([]);
    expect(points(at(0, null, 15))).toEqual([]);
    expect(points(at(0, 10, 15), at(5_000, 10, 30), at(10_000, 10, 45))).toEqual([]);
    expect(points(at(0, 10, 15), at(5_000, 20, 30), at(10_000, 20, 45), at(15_000, 40, 60))).toEqual([
      [5, 10],
      [15, 20],
    ]);
    expect(points(at(0, 15, 15), at(6_000, 15, 15), at(12_000, 15, 16))).toEqual([
      [0, 0],
      [6, 0],
    ]);
  });

  it.each<[string, LagSample[], number | null]>([
    ['nothing arrives', [at(1_000, 10, 15), at(2_000, 10, 15), at(3_000, 10, 15)], null],
    ['something arrives', [at(1_000, 10, 15), at(2_000, 10, 16)], 2_000],
    ['more arrives: the first counts', [at(1_000, 10, 15), at(2_000, 10, 16), at(9_000, 10, 99)], 2_000],
    ['a commit comes with it', [at(1_000, 10, 15), at(2_000, 11, 16)], null],
    ['a commit comes later', [at(1_000, 10, 15), at(2_000, 10, 16), at(3_000, 11, 16)], null],
    [
      'it begins anew after a commit',
      [at(1_000, 10, 15), at(2_000, 10, 16), at(3_000, 11, 16), at(4_000, 11, 17)],
      4_000,
    ],
    ['the group has all of it', [at(1_000, 15, 15), at(2_000, 16, 16)], null],
    ['the log was emptied below the commit', [at(1_000, 10, 15), at(2_000, 10, 5)], null],
    ['the group loses its commit', [at(1_000, 10, 15), at(2_000, null, 16)], null],
  ])('counts what is pending when %s', (_what, samples, since) => {
    expect(progress(...samples)?.pendingSinceMs ?? null).toBe(since);
  });

  it('sees a first commit as a movement', () => {
    expect(progress(at(1_000, null, 15), at(2_000, 3, 15))).toMatchObject({
      committed: 3,
      committedMoved: { afterMs: 1_000, seenMs: 2_000 },
      pendingSinceMs: null,
    });
  });

  it('places a movement over a gap in which the partition could not be read', () => {
    const away = sample(3_000, {}, ['coordinator away']);
    expect(progress(at(1_000, 10, 15), away, at(5_000, 12, 15))?.committedMoved).toEqual({
      afterMs: 1_000,
      seenMs: 5_000,
    });
  });

  it('knows a partition that comes back after it was forgotten as a new one', () => {
    expect(progress(at(1_000, 10, 15), sample(20_000, {}), at(30_000, 12, 20))).toMatchObject({
      firstSeenMs: 30_000,
      committedMoved: null,
      points: [],
    });
  });

  it.each([
    [15_999, true],
    [16_000, false],
  ])('forgets a group fifteen seconds after it was seen last: at %i ms it is known: %s', (ms, known) => {
    expect(progress(at(1_000, 10, 15), sample(ms, {})) !== undefined).toBe(known);
  });

  it('begins with nothing', () => {
    expect(emptyLagTracker).toEqual({ sampledAtMs: null, completeAtMs: null, missing: [], groups: {} });
    expect(follow(sample(1_000, {}))).toEqual({ sampledAtMs: 1_000, completeAtMs: 1_000, missing: [], groups: {} });
    expect(follow(sample(1_000, {}, ['no answer'])).completeAtMs).toBeNull();
  });

  it('follows every group by itself', () => {
    const two = (ms: number, a: number, b: number): LagSample =>
      sample(ms, { a: { 'orders-0': { committed: a, end: 9 } }, b: { 'orders-0': { committed: b, end: 9 } } });
    const { groups } = follow(two(1_000, 1, 1), two(2_000, 2, 1));
    expect(groups['a']?.['orders-0']?.committedMoved).not.toBeNull();
    expect(groups['b']?.['orders-0']?.committedMoved).toBeNull();
  });

  it('is JSON-safe and never changes a state that it was given', () => {
    const offsets = fc.record({ committed: fc.option(fc.nat(5)), end: fc.nat(5) });
    const groups = fc.dictionary(fc.constantFrom('g', 'h'), fc.dictionary(fc.constantFrom('a-0', 'a-1'), offsets));
    fc.assert(
      fc.property(fc.array(fc.tuple(groups, fc.boolean()), { maxLength: 8 }), (looks) => {
        let tracker = emptyLagTracker;
        looks.forEach(([seen, complete], i) => {
          const before = JSON.stringify(tracker);
          const next = observe(tracker, sample((i + 1) * 6_000, seen, complete ? [] : ['something']));
          expect(JSON.stringify(tracker)).toBe(before);
          expect(JSON.parse(JSON.stringify(next))).toEqual(next);
          tracker = next;
        });
      }),
    );
  });

  it('property: a movement lies between two looks, and the last of them is never later than the newest', () => {
    const offsets = fc.array(fc.tuple(fc.integer({ min: 1, max: 9_000 }), fc.nat(3), fc.nat(3)), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(offsets, (steps) => {
        let ms = 0;
        const seen = progress(...steps.map(([gap, committed, more]) => at((ms += gap), committed, committed + more)));
        for (const { afterMs, seenMs } of [seen?.committedMoved, seen?.endMoved].flatMap((each) => each ?? [])) {
          expect(afterMs).toBeLessThan(seenMs);
          expect(seenMs).toBeLessThanOrEqual(ms);
        }
        expect(seen).toMatchObject({ lastSeenMs: ms });
        expect(Number(seen?.pendingSinceMs)).toBeLessThanOrEqual(ms);
      }),
    );
  });
});
