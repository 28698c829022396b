import { defaultApprovals } from '../../../src/domain/policy/approval-policy';
import type { GateRule } from '../../../src/domain/policy/approval-policy';
import { defaultPolicy } from '../../../src/domain/policy/policy';
import { reduce } from '../../../src/domain/upgrade/upgrade-state';
import type { UpgradeEventBody, UpgradeState } from '../../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../../src/domain/upgrade/upgrade-status';
import { passed, send } from '../../support/message-fixture';
import { parked, planMade, samplePlan, startedAtMs, stateAfter, trouble } from '../../support/upgrade-fixture';

const names = ['audit-2', 'group:reports', 'group: odd '];

const unhealthy: UpgradeEventBody = {
  type: 'parked',
  trouble: { ...trouble, type: 'NodeUnhealthy', message: 'Not healthy.', hint: 'Repair.', acceptable: names },
};

const after = (state: UpgradeState, ...events: UpgradeEventBody[]): UpgradeState =>
  events.reduce<UpgradeState>((now, event) => reduce(now, { ...event, atMs: startedAtMs }), state);

const atPark = (rule: Partial<GateRule> = {}, requester: string | null = null): UpgradeState => {
  const own = { ...defaultApprovals.rule, ...rule };
  const policy = { ...defaultPolicy, approvals: { ...defaultApprovals, gates: { plan: own } } };
  const state = stateAfter(planMade(samplePlan({ policy })), passed('plan', ['audit-log']), unhealthy);
  return { ...state, request: { requester, ticket: null } };
};

const shown = (state: UpgradeState): Record<string, unknown> => {
  const answer = upgradeStatus(state).waitingFor?.answers.find(({ signal }) => signal === 'approve');
  return JSON.parse(answer?.payload ?? 'null') as Record<string, unknown>;
};

describe('what turned up in mid-upgrade', () => {
  it('is offered at its park with the names filled in, and says what accepting means', () => {
    const { waitingFor } = upgradeStatus(atPark());
    expect(waitingFor?.answers.map(({ signal, payload }) => `${signal} ${payload}`)).toEqual([
      'retry {"park":1}',
      'approve {"park":1,"accept":["audit-2","group:reports","group: odd "]}',
      'abort {"comment":"why"}',
    ]);
    expect(waitingFor?.afterwards).toBe(
      'Repair. Or accept what `approve` names: no gate holds anything for it any more until this upgrade ends. Who may approve: anybody who may send a message.',
    );
  });

  it('is accepted as it is printed, recorded by itself, and the parked step is done again', () => {
    const state = atPark();
    const { accepted, answer, events } = send(state, 'approve', { ...shown(state), by: 'kim', comment: 'retired' });
    expect({ accepted, answer }).toEqual({
      accepted: true,
      answer: 'accepted by name: audit-2, group:reports, group: odd ; the parked step is done again',
    });
    expect(events.slice(1)).toEqual([
      { type: 'accepted', park: 1, accept: names, votes: [{ by: 'kim', comment: 'retired', ticket: null }] },
      { type: 'retried', by: 'kim' },
    ]);
    const done = after(state, ...events);
    expect(done).toMatchObject({ parked: null, acceptance: null, accepted: ['audit-log', ...names] });
    expect(upgradeStatus(done).accepted).toEqual(['audit-log', ...names]);
    expect(after(done, ...events).accepted).toHaveLength(4);
  });

  it('may be accepted in part, in whatever order it is typed', () => {
    const { events } = send(atPark(), 'approve', { park: 1, accept: [' group:reports', 'audit-2', 'audit-2'] });
    expect(events[1]).toMatchObject({ type: 'accepted', accept: ['audit-2', 'group:reports'] });
  });

  it.each<[string, UpgradeState, unknown, string]>([
    [
      'by a pattern',
      atPark(),
      { park: 1, accept: ['*'] },
      '"*" is not what can be accepted by name here; send {"park":1',
    ],
    ['by another name', atPark(), { park: 1, accept: ['orders', 'reports'] }, '"orders", "reports" is not what'],
    ['without a name', atPark(), { park: 1 }, 'it must be said what is accepted, by name; send {"park":1'],
    ['at another park', atPark(), { park: 2, accept: names }, 'there was no park 2 yet; park 1 waits: Not healthy.'],
    ['at a gate beside it', atPark(), { park: 1, gate: 'plan', accept: names }, 'names more than one'],
    [
      'where only a repair helps',
      stateAfter(planMade(), parked),
      { park: 1, accept: ['x'] },
      'nothing can be accepted by name here; park 1 waits: Broker 1 did not start.',
    ],
    [
      'before there is a plan',
      stateAfter(unhealthy),
      { park: 1, accept: names },
      'nothing can be accepted by name here',
    ],
    ['without a name of the person', atPark({ approvers: ['kim'] }), { park: 1, accept: names }, 'who approves'],
    ['by somebody else', atPark({ approvers: ['kim'] }), { park: 1, accept: names, by: 'eve' }, 'eve may not approve'],
    ['without a reason', atPark({ commentRequired: true }), { park: 1, accept: names }, 'wants a reason'],
    ['without a ticket', atPark({ ticketRequired: true }), { park: 1, accept: names }, 'wants a change ticket'],
    [
      'by the requester',
      atPark({ requesterMayApprove: false }, 'Kim'),
      { park: 1, accept: names, by: 'kim' },
      'kim asked for this upgrade',
    ],
  ])('is not accepted %s', (_, state, payload, why) => {
    expect(send(state, 'approve', payload)).toMatchObject({ accepted: false, answer: expect.stringContaining(why) });
  });

  it('takes as many people as gate plan does, all of whom accept the same', () => {
    const state = atPark({ quorum: 2 });
    expect(shown(state)).toEqual({ park: 1, accept: names, by: '<your name>' });
    const some = ['audit-2', 'group:reports'];
    const first = send(state, 'approve', { park: 1, accept: some, by: 'kim' });
    expect(first).toMatchObject({
      accepted: true,
      answer: 'approval 1 of 2 of what is accepted at park 1 is recorded; it still waits',
      events: [{ type: 'message' }, { type: 'acceptance-voted', park: 1, accept: some, vote: { by: 'kim' } }],
    });
    const half = after(state, ...first.events);
    expect(half).toMatchObject({ parked: { type: 'NodeUnhealthy' }, accepted: ['audit-log'] });
    expect(upgradeStatus(half).waitingFor?.approvedBy).toEqual(['kim']);
    expect(shown(half)).toEqual({ park: 1, accept: some, by: '<your name>' });
    const again = (payload: object): string => send(half, 'approve', { park: 1, ...payload }).answer;
    expect(again({ accept: some, by: 'Kim' })).toContain('Kim has approved already (1 of 2)');
    expect(again({ accept: names, by: 'jo' })).toContain('"group: odd" is not what can be accepted');
    expect(again({ accept: ['audit-2'], by: 'jo' })).toContain('others accepted more than that');
    const second = send(half, 'approve', { park: 1, accept: some, by: 'jo' });
    expect(second.events[1]).toMatchObject({ type: 'accepted', votes: [{ by: 'kim' }, { by: 'jo' }] });
    expect(after(half, ...second.events).accepted).toEqual(['audit-log', ...some]);
  });

  it('keeps no vote for another park', () => {
    const state = atPark({ quorum: 2 });
    const half = after(state, ...send(state, 'approve', { park: 1, accept: names, by: 'kim' }).events);
    expect(after(half, ...send(half, 'retry', { park: 1 }).events, unhealthy).acceptance).toBeNull();
    expect(after(half, unhealthy).acceptance).toBeNull();
    expect(after(half, { type: 'rollback-started' }).acceptance).toBeNull();
    const twice = after(half, {
      type: 'acceptance-voted',
      park: 1,
      accept: names,
      vote: { by: 'jo', comment: null, ticket: null },
    });
    expect(twice.acceptance?.votes.map(({ by }) => by)).toEqual(['kim', 'jo']);
  });
});
