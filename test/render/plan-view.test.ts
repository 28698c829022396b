import { planView } from '../../src/render/plan-view';
import { plain } from '../../src/render/style';
import { expectGolden } from '../support/golden';
import { samplePlan, samplePlanHash } from '../support/upgrade-fixture';

const view = (plan = samplePlan()): string =>
  planView({ plan, planHash: samplePlanHash }, { style: plain, width: 100 });

describe('planView', () => {
  it('shows path, findings, order, changes, rules and approvals', () => {
    expectGolden('render', 'plan.txt', view());
  });

  it('shows the worst findings first', () => {
    const [note, acceptance] = samplePlan().findings;
    const blocker = { ...samplePlan().findings[0], severity: 'blocker', seen: 'Java 8 on broker 3.' } as typeof note;
    const text = view(samplePlan({ findings: [note, acceptance, blocker].flatMap((finding) => finding ?? []) }));
    expect(text).toContain('1 blocker, 1 to accept, 1 note');
    expect(text.indexOf('Java 8')).toBeLessThan(text.indexOf('audit-log'));
  });

  it('shows different edits for different brokers, and names the brokers', () => {
    const plan = samplePlan();
    const [first, ...others] = plan.steps.binaries;
    if (first === undefined) throw new Error('The sample plan has no steps.');
    const odd = { ...first, edit: { ...first.edit, diff: '@@ -1 +1 @@\n-x=1\n+x=2\n' } };
    const text = view(samplePlan({ steps: { ...plan.steps, binaries: [odd, ...others] } }));
    expect(text).toContain('broker 1\n');
    expect(text).toContain('brokers 2, 3\n');
  });

  it('names the probe of disaster recovery where there is one', () => {
    expect(view(samplePlan({ disasterRecovery: { probe: '/usr/local/bin/check-mirror' } }))).toContain(
      'checked by `/usr/local/bin/check-mirror`',
    );
  });
});
