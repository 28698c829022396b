import { createHash } from 'node:crypto';
import { settingsChanged, settingsChangedHere } from '../../../src/domain/plan/definition-differences';
import { plannedSettings } from '../../../src/domain/policy/definition-settings';
import type { WrittenSettings } from '../../../src/domain/policy/definition-settings';

const kept = (written: WrittenSettings) =>
  plannedSettings(written, (text) => createHash('sha256').update(text).digest('hex'));

const before: WrittenSettings = {
  'nodes[id=2].kafka': 'k2:9092',
  'policy.soakSeconds': '30',
  'service.environment.KAFKA_OPTS': '-Dpassword=old',
};

const between = (now: WrittenSettings): string => settingsChanged(kept(before), kept(now));
const here = (now: WrittenSettings): string => settingsChangedHere(kept(before), { settings: kept(now), written: now });

describe('the differences of two definitions', () => {
  it.each<[string, WrittenSettings, { plans: string; worker: string }]>([
    [
      'a setting, with both values',
      { ...before, 'policy.soakSeconds': '10' },
      { plans: 'policy.soakSeconds: 30 → 10', worker: 'policy.soakSeconds: 30 → 10' },
    ],
    [
      'a setting of a node, with the value that is known',
      { ...before, 'nodes[id=2].kafka': 'k2:9093' },
      {
        plans: 'nodes[id=2].kafka: another value → another value',
        worker: 'nodes[id=2].kafka: another value → k2:9093',
      },
    ],
    [
      'what may be secret, without a value',
      { ...before, 'service.environment.KAFKA_OPTS': '-Dpassword=new' },
      {
        plans: 'service.environment.KAFKA_OPTS: another value → another value',
        worker: 'service.environment.KAFKA_OPTS: another value → another value, not shown as it may be secret',
      },
    ],
    [
      'what was added, in part where it is long',
      { ...before, 'policy.endToEndTopic': 'x'.repeat(100) },
      {
        plans: 'policy.endToEndTopic: not written → another value',
        worker: `policy.endToEndTopic: not written → ${'x'.repeat(80)}…`,
      },
    ],
    [
      'what was left out',
      { 'policy.soakSeconds': '30', 'service.environment.KAFKA_OPTS': '-Dpassword=old' },
      {
        plans: 'nodes[id=2].kafka: another value → not written',
        worker: 'nodes[id=2].kafka: another value → not written',
      },
    ],
  ])('are told: %s', (_what, now, { plans, worker }) => {
    expect(between(now)).toBe(plans);
    expect(here(now)).toBe(worker);
  });

  it('are told in the order of their paths, ten of them', () => {
    const more = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`policy.s${index + 10}`, '1']));
    const words = between({ ...before, ...more });
    expect(words).toMatch(/^policy\.s10: not written → 1, policy\.s11: .* and 2 more$/);
  });

  it('may be none that the plan remembers', () => {
    expect(between(before)).toBe('nothing that the plan remembers');
  });
});
