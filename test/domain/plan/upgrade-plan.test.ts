import type { Finding, FindingSeverity } from '../../../src/domain/checks/finding';
import { blockers, levelWords, phaseTitles, shortHash } from '../../../src/domain/plan/upgrade-plan';
import { kraftPlan } from '../../support/kraft-fixture';
import { samplePlan, samplePlanHash } from '../../support/upgrade-fixture';

const finding = (severity: FindingSeverity, seen: string): Finding => ({
  severity,
  failure: severity === 'blocker' ? 'PlanBlocked' : null,
  seen,
  why: 'why',
  action: 'action',
  source: 'source',
});

describe('the words of a plan', () => {
  it.each([
    ['binaries', 'new binaries'],
    ['protocol', 'new protocol'],
    ['rollback', 'old binaries back'],
  ] as const)('call phase %s "%s"', (phase, title) => {
    expect(phaseTitles[phase]).toBe(title);
  });

  it.each([
    ['protocol', samplePlan()],
    ['metadata.version', kraftPlan()],
  ])('call the level of the cluster "%s"', (words, plan) => {
    expect(levelWords(plan)).toBe(words);
  });

  it.each([
    [samplePlanHash, '1a2b3c4d'],
    ['0123456789abcdef', '01234567'],
    ['abc', 'abc'],
  ])('shorten the hash %s to what people type', (hash, typed) => {
    expect(shortHash(hash)).toBe(typed);
  });
});

describe('the blockers of a plan', () => {
  it('are the findings that end it, in their order', () => {
    const findings = [
      finding('blocker', 'a'),
      finding('needs-acceptance', 'b'),
      finding('blocker', 'c'),
      finding('warning', 'd'),
      finding('note', 'e'),
    ];
    expect(blockers(samplePlan({ findings })).map(({ seen }) => seen)).toEqual(['a', 'c']);
  });

  it('are none where everything may be accepted or read', () => {
    expect(blockers(samplePlan())).toEqual([]);
  });
});
