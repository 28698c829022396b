import { defaultApprovals } from '../../src/domain/approval-policy';
import type { ApprovalPolicy } from '../../src/domain/approval-policy';
import { defaultPolicy } from '../../src/domain/policy';
import { reduce } from '../../src/domain/upgrade-state';
import type { UpgradeEventBody, UpgradeState } from '../../src/domain/upgrade-state';
import { upgradeStatus } from '../../src/domain/upgrade-status';
import { atGate, hash, opened, passed, send } from '../support/message-fixture';
import { planMade, samplePlan, stateAfter } from '../support/upgrade-fixture';

describe('a gate that several people pass', () => {
  const fourEyes: ApprovalPolicy = {
    ...defaultApprovals,
    gates: { protocol: { ...defaultApprovals.rule, quorum: 2, approvers: ['kim', 'jo', 'max'] } },
  };
  const plan = samplePlan({ policy: { ...defaultPolicy, approvals: fourEyes } });
  const open = (...more: UpgradeEventBody[]): UpgradeState => stateAfter(planMade(plan), opened('protocol'), ...more);
  const yes = (by: string) => ({ gate: 'protocol', plan: hash, by });

  it('is closed after the first yes, and open after the second', () => {
    const first = send(open(), 'approve', yes('kim'));
    expect(first).toMatchObject({
      accepted: true,
      answer: 'approval 1 of 2 of gate "protocol" is recorded; the gate is still closed',
    });
    const half = open(...first.events);
    expect(half.openGate?.votes).toEqual([{ by: 'kim', comment: null, ticket: null }]);
    expect(send(half, 'approve', yes('Kim')).answer).toBe('Kim has approved already (1 of 2); somebody else has to');
    const second = send(half, 'resume', yes('jo'));
    expect(second.answer).toBe('gate "protocol" is passed');
    expect(second.events[1]).toMatchObject({ type: 'gate-passed', votes: [{ by: 'kim' }, { by: 'jo' }] });
    expect(open(...first.events, ...second.events)).toMatchObject({ openGate: null, passedGates: ['protocol'] });
  });

  it('tells who may, and shows what to send with the places to fill in', () => {
    const { waitingFor } = upgradeStatus(
      open({ type: 'gate-voted', gate: 'protocol', vote: { by: 'kim', comment: null, ticket: null } }),
    );
    expect(waitingFor).toMatchObject({ who: 'Who may approve: 2 of: kim, jo, max.', approvedBy: ['kim'] });
    expect(waitingFor?.answers[0]).toEqual({
      signal: 'approve',
      payload: '{"gate":"protocol","plan":"1a2b3c4d","by":"<your name>"}',
    });
  });

  it('takes what was pasted without filling it in for no name', () => {
    expect(send(open(), 'approve', yes('<your name>')).answer).toBe(
      'this gate wants to know who approves: add "by" with your name',
    );
  });

  it('that expired takes no yes before it is asked again, from the start', () => {
    const expired = open(...send(open(), 'approve', yes('kim')).events, {
      type: 'gate-expired',
      gate: 'protocol',
      waitedMs: 1,
    });
    expect(send(expired, 'approve', yes('jo'))).toMatchObject({
      accepted: false,
      answer: 'gate "protocol" expired without an answer and stays closed; send `retry` to ask again',
    });
    expect(upgradeStatus(expired).waitingFor).toMatchObject({
      question: expect.stringMatching(/^Nobody answered in time: the gate stays closed until it is asked again\. /),
      answers: [{ signal: 'retry', payload: '{}' }, { signal: 'reject' }],
    });
    const again = send(expired, 'retry', { by: 'max' });
    expect(again.answer).toBe('gate "protocol" is asked again, from the start');
    const reopened = again.events.reduce<UpgradeState>((now, event) => reduce(now, { ...event, atMs: 9 }), expired);
    expect(reopened.openGate).toEqual({ gate: 'protocol', openedAtMs: 9, votes: [], expiredAtMs: null });
  });
});

describe('confirmDr', () => {
  it('is recorded with who and how, and the approval of the plan then needs no confirmation', () => {
    const confirmed = send(atGate('plan'), 'confirmDr', { by: 'jane', comment: 'restore test of Monday' });
    expect(confirmed).toMatchObject({
      accepted: true,
      answer: 'the disaster-recovery path is confirmed, for the record',
    });
    const state = atGate('plan', ...confirmed.events);
    expect(state.disasterRecovery).toBe('confirmed by jane: restore test of Monday');
    expect(upgradeStatus(state).waitingFor?.answers[0]?.payload).toBe(
      '{"gate":"plan","plan":"1a2b3c4d","accept":["audit-log"]}',
    );
    const { events } = send(state, 'approve', { gate: 'plan', plan: hash, accept: ['audit-log'] });
    expect(events[1]).toMatchObject({
      type: 'gate-passed',
      disasterRecovery: 'confirmed by jane: restore test of Monday',
    });
  });

  it.each<[string, UpgradeState, unknown, string]>([
    ['without a name', atGate('plan'), { comment: 'sure' }, 'it must be known who confirms it'],
    [
      'twice',
      atGate('plan', { type: 'disaster-recovery-confirmed', by: 'jane', comment: null }),
      { by: 'jo' },
      'it is confirmed by jane already',
    ],
    [
      'too late',
      stateAfter(planMade(), { type: 'item', item: 2, state: 'done', detail: '' }),
      { by: 'jo' },
      'item 2 is done',
    ],
  ])('is refused %s', (_, state, payload, why) => {
    expect(send(state, 'confirmDr', payload)).toMatchObject({ accepted: false, answer: expect.stringContaining(why) });
  });
});

it('a bare resume says that it is the maintenance window that is waited for', () => {
  const closed = { words: 'Outside of the maintenance windows.', opensAtMs: 1 };
  const state = stateAfter(planMade(), { type: 'window', closed });
  expect(send(state, 'resume').answer).toBe(
    'it waits for the maintenance window, not for a person: Outside of the maintenance windows.',
  );
  expect(upgradeStatus(state)).toMatchObject({
    phase: 'waiting-for-window',
    message: 'Outside of the maintenance windows.',
    closedWindow: closed,
    waitingFor: null,
  });
});

it('a plan that is made anew was approved by nobody', () => {
  expect(stateAfter(planMade(), opened('plan'), passed('plan')).passedGates).toEqual(['plan']);
  expect(stateAfter(planMade(), opened('plan'), passed('plan'), planMade()).passedGates).toEqual([]);
});
