import type { UpgradeEvent, UpgradeEventBody } from '../../src/domain/upgrade/upgrade-state';
import { plain } from '../../src/render/style';
import { timelineView } from '../../src/render/timeline-view';
import { expectGolden } from '../support/golden';
import { featureAt, rolled } from '../support/kraft-fixture';
import { item, planMade, sampleTiming, startedAtMs } from '../support/upgrade-fixture';

const trail: UpgradeEventBody[] = [
  planMade(),
  item(1, 'waiting', '1 to accept, 1 note'),
  { type: 'gate-opened', gate: 'plan' },
  { type: 'message', kind: 'resume', by: 'lee', comment: null, accepted: false, answer: 'gate "plan" must be named' },
  {
    type: 'gate-passed',
    gate: 'plan',
    by: 'kim',
    comment: 'CHG-1042',
    disasterRecovery: 'confirmed by kim: restore test of Monday',
    accept: ['audit-log'],
  },
  { type: 'node', phase: 'binaries', nodeId: 2, progress: { state: 'rolling', detail: '', timing: null } },
  { type: 'evidence', title: 'broker 2 stopped cleanly', lines: ['/var/lib/kafka/.kafka_cleanshutdown present'] },
  { type: 'node', phase: 'binaries', nodeId: 2, progress: { state: 'done', detail: '', timing: sampleTiming } },
  { type: 'paused', by: 'lee', comment: 'sale until noon' },
  { type: 'resumed', by: 'lee' },
  { type: 'end-requested', outcome: 'aborted', by: null, comment: null },
  { type: 'ended', outcome: 'aborted', message: 'Aborted after 1 of 3 brokers; all brokers run.' },
];

describe('timelineView', () => {
  it('shows one event a line, in UTC, with evidence below its title', () => {
    const events: UpgradeEvent[] = trail.map((event, index) => ({ ...event, atMs: startedAtMs + index * 61_000 }));
    expectGolden('render', 'timeline.txt', timelineView(events, plain));
  });

  it('tells features and the way back in words', () => {
    const back: UpgradeEventBody[] = [
      { type: 'gate-opened', gate: 'kraft.version' },
      featureAt('transaction.version', 'raising', '0 → 2'),
      featureAt('transaction.version', 'raised', '0 → 2'),
      { type: 'message', kind: 'rollback', by: 'lee', comment: null, accepted: false, answer: 'lower features first' },
      { type: 'end-requested', outcome: 'rolled-back', by: 'kim', comment: 'transactions fail' },
      { type: 'rollback-started' },
      featureAt('transaction.version', 'lowering', '2 → 0'),
      featureAt('transaction.version', 'lowered', '2 → 0'),
      rolled('rollback', 101, 'done'),
      { type: 'ended', outcome: 'rolled-back', message: 'Every node runs 3.9.2 again.' },
    ];
    const events: UpgradeEvent[] = back.map((event, index) => ({ ...event, atMs: startedAtMs + index * 61_000 }));
    expectGolden('render', 'timeline-way-back.txt', timelineView(events, plain));
  });

  it('is empty when nothing happened', () => {
    expect(timelineView([], plain)).toBe('');
  });
});
