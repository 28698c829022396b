import type { UpgradePlan } from '../../src/domain/plan/upgrade-plan';
import { planView } from '../../src/render/plan-view';
import { plain } from '../../src/render/style';
import { expectGolden } from '../support/golden';
import { kraftFinalization, kraftPlan } from '../support/kraft-fixture';
import { samplePlanHash } from '../support/upgrade-fixture';

const view = (plan: UpgradePlan): string => planView({ plan, planHash: samplePlanHash }, { style: plain, width: 100 });

/** The lines from one heading to the next empty line. */
const section = (text: string, title: string): string[] => {
  const [found] = text.split('\n\n').filter((part) => part.startsWith(title));
  return (found ?? '').split('\n');
};

describe('planView of a KRaft cluster', () => {
  it('shows features instead of a second roll, roles instead of protocols, and no change of files', () => {
    expectGolden('render', 'plan-kraft.txt', view(kraftPlan()));
  });

  it('gives what is raised only when asked a gate of its own, with what is written first', () => {
    const asked = { 'eligible.leader.replicas.version': 1, 'kraft.version': 1 };
    const plan = kraftPlan({ finalization: kraftFinalization(asked), mustAccept: ['controller-quorum', 'audit-log'] });
    expectGolden('render', 'plan-kraft-asked.txt', view(plan));
  });

  it('has no section and no gate for features that are left as they are', () => {
    const text = view(kraftPlan({ finalization: [], toProtocol: '3.9-IV0' }));
    expect(section(text, 'Path').at(-1)).toMatch(/^ {2}2 +features +3\.9-IV0, as it is +nothing to raise$/);
    expect(text).not.toContain('Features, raised');
    expect(section(text, 'Approvals').join('\n')).not.toContain('protocol');
  });

  it('lists features in the order in which they are raised', () => {
    const text = section(view(kraftPlan()), 'Features').join('\n');
    const places = kraftPlan().finalization.map(({ feature }) => text.indexOf(feature));
    expect(places).toHaveLength(5);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
  });

  it('calls nothing a broker that may be a controller', () => {
    const text = view(kraftPlan());
    const own = text
      .replace(kraftPlan().orderRule, '')
      .replace(/^.*10\.0\.0\..*$/gm, '')
      .replace(/lowest id of the brokers left/g, '');
    // The rule of the order tells brokers from controllers; it is broken over two lines.
    expect(own.split('\n').filter((line) => /broker/i.test(line))).toEqual([expect.stringContaining('then brokers')]);
  });

  it('keeps within 100 columns', () => {
    const lines = view(kraftPlan()).split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });
});
