import { assessLag } from '../../../src/domain/lag/lag';
import type { LagAssessment } from '../../../src/domain/lag/lag';
import { defaultPolicy } from '../../../src/domain/policy/policy';
import { committingUntil, lagSample } from '../../support/lag-samples';

const policy = defaultPolicy.consumerLag;

/** Everything below is told in seconds; the restart is at second 100. */
const R = 100;

describe('a group that was accepted by name', () => {
  const samples = committingUntil(100, 50, 170);
  const at = (acceptedGroups: string[]): LagAssessment =>
    assessLag(policy, samples.map(lagSample), { restartedAtMs: R * 1_000, nowMs: 170_000, acceptedGroups });

  it('is reported and holds nothing', () => {
    expect(at([])).toMatchObject({ settled: false, stalled: ['app'] });
    expect(at(['app'])).toMatchObject({
      settled: true,
      stalled: [],
      sentences: [expect.stringMatching(/^group app is stalled.*, as accepted by name$/)],
    });
  });

  it('leaves the others as they are', () => {
    expect(at(['another'])).toMatchObject({ settled: false, stalled: ['app'] });
  });

  it('is told last: what holds the gate comes first', () => {
    const both = samples.map((sample) => ({
      ...sample,
      groups: { old: sample.groups['app'] ?? {}, ...sample.groups },
    }));
    const { sentences } = assessLag(policy, both.map(lagSample), {
      restartedAtMs: R * 1_000,
      nowMs: 170_000,
      acceptedGroups: ['old'],
    });
    expect(sentences).toEqual([expect.stringContaining('group app'), expect.stringContaining('group old')]);
  });

  it('does not stand for samples that could not be taken', () => {
    expect(
      assessLag(policy, committingUntil(99, 50, 99).map(lagSample), {
        restartedAtMs: R * 1_000,
        nowMs: 170_000,
        acceptedGroups: ['app'],
      }).settled,
    ).toBe(false);
  });
});
