import { gateWords } from '../../src/terminal/ask-approval';
import { silentTerminal } from '../../src/terminal/silent-terminal';
import { styleOf } from '../../src/render/style';
import { kraftFinalization, kraftPlan } from '../support/kraft-fixture';
import { samplePlan, samplePlanHash } from '../support/upgrade-fixture';

const coloured = { ...silentTerminal, view: { style: styleOf(true), width: 100 } };

describe('what a person reads before the yes', () => {
  it('names every feature behind the gate, its way back, and what is written first', () => {
    const plan = kraftPlan({ finalization: kraftFinalization({ 'eligible.leader.replicas.version': 1 }) });
    const words = (gate: Parameters<typeof gateWords>[0]): string =>
      gateWords(gate, { plan, planHash: samplePlanHash }, silentTerminal).replace(/\s+/g, ' ');
    expect(words('protocol')).toContain('Raise metadata.version 3.9-IV0 → 4.3-IV0, then transaction.version 0 → 2');
    expect(words('protocol')).not.toContain('eligible.leader.replicas.version');
    expect(words('eligible.leader.replicas.version')).toContain(
      'min.insync.replicas=2 is written for the whole cluster',
    );
    expect(words('plan')).toContain('Findings: nothing found.');
  });

  it.each([
    ['an irreversible level', kraftPlan(), 'bad'],
    ['the protocol of ZooKeeper mode', samplePlan(), 'bad'],
    [
      'levels that can be lowered',
      kraftPlan({ finalization: kraftFinalization({ 'metadata.version': false }) }),
      'attention',
    ],
  ] as const)('shows %s in its colour', (_what, plan, paint) => {
    const lines = gateWords('protocol', { plan, planHash: samplePlanHash }, coloured).split('\n');
    const last = lines.at(-1) ?? '';
    const open = (kind: 'bad' | 'attention'): string => coloured.view.style[kind]('x').split('x')[0] ?? '';
    expect(last.startsWith(open(paint))).toBe(true);
  });
});
