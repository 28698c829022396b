import fc from 'fast-check';
import { assessLag, type LagAssessment, type LagStatus } from '../../../src/domain/lag/lag';
import { lagSample, type PlainSample } from '../../support/lag-samples';
import { type ConsumerLagPolicy, defaultPolicy } from '../../../src/domain/policy/policy';

const policy: ConsumerLagPolicy = defaultPolicy.consumerLag;

/** Everything below is told in seconds; the restart is at second 300. Nothing is growing before second 405. */
const R = 300;
const JUDGED = 405;

/** The lag of a consumer if it committed at this second. */
type Lag = (second: number) => number;

interface Consumer {
  lag: Lag;
  /** Records a second that arrive; default 100. */
  rate?: number;
  /** Seconds between two commits; default 5. */
  commitEvery?: number;
  from?: number;
}

const samplesOf = ({ lag, rate = 100, commitEvery = 5, from = 100 }: Consumer, to: number): PlainSample[] =>
  Array.from({ length: to - from + 1 }, (_, i) => {
    const second = from + i;
    const commitAt = Math.floor(second / commitEvery) * commitEvery;
    const end = 1_000_000 + second * rate;
    const committed = 1_000_000 + commitAt * rate - Math.round(lag(commitAt));
    return { atMs: second * 1_000, missing: [], groups: { app: { 'orders-3': { committed, end } } } };
  });

const assess = (samples: PlainSample[], now: number, rules = policy): LagAssessment =>
  assessLag(rules, samples.map(lagSample), { restartedAtMs: R * 1_000, nowMs: now * 1_000 });

const statusOf = (consumer: Consumer, now: number): LagStatus | undefined =>
  assess(samplesOf(consumer, now), now).groups[0]?.status;

/** A lag that begins to grow at a second, by so many records a second. */
const growing =
  (from: number, slope: number, level = 0): Lag =>
  (second) =>
    level + Math.max(0, second - from) * slope;

const cases: { group: string; consumer: Consumer; now: number; status: LagStatus }[] = [
  { group: 'a consumer that keeps up', consumer: { lag: () => 40 }, now: 420, status: 'moving' },
  { group: 'one that falls behind, at first', consumer: { lag: growing(R, 50) }, now: 308, status: 'moving' },
  { group: 'one that falls behind, soon after', consumer: { lag: growing(R, 50) }, now: 316, status: 'rising' },
  { group: 'one that falls behind', consumer: { lag: growing(R, 50) }, now: 400, status: 'rising' },
  { group: 'the same when its time is up', consumer: { lag: growing(R, 50) }, now: 411, status: 'growing' },
  { group: 'the same later', consumer: { lag: growing(R, 50) }, now: 1_200, status: 'growing' },
  {
    group: 'one that falls behind as fast as before',
    consumer: { lag: growing(0, 50) },
    now: 320,
    status: 'moving',
  },
  {
    group: 'one that falls behind as fast as before, for long',
    consumer: { lag: growing(0, 50) },
    now: 420,
    status: 'growing-before',
  },
  { group: 'the same much later', consumer: { lag: growing(0, 50), from: 0 }, now: 1_200, status: 'growing-before' },
  {
    group: 'one that falls behind faster than before',
    consumer: { lag: (s) => s * 10 + growing(R, 30)(s) },
    now: 420,
    status: 'growing',
  },
  {
    group: 'one that was not watched before',
    consumer: { lag: growing(0, 50), from: 290 },
    now: 420,
    status: 'growing',
  },
  {
    group: 'the same while nothing is known',
    consumer: { lag: growing(0, 50), from: 290 },
    now: 350,
    status: 'moving',
  },
  { group: 'growth of less than 500 records', consumer: { lag: growing(R, 4) }, now: 420, status: 'moving' },
  {
    group: 'a backlog that nobody worked off, and that grows now',
    consumer: { lag: growing(R, 50, 1_000_000) },
    now: 420,
    status: 'growing',
  },
  {
    group: 'growth of less than five seconds of traffic',
    consumer: { lag: growing(R, 50), rate: 10_000 },
    now: 420,
    status: 'moving',
  },
  {
    group: 'a rebalance that ends within its time',
    consumer: { lag: (s) => (s < R || s > 360 ? 1 : Math.min(s - R, 360 - s) * 100) },
    now: 420,
    status: 'moving',
  },
  {
    group: 'a backlog of the restart that is being worked off',
    consumer: { lag: (s) => (s < R ? 0 : Math.max(0, 50_000 - (s - R) * 200)) },
    now: 330,
    status: 'moving',
  },
  {
    group: 'a burst that is worked off',
    consumer: { lag: (s) => (s < 380 ? 0 : 20_000 - (s - 380) * 100) },
    now: 420,
    status: 'moving',
  },
  {
    group: 'a jump at the end that no trend led to',
    consumer: { lag: (s) => (s < 415 ? 1 + (s % 10) : 20_000) },
    now: 420,
    status: 'moving',
  },
  {
    group: 'growth with a relapse to the beginning',
    consumer: { lag: (s) => (s === 400 ? 1 : growing(R, 50)(s)) },
    now: 420,
    status: 'moving',
  },
  {
    group: 'growth that levelled out',
    consumer: { lag: (s) => growing(R, 50)(Math.min(s, 370)) },
    now: 430,
    status: 'moving',
  },
  {
    group: 'one that commits rarely and falls behind',
    consumer: { lag: growing(R, 50), commitEvery: 30 },
    now: 460,
    status: 'growing',
  },
  {
    group: 'one that commits too rarely to be held for ever',
    consumer: { lag: growing(R, 50), commitEvery: 50 },
    now: 466,
    status: 'moving',
  },
  {
    group: 'the same before that',
    consumer: { lag: growing(R, 50), commitEvery: 50 },
    now: 464,
    status: 'rising',
  },
];

describe('the verdict on a consumer group that commits', () => {
  it.each(cases)('$group at second $now: $status', ({ consumer, now, status }) => {
    const verdict = assess(samplesOf(consumer, now), now);
    expect(verdict.groups.map((group) => group.status)).toEqual([status]);
    expect(verdict.settled).toBe(!['rising', 'growing'].includes(status));
    expect(verdict.rising).toEqual(status === 'rising' ? ['app'] : []);
    expect(verdict.growing).toEqual(status === 'growing' ? ['app'] : []);
  });

  it.each([
    {
      consumer: { lag: growing(R, 50) },
      now: 412,
      sentence:
        'group app commits, but its lag grows since the restart 112 s ago (orders-3: lag from 2500 to 5500 in 60 s, 50.0/s; before the restart 0.0/s, lag 5700)',
    },
    {
      consumer: { lag: growing(R, 50), from: 290 },
      now: 412,
      sentence:
        'group app commits, but its lag grows since the restart 112 s ago (orders-3: lag from 2500 to 5500 in 60 s, 50.0/s; before the restart unknown, lag 5700)',
    },
    {
      consumer: { lag: growing(R, 50) },
      now: 320,
      sentence:
        'group app commits, but its lag is higher than before the restart 20 s ago; whether it grows is not known yet (orders-3: lag from 0 to 1000 in 20 s, 50.0/s; before the restart 0.0/s, lag 1000)',
    },
    {
      consumer: { lag: growing(0, 50) },
      now: 412,
      sentence:
        'group app fell behind as fast already before the restart and is not counted (orders-3: lag from 17500 to 20500 in 60 s, 50.0/s; before the restart 50.0/s, lag 20700)',
    },
  ])('says: $sentence', ({ consumer, now, sentence }) => {
    expect(assess(samplesOf(consumer, now), now).sentences).toEqual([sentence]);
  });

  it('is told by rare samples, too', () => {
    const rare = { ...policy, sampleIntervalMs: 10_000 };
    const samples = samplesOf({ lag: growing(R, 50) }, 430).filter(({ atMs }) => atMs % 10_000 === 0);
    expect(assess(samples, 430, rare).growing).toEqual(['app']);
  });

  it('takes the time of the policy', () => {
    const quick = { ...policy, growingAfterMs: 20_000, rebalanceToleranceMs: 0 };
    const samples = samplesOf({ lag: growing(R, 50) }, R + 21);
    expect(assess(samples, R + 21, quick).growing).toEqual(['app']);
  });
});

const commitEvery = fc.integer({ min: 1, max: 12 });
const sometime = fc.integer({ min: R + 1, max: JUDGED + 200 });

describe('properties of the trend', () => {
  it('L6: nothing is growing before its time is up', () => {
    const lags = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(lags, commitEvery, fc.integer({ min: R + 1, max: JUDGED - 1 }), (points, every, now) => {
        const lag: Lag = (second) => (second < R ? 0 : (second - R) * 100 + (points[second % 30] ?? 0));
        expect(['growing', 'growing-before']).not.toContain(statusOf({ lag, commitEvery: every }, now));
      }),
    );
  });

  it('L7: a lag below 500 records is never growing or rising, whatever it does', () => {
    const lags = fc.array(fc.integer({ min: 0, max: 450 }), { minLength: 50, maxLength: 50 });
    fc.assert(
      fc.property(lags, commitEvery, sometime, (points, every, now) => {
        const lag: Lag = (second) => points[second % 50] ?? 0;
        expect(statusOf({ lag, commitEvery: every, rate: 5 }, now)).toMatch(/moving|caught-up|waiting/);
      }),
    );
  });

  it('L7: nor is one that does not rise', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(500), commitEvery, sometime, (backlog, speed, every, now) => {
        const lag: Lag = (second) => Math.max(1, backlog - (second - 100) * speed);
        expect(statusOf({ lag, commitEvery: every }, now)).toMatch(/moving|caught-up|steady|waiting/);
      }),
    );
  });

  it('L8: one that keeps falling behind since the restart is held until it is growing, and stays so', () => {
    const slope = fc.integer({ min: 20, max: 90 });
    const noise = fc.array(fc.nat(60), { minLength: 13, maxLength: 13 });
    fc.assert(
      fc.property(slope, noise, commitEvery, fc.nat(400), (steep, dither, every, after) => {
        const lag: Lag = (second) => growing(R, steep)(second) + (dither[second % 13] ?? 0);
        const early = statusOf({ lag, commitEvery: every }, R + 60);
        expect(['rising', 'moving']).toContain(early);
        expect(statusOf({ lag, commitEvery: every }, JUDGED + 30 + after)).toBe('growing');
      }),
    );
  });

  it('L8: steady growth is held at every second from then on', () => {
    const begun = R + 45;
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 90 }), commitEvery, fc.nat(300), (steep, every, after) => {
        const now = begun + after;
        expect(assess(samplesOf({ lag: growing(R, steep), commitEvery: every }, now), now).settled).toBe(false);
      }),
    );
  });

  it('L9: one that fell behind as fast before holds nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), commitEvery, sometime, (steep, every, now) => {
        const verdict = assess(samplesOf({ lag: growing(0, steep), commitEvery: every }, now), now);
        expect([...verdict.growing, ...verdict.rising]).toEqual([]);
      }),
    );
  });
});
