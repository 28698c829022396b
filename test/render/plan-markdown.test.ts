import type { UpgradePlan } from '../../src/domain/plan/upgrade-plan';
import { planMarkdown } from '../../src/render/plan-markdown';
import { expectGolden } from '../support/golden';
import { kraftFinalization, kraftPlan } from '../support/kraft-fixture';
import { samplePlan, samplePlanHash } from '../support/upgrade-fixture';

const markdown = (plan: UpgradePlan = samplePlan()): string => planMarkdown({ plan, planHash: samplePlanHash });

describe('planMarkdown', () => {
  it('says what the view of the terminal says', () => {
    expectGolden('render', 'plan.md', markdown());
  });

  it('shows the features of a KRaft cluster, each with its gate and its way back', () => {
    const asked = { 'eligible.leader.replicas.version': 1, 'kraft.version': 1 };
    const plan = kraftPlan({ finalization: kraftFinalization(asked), mustAccept: ['controller-quorum'] });
    expectGolden('render', 'plan-kraft-asked.md', markdown(plan));
  });

  it('lets no value break the document', () => {
    const [finding] = samplePlan().findings;
    if (finding === undefined) throw new Error('The sample plan has no findings.');
    const [node] = samplePlan().nodes;
    if (node === undefined) throw new Error('The sample plan has no nodes.');
    const text = markdown(
      samplePlan({
        findings: [{ ...finding, seen: 'a `b` | *c*\n# d' }],
        nodes: [{ ...node, address: 'kafka|x`y' }],
        disasterRecovery: { probe: 'echo `date` | cat' },
      }),
    );
    expect(text).toContain('- **a \\`b\\` \\| \\*c\\* # d**');
    expect(text).toContain('| kafka\\|x\\`y |');
    expect(text).toContain('checked by `` echo `date` | cat ``');
  });

  it('fences a diff by more backticks than it holds', () => {
    const plan = samplePlan();
    const [first] = plan.steps.binaries;
    if (first === undefined) throw new Error('The sample plan has no steps.');
    const step = { ...first, edit: { ...first.edit, diff: '@@ -1 +1 @@\n-x=1\n+x=```\n' } };
    expect(markdown(samplePlan({ steps: { ...plan.steps, binaries: [step] } }))).toContain(
      '````diff\n@@ -1 +1 @@\n-x=1\n+x=```\n````',
    );
  });
});
