import { assessLag } from '../../../src/domain/lag/lag';
import { type ConsumerLagPolicy, defaultPolicy } from '../../../src/domain/policy/policy';
import { lagSample } from '../../support/lag-samples';

const policy = defaultPolicy.consumerLag;

/** The restart is at second 100. */
const R = 100;

describe('the verdict on several groups', () => {
  const groupsOf = (second: number) => ({
    good: { 'a-0': { committed: second, end: second } },
    stuck: { 'a-0': { committed: Math.min(second, R) * 10, end: second * 10 } },
    left: { 'a-0': { committed: 7, end: second } },
    'metrics-1': { 'a-0': { committed: Math.min(second, R) * 10, end: second * 10 } },
  });
  const samples = Array.from({ length: 121 }, (_, index) => ({
    atMs: (50 + index) * 1_000,
    missing: [],
    groups: groupsOf(50 + index),
  }));
  const judge = (now: number, overrides: Partial<ConsumerLagPolicy> = {}) =>
    assessLag({ ...policy, ...overrides }, samples.filter(({ atMs }) => atMs <= now * 1_000).map(lagSample), {
      restartedAtMs: R * 1_000,
      nowMs: now * 1_000,
    });

  it('tells each by itself, and is held by any', () => {
    expect(judge(170)).toEqual({
      settled: false,
      groups: [
        { group: 'good', status: 'caught-up', lag: 0, partitions: ['a-0'], sentence: 'group good has caught up' },
        {
          group: 'stuck',
          status: 'stalled',
          lag: 700,
          partitions: ['a-0'],
          sentence:
            'group stuck is stalled: no commit for more than 60 s while records arrive (a-0 at 1000 of 1700, lag 700)',
        },
        {
          group: 'left',
          status: 'stalled-before',
          lag: 163,
          partitions: ['a-0'],
          sentence: 'group left stood still already before the restart and is not counted (a-0 at 7 of 170, lag 163)',
        },
        expect.objectContaining({ group: 'metrics-1', status: 'stalled' }),
      ],
      stalled: ['stuck', 'metrics-1'],
      growing: [],
      rising: [],
      waiting: [],
      notMeasured: [],
      sentences: [
        expect.stringMatching(/^group stuck is stalled/),
        expect.stringMatching(/^group metrics-1 is stalled/),
        expect.stringMatching(/^group left stood still/),
      ],
    });
  });

  it.each<[string[], string[], boolean]>([
    [['metrics-*'], ['stuck'], false],
    [['stuck'], ['metrics-1'], false],
    [['stuck', 'metrics-*'], [], true],
    [['*'], [], true],
    [['Stuck', 'metrics'], ['stuck', 'metrics-1'], false],
  ])('L5: ignoring %j, %j stay', (ignoredGroups, stalled, settled) => {
    expect(judge(170, { ignoredGroups })).toMatchObject({ stalled, settled });
  });

  it('waits for those that have not come back, with how long ago the restart was', () => {
    expect(judge(109)).toMatchObject({ settled: false, waiting: ['stuck', 'metrics-1'], stalled: [] });
    expect(judge(109).sentences[0]).toBe(
      'group stuck has not committed since the restart 9.0 s ago (a-0 at 1000 of 1090, lag 90)',
    );
    expect(judge(130).sentences[0]).toBe(
      'group stuck has not committed since the restart 30 s ago (a-0 at 1000 of 1300, lag 300)',
    );
  });

  it('is settled where there is no group at all', () => {
    const nothing = samples.map((sample) => lagSample({ ...sample, groups: {} }));
    expect(assessLag(policy, nothing, { restartedAtMs: R * 1_000, nowMs: 170_000 })).toMatchObject({
      settled: true,
      groups: [],
      sentences: [],
    });
  });
});
