import fc from 'fast-check';
import { assessLag, assessTracked, type LagAssessment, type LagStatus } from '../../../src/domain/lag/lag';
import { lagSample, type PlainSample, watched } from '../../support/lag-samples';
import { type ConsumerLagPolicy, defaultPolicy } from '../../../src/domain/policy/policy';

const policy: ConsumerLagPolicy = defaultPolicy.consumerLag;

/** Everything below is told in seconds; the restart is at second 100. */
const R = 100;

type Offsets = (second: number) => { committed: number | null; end: number } | null;

const series = (from: number, to: number, offsets: Offsets): PlainSample[] =>
  Array.from({ length: to - from + 1 }, (_, i) => {
    const found = offsets(from + i);
    const groups = found === null ? {} : { app: { 'orders-3': found } };
    return { atMs: (from + i) * 1_000, missing: found === null ? ['coordinator away'] : [], groups };
  });

const assess = (samples: PlainSample[], now: number): LagAssessment =>
  assessLag(policy, samples.map(lagSample), { restartedAtMs: R * 1_000, nowMs: now * 1_000 });

/** Ten records a second; commits at every fifth second, up to second `until`. */
const commits =
  (until: number): Offsets =>
  (second) => ({ committed: Math.floor(Math.min(second, until) / 5) * 50, end: second * 10 });

const cases: { group: string; samples: PlainSample[]; now: number; status: LagStatus }[] = [
  { group: 'a consumer that goes on committing', samples: series(50, 118, commits(999)), now: 118, status: 'moving' },
  {
    group: 'the same consumer before its first commit after the restart',
    samples: series(50, 103, commits(999)),
    now: 103,
    status: 'waiting',
  },
  { group: 'a consumer that commits no more', samples: series(50, 130, commits(100)), now: 130, status: 'waiting' },
  {
    group: 'the same consumer when its time is up',
    samples: series(50, 170, commits(100)),
    now: 170,
    status: 'stalled',
  },
  {
    group: 'a consumer that came back and then stopped, soon after',
    samples: series(50, 150, commits(120)),
    now: 150,
    status: 'moving',
  },
  { group: 'the same when its time is up', samples: series(50, 190, commits(120)), now: 190, status: 'stalled' },
  {
    group: 'a group that nobody consumes for',
    samples: series(50, 110, (s) => ({ committed: 7, end: s * 10 })),
    now: 110,
    status: 'stalled-before',
  },
  {
    group: 'a consumer that stopped a minute before',
    samples: series(10, 110, commits(35)),
    now: 110,
    status: 'stalled-before',
  },
  {
    group: 'a consumer that stopped half a minute before',
    samples: series(10, 110, commits(70)),
    now: 110,
    status: 'waiting',
  },
  {
    group: 'a group first seen right before the restart',
    samples: series(95, 110, (s) => ({ committed: 7, end: s * 10 })),
    now: 110,
    status: 'waiting',
  },
  {
    group: 'a group without lag on a busy topic',
    samples: series(50, 110, (s) => ({ committed: s * 10, end: s * 10 })),
    now: 110,
    status: 'caught-up',
  },
  {
    group: 'a group that catches up for good',
    samples: series(50, 110, (s) => ({ committed: s < 105 ? 60 : 70, end: 70 })),
    now: 110,
    status: 'caught-up',
  },
  {
    group: 'a group without lag on a quiet topic',
    samples: series(50, 110, () => ({ committed: 70, end: 70 })),
    now: 110,
    status: 'steady',
  },
  {
    group: 'a quiet topic that ends with a transaction marker',
    samples: series(50, 110, () => ({ committed: 69, end: 70 })),
    now: 110,
    status: 'steady',
  },
  {
    group: 'a backlog worked off',
    samples: series(50, 110, (s) => ({ committed: s * 10, end: 9_999 })),
    now: 110,
    status: 'moving',
  },
  {
    group: 'a backlog whose consumer stopped with the restart',
    samples: series(50, 110, (s) => ({ committed: Math.min(s, R) * 10, end: 9_999 })),
    now: 110,
    status: 'waiting',
  },
  {
    group: 'the same backlog later, as nothing arrives',
    samples: series(50, 170, (s) => ({ committed: Math.min(s, R) * 10, end: 9_999 })),
    now: 170,
    status: 'steady',
  },
  {
    group: 'a backlog that nobody has worked on for long',
    samples: series(50, 110, (s) => ({ committed: Math.min(s, 80) * 10, end: 9_999 })),
    now: 110,
    status: 'steady',
  },
  {
    group: 'a burst after the restart that nobody takes',
    samples: series(50, 190, (s) => ({ committed: 70, end: s < 120 ? 70 : 90 })),
    now: 190,
    status: 'stalled',
  },
  {
    group: 'the same burst while there is time',
    samples: series(50, 170, (s) => ({ committed: 70, end: s < 120 ? 70 : 90 })),
    now: 170,
    status: 'waiting',
  },
  {
    group: 'a group whose coordinator is away',
    samples: series(50, 110, (s) => (s < R ? commits(999)(s) : null)),
    now: 110,
    status: 'not-measured',
  },
  { group: 'a group not seen for a while', samples: series(50, 110, commits(999)), now: 121, status: 'not-measured' },
  {
    group: 'a group without any commit',
    samples: series(50, 110, (s) => ({ committed: null, end: s * 10 })),
    now: 110,
    status: 'steady',
  },
];

describe('the verdict on a consumer group after a restart', () => {
  it.each(cases)('$group at second $now: $status', ({ samples, now, status }) => {
    const verdict = assess(samples, now);
    expect(verdict.groups.map((group) => [group.group, group.status])).toEqual([['app', status]]);
    expect(verdict.settled).toBe(!['stalled', 'waiting', 'not-measured'].includes(status));
    expect(verdict.stalled).toEqual(status === 'stalled' ? ['app'] : []);
    expect(verdict.waiting).toEqual(status === 'waiting' ? ['app'] : []);
    expect(verdict.notMeasured).toEqual(status === 'not-measured' ? ['app'] : []);
  });

  it.each([
    {
      samples: series(50, 170, commits(100)),
      now: 170,
      sentence:
        'group app is stalled: no commit for more than 60 s while records arrive (orders-3 at 1000 of 1700, lag 700)',
    },
    {
      samples: series(50, 103, commits(999)),
      now: 103,
      sentence: 'group app has not committed since the restart 3.0 s ago (orders-3 at 1000 of 1030, lag 30)',
    },
    {
      samples: series(50, 110, (s) => ({ committed: 7, end: s * 10 })),
      now: 110,
      sentence: 'group app stood still already before the restart and is not counted (orders-3 at 7 of 1100, lag 1093)',
    },
    {
      samples: series(50, 110, commits(999)),
      now: 125,
      sentence: 'group app could not be read since the restart 25 s ago (orders-3 at 1100 of 1100 when last seen)',
    },
  ])('says: $sentence', ({ samples, now, sentence }) => {
    expect(assess(samples, now).sentences).toEqual([sentence]);
  });

  it('has no offset to tell of a partition that was never committed and cannot be read', () => {
    const samples = series(50, 110, (s) => (s < R ? { committed: null, end: 9 } : null));
    expect(assess(samples, 110).sentences).toContain(
      'group app could not be read since the restart 10 s ago (orders-3 at no commit of 9 when last seen)',
    );
  });

  it.each<[LagStatus, PlainSample[], string]>([
    ['moving', series(50, 108, commits(999)), 'group app commits (lag 30)'],
    ['caught-up', series(50, 108, (s) => ({ committed: s, end: s })), 'group app has caught up'],
    ['steady', series(50, 108, () => ({ committed: 5, end: 6 })), 'group app has nothing to do (lag 1)'],
  ])('has no news of a group that is %s', (_, samples, sentence) => {
    const verdict = assess(samples, 108);
    expect(verdict.sentences).toEqual([]);
    expect(verdict.groups[0]?.sentence).toBe(sentence);
  });

  it('is as bad as the worst partition, and names those', () => {
    const samples = series(50, 170, () => null).map((sample, i) => {
      const second = 50 + i;
      const stuck = { committed: 7, end: Math.max(second, R) * 10 };
      const good = { committed: second, end: second };
      const offsets = { 'a-0': good, 'a-1': stuck, 'a-2': stuck, 'a-3': good };
      return { ...sample, missing: [], groups: { app: offsets } };
    });
    const [group] = assess(samples, 170).groups;
    expect(group).toMatchObject({ status: 'stalled', partitions: ['a-1', 'a-2'], lag: 2 * (1_700 - 7) });
    expect(group?.sentence).toContain('(a-1 at 7 of 1700 and 1 more partitions, lag 3386)');
  });

  it('tells of the gravest group first', () => {
    const samples = series(50, 170, commits(100)).map((sample, i) => {
      const abandoned = { 'a-0': { committed: 7, end: 50 + i } };
      return { ...sample, groups: { abandoned, ...sample.groups } };
    });
    expect(assess(samples, 170).sentences).toEqual([
      expect.stringContaining('group app is stalled'),
      expect.stringContaining('group abandoned stood still'),
    ]);
  });

  it('L4: is not settled without a complete look since the restart', () => {
    expect(assess([], 110)).toMatchObject({
      settled: false,
      sentences: ['consumer groups have not been looked at since the restart'],
    });
    expect(
      assess(
        series(50, 99, () => ({ committed: 5, end: 5 })),
        101,
      ).settled,
    ).toBe(false);
    const verdict = assess(
      series(50, 110, (s) => (s === 60 ? null : { committed: 5, end: 5 })),
      110,
    );
    expect(verdict.settled).toBe(true);
    const partial = series(50, 110, () => ({ committed: 5, end: 5 })).map((sample) => ({
      ...sample,
      missing: ['x: y'],
    }));
    expect(assess(partial, 110)).toMatchObject({
      settled: false,
      sentences: ['consumer groups could not be read completely since the restart: x: y'],
    });
  });

  it('L5: does not judge ignored groups', () => {
    const samples = series(50, 170, commits(100));
    const ignoring = { ...policy, ignoredGroups: ['a*'] };
    const verdict = assessLag(ignoring, samples.map(lagSample), { restartedAtMs: R * 1_000, nowMs: 170_000 });
    expect(verdict).toMatchObject({ settled: true, groups: [], sentences: [] });
  });
});

/** A consumer described by the seconds at which it commits everything; records arrive every second. */
const following = (commitAt: ReadonlySet<number>, to: number): PlainSample[] => {
  let committed = 300;
  return series(30, to, (second) => {
    if (commitAt.has(second)) committed = second * 10;
    return { committed, end: second * 10 + 5 };
  });
};

const anyCommits = fc.uniqueArray(fc.integer({ min: 31, max: 260 }), { maxLength: 40 });

describe('properties of the verdict', () => {
  it('L1: nothing is stalled before its time is up', () => {
    fc.assert(
      fc.property(anyCommits, fc.integer({ min: 0, max: 60 }), (commitAt, after) => {
        expect(assess(following(new Set(commitAt), R + after), R + after).stalled).toEqual([]);
      }),
    );
  });

  it('L2: a group that commits often enough is never stalled', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 59 }), { minLength: 40, maxLength: 40 }),
        fc.nat(160),
        (gaps, after) => {
          const commitAt = new Set<number>();
          gaps.reduce((second, gap) => (commitAt.add(second + gap), second + gap), 30);
          expect(assess(following(commitAt, R + after), R + after).stalled).toEqual([]);
        },
      ),
    );
  });

  it('L3: a group that committed shortly before and never again is stalled in the end, and stays so', () => {
    fc.assert(
      fc.property(fc.integer({ min: 45, max: R }), fc.integer({ min: 62, max: 200 }), (last, after) => {
        const commitAt = new Set([31, last]);
        expect(assess(following(commitAt, R + after), R + after).stalled).toEqual(['app']);
      }),
    );
  });

  it('L4: samples from before the restart never settle anything', () => {
    fc.assert(
      fc.property(anyCommits, fc.integer({ min: 31, max: R - 1 }), (commitAt, to) => {
        expect(assess(following(new Set(commitAt), to), R + 1).settled).toBe(false);
      }),
    );
  });
});

it('says the same of a tracker that was kept, sample by sample, as of all samples at once', () => {
  for (const { samples, now } of cases) {
    const tracker = watched(samples);
    const kept = assessTracked(policy, tracker, { restartedAtMs: R * 1_000, nowMs: now * 1_000 });
    expect(kept).toEqual(assess(samples, now));
  }
});
