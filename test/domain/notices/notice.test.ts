import { blocker } from '../../../src/domain/checks/finding';
import { noticeOf } from '../../../src/domain/notices/notice';
import type { Notice } from '../../../src/domain/notices/notice';
import { isTold } from '../../../src/domain/policy/planned-channel';
import { reduce } from '../../../src/domain/upgrade/upgrade-state';
import type { UpgradePlan } from '../../../src/domain/plan/upgrade-plan';
import type { UpgradeEventBody, UpgradeState } from '../../../src/domain/upgrade/upgrade-state';
import { midFirstRoll, planMade, samplePlan, startedAtMs, stateAfter } from '../../support/upgrade-fixture';

const hour = 3_600_000;

const noticeAfter = (events: UpgradeEventBody[], last: UpgradeEventBody): Notice | null => {
  const before = stateAfter(...events);
  const event = { ...last, atMs: startedAtMs + hour };
  return noticeOf({ before, event, after: reduce(before, event) }, 'run-1/9');
};

const gateOpened: UpgradeEventBody = { type: 'gate-opened', gate: 'plan' };
const paused: UpgradeEventBody = { type: 'paused', by: 'kim', comment: null };

const parked: UpgradeEventBody = {
  type: 'parked',
  trouble: {
    type: 'StartFailed',
    message: `Broker 1 does not start. ${'log '.repeat(1_000)}`,
    hint: 'Repair it.',
    nodeId: 1,
    phase: 'binaries',
    nodeIsDown: true,
  },
};

describe('the notice of an event', () => {
  it.each<[string, UpgradeEventBody[], UpgradeEventBody, Partial<Notice>]>([
    ['the first plan', [], planMade(), { kind: 'started', plan: '1a2b3c4d', from: '3.7.2', wait: null }],
    ['an open gate', [planMade()], gateOpened, { kind: 'waiting', phase: 'awaiting-approval' }],
    [
      'a gate asked again',
      [planMade(), gateOpened],
      { type: 'gate-reopened', gate: 'plan', by: 'jo' },
      { kind: 'waiting' },
    ],
    [
      'a gate that expired',
      [planMade(), gateOpened],
      { type: 'gate-expired', gate: 'plan', waitedMs: 72 * hour },
      { kind: 'expired', message: 'Nobody has answered for 72 h: gate plan stays closed until it is asked again.' },
    ],
    ['a pause', midFirstRoll, paused, { kind: 'waiting', by: 'kim' }],
    [
      'a reminder',
      [planMade(), gateOpened],
      { type: 'alarm', alarm: 'reminder', wait: 'gate plan', waitedMs: hour / 2 },
      { kind: 'reminder', message: 'Nobody has answered for 30 min. What is waited for: gate plan.' },
    ],
    ['a parked step', midFirstRoll, parked, { kind: 'parked', nodeId: 1, phase: 'parked' }],
    ['a warning', midFirstRoll, { type: 'warning', message: 'no silence' }, { kind: 'warning', message: 'no silence' }],
    [
      'an end',
      midFirstRoll,
      { type: 'ended', outcome: 'completed', message: 'All run 3.8.1.' },
      { kind: 'finished', outcome: 'completed', message: 'All run 3.8.1.', wait: null },
    ],
  ])('of %s', (_what, events, last, expected) => {
    const expectedOfAll = { id: 'run-1/9', cluster: 'orders-prod', to: '3.8.1' };
    expect(noticeAfter(events, last)).toMatchObject({ ...expectedOfAll, ...expected });
  });

  it.each<[string, UpgradeEventBody[], UpgradeEventBody]>([
    ['another plan, which is asked about at its gate', [planMade()], planMade()],
    ['a pause at an open gate, which waits anyway', [planMade(), gateOpened], paused],
    ['a retry', [...midFirstRoll, parked], { type: 'retried', by: null }],
  ])('is none of %s', (_what, events, last) => {
    expect(noticeAfter(events, last)).toBeNull();
  });

  it('names what is waited for, who may answer, and how', () => {
    expect(noticeAfter([planMade()], gateOpened)?.wait).toMatchObject({
      name: 'gate plan',
      waitedMs: 0,
      who: 'Who may approve: anybody who may send a message.',
      answers: expect.arrayContaining([expect.objectContaining({ signal: 'approve' })]),
    });
    expect(noticeAfter(midFirstRoll, parked)?.wait?.name).toBe('the parked step');
    expect(noticeAfter(midFirstRoll, paused)?.wait?.name).toBe('the pause');
  });

  it.each<[string, UpgradeState['request'], UpgradePlan, string]>([
    [
      'nobody in particular',
      { requester: null, ticket: null },
      samplePlan(),
      'The upgrade of 3 nodes from 3.7.2 to 3.8.1 was started by somebody. Plan 1a2b3c4d has 2 findings. Nothing was touched yet.',
    ],
    [
      'somebody with a ticket, though it is blocked',
      { requester: 'kim', ticket: 'CHG-1' },
      samplePlan({ findings: [blocker('DiskFull', { seen: '', why: '', action: '', source: '' })] }),
      'The upgrade of 3 nodes from 3.7.2 to 3.8.1 was started by kim (CHG-1). Plan 1a2b3c4d has 1 findings, 1 of them blockers. Nothing was touched yet.',
    ],
  ])('of a start by %s says what is to be done', (_who, asked, plan, words) => {
    const before = { ...stateAfter(), request: asked };
    const event = { ...planMade(plan), atMs: startedAtMs };
    const notice = noticeOf({ before, event, after: reduce(before, event) }, 'run-1/1');
    expect(notice).toMatchObject({ kind: 'started', message: words, by: asked.requester, ...asked });
  });

  it('is bounded, whatever a log says', () => {
    const notice = noticeAfter(midFirstRoll, parked);
    expect(notice?.message).toHaveLength(2_000);
    expect(notice?.wait?.question).toHaveLength(2_000);
  });

  it('tells of a failure before anything was planned', () => {
    const failed: UpgradeEventBody = { type: 'ended', outcome: 'failed', message: 'Unknown cluster.' };
    expect(noticeAfter([], failed)).toMatchObject({
      kind: 'finished',
      outcome: 'failed',
      message: 'Unknown cluster.',
      from: null,
    });
  });
});

describe('a channel', () => {
  it('is told of what it wants, and of what is graver', () => {
    expect(isTold({ on: ['reminder'] }, 'escalation')).toBe(true);
    expect(isTold({ on: ['escalation'] }, 'expired')).toBe(true);
    expect(isTold({ on: ['escalation'] }, 'reminder')).toBe(false);
    expect(isTold({ on: ['finished'] }, 'parked')).toBe(false);
  });
});
