import type { UpgradeSummary } from '../../src/client/upgrade-summary';
import { listView } from '../../src/render/list-view';
import { plain } from '../../src/render/style';
import { expectGolden } from '../support/golden';
import { startedAtMs } from '../support/upgrade-fixture';

const nowMs = startedAtMs + 3_600_000;

const upgrade = (cluster: string, overrides: Partial<UpgradeSummary> = {}): UpgradeSummary => ({
  workflowId: `kafka-upgrade/${cluster}`,
  runId: '0',
  cluster,
  fromVersion: '3.7.2',
  toVersion: '3.8.1',
  running: true,
  phase: 'rolling-binaries',
  attention: false,
  waitingFor: null,
  startedAtMs,
  endedAtMs: null,
  requester: 'kim@ops-1',
  ticket: null,
  trouble: null,
  ...overrides,
});

const waiting = { attention: true, phase: 'awaiting-approval' } as const;
const question = 'Broker 2 on kafka@10.0.0.2:22 did not start: its log ends with "Address already in use".';

const upgrades = [
  upgrade('orders-prod', {
    ...waiting,
    waitingFor: { kind: 'approval', gate: 'protocol', question: '', sinceMs: nowMs - 720_000 },
  }),
  upgrade('payments', {
    phase: 'parked',
    attention: true,
    waitingFor: { kind: 'parked', gate: null, question, sinceMs: nowMs - 61_000 },
  }),
  upgrade('billing', {
    phase: 'paused',
    attention: true,
    waitingFor: { kind: 'paused', gate: null, question: '', sinceMs: null },
  }),
  upgrade('audit', { requester: null }),
  upgrade('stock', { ...waiting, trouble: 'no worker answers' }),
  upgrade('search', { fromVersion: null, toVersion: null, phase: null, attention: null, trouble: 'no worker answers' }),
  upgrade('logs', { running: false, phase: 'rolled-back', endedAtMs: nowMs }),
];

const view = (shown: UpgradeSummary[], width: number): string =>
  listView({ upgrades: shown, nowMs, none: 'There is no upgrade.' }, { style: plain, width });

describe('listView', () => {
  it('shows each upgrade in a line, with what it waits for and since when', () => {
    expectGolden('render', 'list.txt', view(upgrades, 140));
  });

  it('leaves out in a narrow window what is missed least', () => {
    const narrow = view(upgrades, 72);
    expectGolden('render', 'list-narrow.txt', narrow);
    expect(narrow.split('\n').filter((line) => line.length > 72)).toEqual([]);
  });

  it('says what an empty list means', () => {
    expect(view([], 100)).toBe('There is no upgrade.');
  });
});
