import fc from 'fast-check';
import { lagGravity, partitionVerdict } from '../../../src/domain/lag/lag-status';
import type { LagRules } from '../../../src/domain/lag/lag-status';
import type { PartitionProgress } from '../../../src/domain/lag/topic-progress';
import { defaultPolicy } from '../../../src/domain/policy/policy';

/** Everything below is told in seconds; the restart is at second 100, and now is what was seen last. */
const R = 100;

interface Seen {
  committed?: number | null;
  end?: number;
  /** The two samples between which a commit moved. */
  committedMoved?: [after: number, seen: number];
  endMoved?: [after: number, seen: number];
  pending?: number;
  last?: number;
}

const ms = (second: number): number => second * 1_000;
const movement = (at: [number, number] | undefined) =>
  at === undefined ? null : { afterMs: ms(at[0]), seenMs: ms(at[1]) };

const progress = ({ committed = 50, end = 80, last = 110, ...seen }: Seen): PartitionProgress => ({
  committed,
  end,
  firstSeenMs: 0,
  lastSeenMs: ms(last),
  committedMoved: movement(seen.committedMoved),
  endMoved: movement(seen.endMoved),
  pendingSinceMs: seen.pending === undefined ? null : ms(seen.pending),
  lagSpread: 0,
  points: [],
});

const rules = (now: number, policy = {}): LagRules => ({
  restartedAtMs: ms(R),
  nowMs: ms(now),
  policy: { ...defaultPolicy.consumerLag, ...policy },
});

const statusOf = (seen: Seen, now = seen.last ?? 110, policy = {}) =>
  partitionVerdict(progress(seen), rules(now, policy)).status;

describe('rule 1: a partition that is not measured', () => {
  it.each([
    [{ last: 99 }, 100, 'not-measured'],
    [{ last: 100 }, 100, 'steady'],
    [{ last: 100 }, 110, 'steady'],
    [{ last: 100 }, 110.1, 'not-measured'],
    [{ last: 200 }, 210, 'steady'],
    [{ last: 200 }, 211, 'not-measured'],
  ])('%j, at second %d, is %s', (seen, now, status) => {
    expect(statusOf({ ...seen, committed: null }, now)).toBe(status);
  });

  it('has more time where samples are rare: five intervals', () => {
    const rare = { sampleIntervalMs: 10_000 };
    expect(statusOf({ last: 110, committed: null }, 160, rare)).toBe('steady');
    expect(statusOf({ last: 110, committed: null }, 161, rare)).toBe('not-measured');
  });
});

describe('rule 2: a partition without lag', () => {
  it.each<[string, Seen, string]>([
    ['no commit, whatever arrives', { committed: null, endMoved: [104, 105], pending: 105 }, 'steady'],
    ['nothing moved', { committed: 80 }, 'steady'],
    ['something arrived before the restart', { committed: 80, endMoved: [98, 99] }, 'steady'],
    ['something arrived at the restart', { committed: 80, endMoved: [99, 100] }, 'steady'],
    ['something arrived since', { committed: 80, endMoved: [100, 101] }, 'caught-up'],
    ['a commit since', { committed: 80, committedMoved: [100, 101] }, 'caught-up'],
    ['a commit that may have been before', { committed: 80, committedMoved: [99, 101] }, 'steady'],
    ['more committed than there is', { committed: 81, endMoved: [100, 101] }, 'caught-up'],
  ])('%s: %#', (_what, seen, status) => {
    expect(statusOf(seen)).toBe(status);
  });
});

describe('rule 3: a backlog to which nothing is added', () => {
  it.each<[string, Seen, string]>([
    ['is worked off since the restart', { committedMoved: [100, 101] }, 'moving'],
    ['was worked off until right before it', { committedMoved: [98, 99] }, 'waiting'],
    ['was worked off until 14.9 s before it', { committedMoved: [80, 85.1] }, 'waiting'],
    ['was left 15 s before it', { committedMoved: [80, 85] }, 'steady'],
    ['was never touched', {}, 'steady'],
    ['is waited for no longer than a minute', { committedMoved: [98, 99], last: 160 }, 'waiting'],
    ['is given up after that: nothing arrives', { committedMoved: [98, 99], last: 160.1 }, 'steady'],
  ])('%s', (_what, seen, status) => {
    expect(statusOf(seen)).toBe(status);
  });
});

describe('rules 4 to 6: records that wait for a commit', () => {
  it.each<[string, Seen, string]>([
    ['since a commit after the restart', { committedMoved: [104, 105], pending: 106, last: 160 }, 'moving'],
    ['for a minute since such a commit', { committedMoved: [104, 105], pending: 106, last: 166 }, 'moving'],
    ['for longer', { committedMoved: [104, 105], pending: 106, last: 166.1 }, 'stalled'],
    ['since before the restart, with a commit since', { committedMoved: [104, 105], pending: 50, last: 160 }, 'moving'],
    ['since a minute before the restart', { committedMoved: [30, 39], pending: 40 }, 'stalled-before'],
    ['since less than a minute before', { committedMoved: [30, 39], pending: 40.1 }, 'waiting'],
    ['since 15 s before, of a group that was never seen to commit', { pending: 85 }, 'stalled-before'],
    ['since less than that', { pending: 85.1 }, 'waiting'],
    ['since the restart', { committedMoved: [98, 99], pending: 101 }, 'waiting'],
    ['since the restart for a minute', { committedMoved: [98, 99], pending: 101, last: 161 }, 'waiting'],
    ['since the restart for longer', { committedMoved: [98, 99], pending: 101, last: 161.1 }, 'stalled'],
    [
      'from before the restart: its minute begins there',
      { committedMoved: [85, 90], pending: 95, last: 160 },
      'waiting',
    ],
    ['the same when that is over', { committedMoved: [85, 90], pending: 95, last: 160.1 }, 'stalled'],
  ])('%s: %#', (_what, seen, status) => {
    expect(statusOf(seen)).toBe(status);
  });

  it('takes the time of the policy', () => {
    const quick = { stalledAfterMs: 5_000 };
    const seen: Seen = { committedMoved: [98, 99], pending: 101 };
    expect(statusOf({ ...seen, last: 106 }, 106, quick)).toBe('waiting');
    expect(statusOf({ ...seen, last: 107 }, 107, quick)).toBe('stalled');
    expect(statusOf({ committedMoved: [80, 90], pending: 95 }, 110, quick)).toBe('stalled-before');
    expect(statusOf({ pending: 95 }, 110, quick)).toBe('stalled-before');
  });

  it('never counts time in which nothing was looked at', () => {
    expect(statusOf({ committedMoved: [98, 99], pending: 101, last: 155 }, 165)).toBe('waiting');
  });
});

describe('rule 7: a partition that commits', () => {
  const climbing = Array.from({ length: 30 }, (_, index) => {
    const second = 50 + 5 * index;
    return { atMs: ms(second), lag: Math.max(0, second - R) * 50, end: second * 100 };
  });

  it('is told by its trend, with the numbers', () => {
    const moving = { ...progress({ committedMoved: [194, 195], last: 195 }), lagSpread: 4_750, points: climbing };
    const { status, growth } = partitionVerdict(moving, rules(195));
    expect(status).toBe('rising');
    expect(growth).toMatchObject({ status: 'rising', to: { atMs: ms(195), lag: 4_750 }, before: 0 });
  });

  it.each<[string, Seen]>([
    ['stalled', { committedMoved: [98, 99], pending: 101, last: 195 }],
    ['not-measured', { committedMoved: [94, 95], last: 99 }],
    ['caught-up', { committed: 80, committedMoved: [194, 195], last: 195 }],
  ])('is not, while it is %s', (status, seen) => {
    const verdict = partitionVerdict({ ...progress(seen), points: climbing }, rules(195));
    expect(verdict).toEqual({ status, growth: null });
  });
});

describe('the gravity of what a partition does', () => {
  it('has what holds a gate behind what does not', () => {
    expect(lagGravity.slice(0, 5)).toEqual(['steady', 'caught-up', 'moving', 'stalled-before', 'growing-before']);
    expect(lagGravity.slice(5)).toEqual(['not-measured', 'rising', 'waiting', 'growing', 'stalled']);
  });

  const second = fc.double({ min: 0, max: 300, noNaN: true });
  const span = fc.tuple(second, second).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
  const anySeen = fc.record(
    { committed: fc.nat(100), end: fc.nat(100), committedMoved: span, endMoved: span, pending: second, last: second },
    { requiredKeys: ['committed', 'end', 'last'] },
  );

  it('property: L1, nothing is stalled before its time is up, whatever was seen', () => {
    fc.assert(
      fc.property(anySeen, (seen) => {
        expect(seen.last - R <= 60 && statusOf(seen) === 'stalled').toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('property: L4, nothing but a sample since the restart says anything', () => {
    fc.assert(
      fc.property(anySeen, (seen) => {
        expect(statusOf(seen) === 'not-measured').toBe(seen.last < R);
      }),
      { numRuns: 1_000 },
    );
  });
});
