import { TypedSearchAttributes } from '@temporalio/common';
import { listedUpgrade, mustBeAsked, withAnswer } from '../../src/client/upgrade-summary';
import type { ListedWorkflow } from '../../src/client/upgrade-summary';
import { upgradeStatus } from '../../src/domain/upgrade/upgrade-status';
import { eventsOf, midFirstRoll, planMade, startedAtMs, stateAfter } from '../support/upgrade-fixture';

const attributes = (phase: string, attention: boolean): TypedSearchAttributes =>
  new TypedSearchAttributes([
    { key: { name: 'UpgradePhase', type: 'KEYWORD' }, value: phase },
    { key: { name: 'UpgradeTarget', type: 'KEYWORD' }, value: '3.8.1' },
    { key: { name: 'UpgradeAttention', type: 'BOOL' }, value: attention },
  ]);

const entry = (overrides: Partial<ListedWorkflow> = {}): ListedWorkflow => ({
  workflowId: 'kafka-upgrade/orders-prod',
  runId: 'run-1',
  status: { name: 'RUNNING' },
  startTime: new Date(startedAtMs),
  typedSearchAttributes: new TypedSearchAttributes([]),
  memo: { from: '3.7.2', target: '3.8.1', requester: 'kim', ticket: '' },
  ...overrides,
});

describe('listedUpgrade', () => {
  it('reads search attributes and memo', () => {
    const upgrade = listedUpgrade(entry({ typedSearchAttributes: attributes('rolling-binaries', false) }));
    expect(upgrade).toMatchObject({
      cluster: 'orders-prod',
      fromVersion: '3.7.2',
      toVersion: '3.8.1',
      phase: 'rolling-binaries',
      attention: false,
      requester: 'kim',
      ticket: null,
      startedAtMs,
      endedAtMs: null,
    });
    expect(mustBeAsked(upgrade)).toBe(false);
  });

  it('knows when the upgrade began, in whatever run of its workflow it is', () => {
    const { memo } = entry();
    const later = entry({ startTime: new Date(startedAtMs + 3_600_000), memo: { ...memo, startedAtMs } });
    expect(listedUpgrade(later).startedAtMs).toBe(startedAtMs);
  });

  it('has to ask what is wanted of a person, and everything where there are no search attributes', () => {
    const waiting = entry({ typedSearchAttributes: attributes('awaiting-approval', true) });
    expect(mustBeAsked(listedUpgrade(waiting))).toBe(true);
    const { memo: _none, ...bare } = entry();
    expect(listedUpgrade(bare)).toMatchObject({ phase: null, attention: null, toVersion: null, requester: null });
    expect(mustBeAsked(listedUpgrade(bare))).toBe(true);
  });

  it.each([
    ['FAILED', 'failed'],
    ['TIMED_OUT', 'failed'],
    ['CANCELLED', 'cancelled'],
    ['TERMINATED', 'terminated'],
  ] as const)('believes Temporal that a workflow is %s, whatever phase it was in', (name, phase) => {
    const status = { name };
    const closeTime = new Date(startedAtMs + 1);
    const upgrade = listedUpgrade(entry({ status, closeTime, typedSearchAttributes: attributes('parked', true) }));
    expect(upgrade).toMatchObject({ running: false, phase, attention: false, endedAtMs: startedAtMs + 1 });
    expect(mustBeAsked(upgrade)).toBe(false);
  });
});

describe('withAnswer', () => {
  const upgrade = listedUpgrade(entry());

  it('tells the gate, and since when it is open', () => {
    const bodies = [planMade(), { type: 'gate-opened', gate: 'plan' } as const];
    const answered = withAnswer(upgrade, { status: upgradeStatus(stateAfter(...bodies)), events: eventsOf(...bodies) });
    expect(answered).toMatchObject({
      phase: 'awaiting-approval',
      attention: true,
      waitingFor: { kind: 'approval', gate: 'plan', sinceMs: startedAtMs + 2_000 },
    });
  });

  it('tells that nobody is waited for', () => {
    const answered = withAnswer(upgrade, { status: upgradeStatus(stateAfter(...midFirstRoll)), events: [] });
    expect(answered).toMatchObject({ phase: 'rolling-binaries', attention: false, waitingFor: null });
  });
});
