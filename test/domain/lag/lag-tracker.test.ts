import fc from 'fast-check';
import type { LagSample } from '../../../src/domain/lag/lag-sample';
import { LagTracker, trackerOf } from '../../../src/domain/lag/lag-tracker';
import { lagOf } from '../../../src/domain/lag/topic-progress';
import { lagSample, type PlainSample, progressOf } from '../../support/lag-samples';

const sample = (atMs: number, groups: PlainSample['groups'], missing: string[] = []): LagSample =>
  lagSample({ atMs, missing, groups });
const at = (atMs: number, committed: number | null, end: number): LagSample =>
  sample(atMs, { g: { 'orders-0': { committed, end } } });
const follow = (...samples: LagSample[]) => trackerOf(samples);
const progress = (...samples: LagSample[]) => progressOf(follow(...samples))['g']?.['orders-0'];

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
      lagSpread: 0,
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
    const before = progressOf(tracker);
    for (const atMs of [1_000, 500]) {
      tracker.observe(at(atMs, 12, 15));
      expect([tracker.sampledAtMs, progressOf(tracker)]).toEqual([1_000, before]);
    }
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
    expect(progressOf(follow(at(1_000, 10, 15), sample(16_000, {})))).toEqual({});
  });

  it('forgets a partition in the same way, and keeps the rest of its group', () => {
    const two = sample(1_000, { g: { 'a-0': { committed: 1, end: 1 }, 'b-0': { committed: 1, end: 1 } } });
    const one = sample(20_000, { g: { 'a-0': { committed: 1, end: 1 } } });
    expect(Object.keys(progressOf(follow(two, one))['g'] ?? {})).toEqual(['a-0']);
  });

  it.each(['constructor', '__proto__', 'toString'])('takes %s for an ordinary name', (name) => {
    const offsets = Object.fromEntries([[`${name}-0`, { committed: 1, end: 2 }]]);
    const groups = Object.fromEntries([[name, offsets]]);
    const tracker = follow(sample(1_000, groups), sample(2_000, groups));
    expect([...tracker.groups()]).toEqual([name]);
    expect(Object.values(progressOf(tracker))[0]).toEqual(
      Object.fromEntries([[`${name}-0`, expect.objectContaining({ firstSeenMs: 1_000, lastSeenMs: 2_000 })]]),
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
    const nothing = { sampledAtMs: null, completeAtMs: null, missing: [] };
    expect([new LagTracker(), progressOf(new LagTracker())]).toEqual([expect.objectContaining(nothing), {}]);
    const seen = { sampledAtMs: 1_000, completeAtMs: 1_000, missing: [] };
    const tracker = follow(sample(1_000, {}));
    expect([tracker, progressOf(tracker)]).toEqual([expect.objectContaining(seen), {}]);
    expect(follow(sample(1_000, {}, ['no answer'])).completeAtMs).toBeNull();
  });

  it('follows every group by itself', () => {
    const two = (ms: number, a: number, b: number): LagSample =>
      sample(ms, { a: { 'orders-0': { committed: a, end: 9 } }, b: { 'orders-0': { committed: b, end: 9 } } });
    const groups = progressOf(follow(two(1_000, 1, 1), two(2_000, 2, 1)));
    expect(groups['a']?.['orders-0']?.committedMoved).not.toBeNull();
    expect(groups['b']?.['orders-0']?.committedMoved).toBeNull();
  });

  it('knows partitions as far as they are told, and takes up more of them later', () => {
    const offsets = (...partitions: number[]) =>
      Object.fromEntries(partitions.map((partition) => [`a-${partition}`, { committed: partition, end: 9 }]));
    const groups = progressOf(follow(sample(1_000, { g: offsets(1) }), sample(2_000, { g: offsets(0, 1, 7) })))['g'];
    expect(Object.keys(groups ?? {})).toEqual(['a-0', 'a-1', 'a-7']);
    expect(groups?.['a-1']).toMatchObject({ committed: 1, firstSeenMs: 1_000, lastSeenMs: 2_000 });
    expect(groups?.['a-7']).toMatchObject({ committed: 7, firstSeenMs: 2_000 });
  });

  it('knows nothing of a partition without a log end', () => {
    const unmeasured = { committed: [5], ends: [] };
    const tracker = follow({ atMs: 1_000, missing: ['away'], groups: new Map([['g', new Map([['a', unmeasured]])]]) });
    expect(progressOf(tracker)).toEqual({});
    expect([...tracker.partitions('g')]).toEqual([]);
  });

  it('keeps the points of a partition when more partitions come', () => {
    const both = (ms: number, end: number) =>
      sample(ms, { g: { 'orders-0': { committed: end, end }, 'orders-5': { committed: end, end } } });
    const seen = progress(at(0, 10, 10), at(6_000, 20, 20), both(12_000, 30));
    expect(seen?.points).toEqual(
      [0, 6, 12].map((second, index) => ({ atMs: second * 1_000, lag: 0, end: 10 + index * 10 })),
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
