import { assessLag, type LagAssessment } from '../../../src/domain/lag/lag';
import { defaultPolicy } from '../../../src/domain/policy/policy';
import { lagSample, type PlainSample } from '../../support/lag-samples';

/** ms since the epoch. */
const RESTARTED = 100_000;
const NOW = 170_000;

/** Ten records a second arrive; the group commits at every fifth second, up to second `until`. A sample a second. */
const samplesTo = (last: number, until: number): PlainSample[] =>
  Array.from({ length: last - 49 }, (_, index) => {
    const second = 50 + index;
    const committed = Math.floor(Math.min(second, until) / 5) * 50;
    return { atMs: second * 1_000, missing: [], groups: { app: { 'orders-3': { committed, end: second * 10 } } } };
  });

const assess = (samples: PlainSample[], acceptedGroups: string[]): LagAssessment =>
  assessLag(defaultPolicy.consumerLag, samples.map(lagSample), {
    restartedAtMs: RESTARTED,
    nowMs: NOW,
    acceptedGroups,
  });

describe('a group that was accepted by name', () => {
  const samples = samplesTo(170, 100);

  it('is reported and holds nothing', () => {
    expect(assess(samples, [])).toMatchObject({ settled: false, stalled: ['app'] });
    expect(assess(samples, ['app'])).toMatchObject({
      settled: true,
      stalled: [],
      sentences: [expect.stringMatching(/^group app is stalled.*, as accepted by name$/)],
    });
  });

  it('leaves the others as they are', () => {
    expect(assess(samples, ['another'])).toMatchObject({ settled: false, stalled: ['app'] });
  });

  it('is told last: what holds the gate comes first', () => {
    const both = samples.map((sample) => ({
      ...sample,
      groups: { old: sample.groups['app'] ?? {}, ...sample.groups },
    }));
    const { sentences } = assess(both, ['old']);
    expect(sentences).toEqual([expect.stringContaining('group app'), expect.stringContaining('group old')]);
  });

  it('does not stand for samples that could not be taken', () => {
    expect(assess(samplesTo(99, 99), ['app']).settled).toBe(false);
  });
});

it('names five of many partitions and counts the rest', () => {
  const many = samplesTo(170, 100).map((sample) => {
    const offsets = sample.groups['app']?.['orders-3'] ?? { committed: null, end: 0 };
    return {
      ...sample,
      groups: { app: Object.fromEntries(Array.from({ length: 8 }, (_, place) => [`orders-${place}`, offsets])) },
    };
  });
  const { groups } = assess(many, []);
  expect(groups).toMatchObject([
    {
      partitions: ['orders-0', 'orders-1', 'orders-2', 'orders-3', 'orders-4'],
      sentence: expect.stringContaining(' and 7 more partitions') as string,
    },
  ]);
});
