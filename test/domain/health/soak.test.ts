import fc from 'fast-check';
import { afterBad, afterGood, freshSoak, restartLines, restartWords, soakOf } from '../../../src/domain/health/soak';
import type { Soak } from '../../../src/domain/health/soak';

/** Good samples at these seconds; a text is a bad one, one second after the sample before. */
const follow = (...samples: (number | string)[]): Soak => {
  let second = 0;
  return samples.reduce<Soak>((soak, sample) => {
    second = typeof sample === 'number' ? sample : second + 1;
    return typeof sample === 'number' ? afterGood(soak, second * 1_000) : afterBad(soak, second * 1_000, sample);
  }, freshSoak);
};

describe('the measured time of a soak', () => {
  it.each<[string, (number | string)[], number | null]>([
    ['begins with the first good sample', [100], 0],
    ['is what lies between good samples', [100, 101, 103, 118], 18_000],
    ['leaves out what nobody measured', [100, 101, 1_901], 1_000],
    ['goes on after a gap', [100, 101, 1_901, 1_902], 2_000],
    ['leaves out a gap just above the heartbeat time-out', [100, 115.001], 0],
    ['does not go back with a clock', [100, 105, 90, 91], 6_000],
    ['is nothing while something is wrong', [100, 105, 'offline'], null],
    ['is nothing before the first good sample', ['offline'], null],
    ['begins anew after a bad sample', [100, 105, 'offline', 107, 109], 2_000],
  ])('%s', (_what, samples, healthyMs) => {
    expect(follow(...samples).healthyMs).toBe(healthyMs);
  });

  it('is never more than the time from the first good sample to the last, nor than its samples cover', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 20 });
    fc.assert(
      fc.property(steps, (gaps) => {
        let atMs = 1_000;
        const soak = gaps.reduce((before, gap) => afterGood(before, (atMs += gap)), afterGood(freshSoak, atMs));
        expect(soak.healthyMs).toBe(gaps.filter((gap) => gap <= 15_000).reduce((sum, gap) => sum + gap, 0));
      }),
    );
  });
});

describe('a soak that began again', () => {
  it('says when, why and for which time', () => {
    const twice = follow(59_466, '3 partitions are under-replicated', 59_470, 'broker 3 does not answer', 59_480);
    expect(restartWords(twice)).toBe('the soak began again at 16:31:11 UTC: broker 3 does not answer; 2nd time');
    expect(restartLines(twice)).toEqual([
      'the soak began again at 16:31:07 UTC: 3 partitions are under-replicated',
      'the soak began again at 16:31:11 UTC: broker 3 does not answer',
    ]);
  });

  it('is silent about a first soak, and about what was wrong before it', () => {
    expect(restartWords(follow('in sync soon', 'still not', 100, 101))).toBeNull();
    expect(restartLines(follow('in sync soon', 100))).toEqual([]);
  });

  it('counts one restart, however long something stays wrong', () => {
    expect(follow(100, 'wrong', 'still wrong', 'wrong again')).toMatchObject({
      soakRestartCount: 1,
      soakRestarts: [{ atMs: 101_000, reason: 'wrong' }],
    });
  });

  it('keeps the last ten, and how many there were', () => {
    const soak = follow(...Array.from({ length: 23 }, (_, index) => [index * 10, `reason ${index}`]).flat());
    expect(soak.soakRestarts.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 10 }, (_, index) => `reason ${index + 13}`),
    );
    expect(restartWords(soak)).toMatch(/reason 22; 23rd time$/);
    expect(restartLines(soak)[0]).toBe('the soak began again 13 times before that');
    expect(restartLines(soak)).toHaveLength(11);
  });

  it.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [11, '11th'],
    [12, '12th'],
    [13, '13th'],
    [21, '21st'],
    [30, '30th'],
    [112, '112th'],
  ])('%i is the %s time', (soakRestartCount, words) => {
    expect(restartWords({ soakRestarts: [{ atMs: 0, reason: 'x' }], soakRestartCount })).toBe(
      `the soak began again at 00:00:00 UTC: x; ${words} time`,
    );
  });

  it('keeps a long reason bounded', () => {
    const [restart] = follow(1, 'x'.repeat(10_000)).soakRestarts;
    expect(restart?.reason).toHaveLength(301);
  });
});

describe('what an earlier attempt left behind', () => {
  it('is gone on with', () => {
    const left = follow(100, 105, 'offline', 107, 109);
    expect(soakOf(JSON.parse(JSON.stringify(left)))).toEqual(left);
    expect(soakOf(freshSoak)).toEqual(freshSoak);
  });

  it.each([
    undefined,
    null,
    'text',
    {},
    { ...freshSoak, healthyMs: 'long' },
    { ...freshSoak, sampledAtMs: undefined },
    { ...freshSoak, soakRestarts: null },
    { ...freshSoak, soakRestartCount: '2' },
  ])('is a fresh soak where it is none: %j', (left) => {
    expect(soakOf(left)).toEqual(freshSoak);
  });

  it('leaves out what is no restart', () => {
    const soakRestarts = [null, { atMs: 1 }, { atMs: '1', reason: 'x' }, { atMs: 1, reason: 'x' }];
    expect(soakOf({ ...freshSoak, soakRestarts }).soakRestarts).toEqual([{ atMs: 1, reason: 'x' }]);
  });
});
