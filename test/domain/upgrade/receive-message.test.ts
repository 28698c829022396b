import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { gatePayload } from '../../../src/domain/people/approval';
import { defaultApprovals } from '../../../src/domain/policy/approval-policy';
import type { ApprovalPolicy } from '../../../src/domain/policy/approval-policy';
import { messageKinds, parsePayload } from '../../../src/domain/people/message';
import type { MessageKind } from '../../../src/domain/people/message';
import { defaultPolicy } from '../../../src/domain/policy/policy';
import { reduce } from '../../../src/domain/upgrade/upgrade-state';
import type { UpgradeEventBody, UpgradeState } from '../../../src/domain/upgrade/upgrade-state';
import { upgradeStatus } from '../../../src/domain/upgrade/upgrade-status';
import { anyPayload, atGate, gates, hash, inForce, opened, passed, send } from '../../support/message-fixture';
import { parked, paused, planMade, samplePlan, samplePlanHash, stateAfter } from '../../support/upgrade-fixture';

const anyKind = fc.constantFrom(...messageKinds);

const states: UpgradeState[] = [
  stateAfter(),
  stateAfter(planMade()),
  ...gates.map((gate) => atGate(gate)),
  ...gates.map((gate) => atGate(gate, paused)),
  stateAfter(planMade(), parked),
  atGate('protocol', { type: 'end-requested', outcome: 'aborted', by: null, comment: null }),
  atGate('plan', { type: 'ended', outcome: 'completed', message: '' }),
];

describe('any message in any state', () => {
  it('is answered in words and recorded first; refused ones change nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...states), anyKind, anyPayload, (state, kind, payload) => {
        const { accepted, answer, events } = send(state, kind, payload);
        expect(answer).not.toBe('');
        expect(events[0]).toMatchObject({ type: 'message', kind, accepted, answer });
        expect(accepted ? events.length > 1 : events.length === 1).toBe(true);
        const after = events.reduce<UpgradeState>((now, event) => reduce(now, { ...event, atMs: 1 }), state);
        expect(accepted || isDeepStrictEqual({ ...after, received: state.received }, state)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('I3: passes a gate only by its name and the plan, and only the gate that is open', () => {
    fc.assert(
      fc.property(fc.constantFrom(...gates), anyKind, anyPayload, (open, kind, given) => {
        const { events } = send(atGate(open), kind, given);
        const pass = events.find(({ type }) => type === 'gate-passed');
        if (pass === undefined) return;
        const { gate, plan } = parsePayload(given);
        expect(['approve', 'resume']).toContain(kind);
        expect(pass).toMatchObject({ gate: open });
        expect(gate).toBe(open);
        expect(plan === null ? open === 'canary' : samplePlanHash.startsWith(plan.toLowerCase())).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('I3: an approval made for one gate or plan passes no other', () => {
    fc.assert(
      fc.property(fc.constantFrom(...gates), fc.constantFrom(...gates), fc.boolean(), (made, open, samePlan) => {
        const payload = JSON.parse(gatePayload(made, inForce())) as Record<string, unknown>;
        const planHash = samePlan ? samplePlanHash : 'f'.repeat(64);
        const state = { ...atGate(open), planHash };
        const given = { ...payload, disasterRecovery: 'kim' };
        expect(send(state, 'approve', given).accepted).toBe(made === open && samePlan);
      }),
    );
  });
});

describe('answers', () => {
  const cases: [string, UpgradeState, MessageKind, unknown, boolean, string][] = [
    ['approve without a gate', stateAfter(planMade()), 'approve', {}, false, 'no gate is open'],
    ['approve before there is a plan', stateAfter(opened('plan')), 'approve', {}, false, 'no gate is open'],
    [
      'approve of a gate that was passed',
      stateAfter(planMade(), opened('plan'), passed('plan')),
      'approve',
      { gate: 'plan', plan: hash },
      false,
      'gate "plan" was passed already',
    ],
    ['resume with nothing to resume', stateAfter(planMade()), 'resume', {}, false, 'nothing to resume'],
    ['resume of a parked step', stateAfter(parked), 'resume', { park: 1 }, true, 'done again'],
    ['retry of a parked step', stateAfter(parked), 'retry', { park: 1 }, true, 'done again'],
    [
      'a bare retry of a parked step',
      stateAfter(parked),
      'retry',
      {},
      false,
      'it must be said what is meant: park 1 waits: Broker 1 did not start. Once you have read it, send `retry` with {"park":1}',
    ],
    ['a bare resume of a parked step', stateAfter(parked), 'resume', {}, false, 'send `retry` with {"park":1}'],
    ['a bare resume of a pause', stateAfter(paused), 'resume', {}, false, 'to lift it send `resume` with {"pause":1}'],
    ['retry of a pause', stateAfter(paused), 'retry', { pause: 1 }, false, 'nothing to retry'],
    [
      'retry of a gate that waits',
      atGate('canary'),
      'retry',
      { gate: 'canary' },
      false,
      'gate "canary" did not expire',
    ],
    ['retry of a gate that does not', atGate('canary'), 'retry', { gate: 'plan' }, false, 'gate "plan" is not open'],
    ['one message for two', atGate('canary', paused), 'resume', { gate: 'canary', pause: 1 }, false, 'more than one'],
    ['retry without one', stateAfter(planMade()), 'retry', {}, false, 'nothing to retry'],
    ['a bare retry at a gate', atGate('canary'), 'retry', {}, false, 'nothing to retry'],
    ['pause', stateAfter(planMade()), 'pause', {}, true, 'no other node is touched'],
    ['pause twice', stateAfter(paused), 'pause', {}, false, 'paused already'],
    ['reject without a gate', stateAfter(planMade()), 'reject', {}, false, 'send `abort`'],
    ['reject of another gate', atGate('canary'), 'reject', { gate: 'plan' }, false, '"canary" is'],
    ['reject', atGate('canary'), 'reject', { gate: 'canary' }, true, 'next safe point'],
    ['abort', stateAfter(), 'abort', 'enough', true, 'a stopped broker is brought back first'],
    [
      'abort of a node that is parked while it is down',
      stateAfter(planMade(), parked),
      'abort',
      {},
      true,
      'the upgrade ends at the next safe point; broker 1 (kafka@10.0.0.1:22) is down and stays so: when you are sure',
    ],
    ['anything after the end', states.at(-1) ?? stateAfter(), 'abort', {}, false, 'has ended (completed)'],
    [
      'an approval beside an abort',
      states.at(-2) ?? stateAfter(),
      'approve',
      { gate: 'protocol', plan: hash },
      false,
      'ending already',
    ],
  ];

  it.each(cases)('%s', (...[, state, kind, payload, accepted, words]) => {
    expect(send(state, kind, payload)).toMatchObject({ accepted, answer: expect.stringContaining(words) });
  });

  it('a resume that names the pause lifts it; one that names a gate goes to the gate', () => {
    const state = atGate('protocol', paused);
    expect(send(state, 'resume', { pause: 1 }).events.slice(1)).toEqual([{ type: 'resumed', by: null }]);
    expect(send(state, 'resume', { gate: 'protocol', plan: hash }).events[1]).toMatchObject({ type: 'gate-passed' });
  });

  it('of a copy say what was answered first, and the copy does nothing: nobody has looked at the canary', () => {
    const state = atGate('canary', paused);
    const first = send(state, 'resume', { id: 'a', by: 'kim', pause: 1 });
    expect(first.events.map(({ type }) => type)).toEqual(['message', 'resumed']);
    const resumed = atGate('canary', paused, ...first.events);
    const copy = send(resumed, 'resume', { id: 'a', by: 'kim', pause: 1 });
    const answer = 'it was received already, and answered: the pause is lifted';
    expect(copy.events).toEqual([
      { type: 'message', kind: 'resume', id: 'a', by: 'kim', comment: null, accepted: false, answer },
    ]);
    expect(send(atGate('canary', paused, ...first.events, ...copy.events), 'resume', { id: 'a' }).answer).toBe(answer);
    expect(send(resumed, 'resume', { id: 'b', pause: 1 }).answer).toMatch(
      /^pause 1 was answered already; gate "canary"/,
    );
  });

  it('of a copy stay a refusal when the first was refused and would be accepted now', () => {
    const { events } = send(stateAfter(planMade()), 'resume', { id: 'a' });
    expect(send(stateAfter(planMade(), ...events, opened('canary')), 'resume', { id: 'a' })).toMatchObject({
      accepted: false,
      answer: 'it was received already, and answered: nothing is paused, parked or waiting; nothing to resume',
    });
  });

  it('of a copy of the last word say so after the end, too', () => {
    const { events } = send(stateAfter(planMade()), 'abort', { id: 'a' });
    expect(send(stateAfter(planMade(), ...events), 'abort', { id: 'a' }).answer).toMatch(/^it was received already/);
  });

  it('do not take another message with the same id, or one without, for a copy', () => {
    const { events } = send(stateAfter(planMade()), 'pause', { id: 'CHG-1' });
    expect(send(stateAfter(planMade(), ...events), 'abort', { id: 'CHG-1' }).accepted).toBe(true);
    const one = send(atGate('canary', paused), 'resume', { pause: 1 });
    expect(one.events[0]).not.toHaveProperty('id');
    const other = send(atGate('canary', paused, ...one.events), 'resume', { gate: 'canary' });
    expect(other.events[1]).toMatchObject({ type: 'gate-passed' });
  });

  it('keep who and why', () => {
    const { events } = send(stateAfter(planMade()), 'abort', { by: 'kim', comment: 'why' });
    expect(events).toEqual([
      expect.objectContaining({ type: 'message', by: 'kim', comment: 'why' }),
      { type: 'end-requested', outcome: 'aborted', by: 'kim', comment: 'why' },
    ]);
  });
});

describe('a rollback that is possible', () => {
  const wanted: UpgradeEventBody = { type: 'rollback-asked', by: 'kim', comment: 'latency', downgrade: false };
  const rolled: UpgradeEventBody = {
    type: 'node',
    phase: 'binaries',
    nodeId: 2,
    progress: { state: 'done', detail: '', timing: null },
  };

  it('has the levels in force read first, with who asked and why; nothing has ended yet', () => {
    const answer = send(stateAfter(planMade(), rolled), 'rollback', { by: 'kim', comment: 'latency' });
    expect(answer).toMatchObject({ accepted: true, answer: expect.stringContaining('the levels in force are read') });
    expect(answer.events).toContainEqual(wanted);
    const lowering = send(stateAfter(planMade(), rolled), 'rollback', { downgrade: true });
    expect(lowering.events).toContainEqual({ type: 'rollback-asked', by: null, comment: null, downgrade: true });
  });

  it('takes nothing but `abort` while they are read', () => {
    const reading = stateAfter(planMade(), rolled, opened('protocol'), wanted);
    for (const kind of ['approve', 'resume', 'retry', 'pause', 'rollback', 'reject', 'confirmDr'] as const)
      expect(send(reading, kind, { gate: 'protocol', plan: hash })).toMatchObject({
        accepted: false,
        answer: expect.stringContaining('the levels in force are being read'),
      });
    expect(send(reading, 'abort')).toMatchObject({ accepted: true });
  });

  it('waits where it was after the levels have refused it', () => {
    const refused: UpgradeEventBody = { type: 'rollback-refused', beyond: true, why: 'metadata.version is 3.9-IV0' };
    const again = stateAfter(planMade(), rolled, opened('protocol'), wanted, refused);
    expect(send(again, 'approve', { gate: 'protocol', plan: hash })).toMatchObject({ accepted: true });
    expect(send(again, 'rollback')).toMatchObject({ accepted: true });
  });
});

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
      answer:
        'gate "protocol" expired without an answer and stays closed; send `retry` with {"gate":"protocol"} to ask again',
    });
    expect(upgradeStatus(expired).waitingFor).toMatchObject({
      question: expect.stringMatching(/^Nobody answered in time: the gate stays closed until it is asked again\. /),
      answers: [{ signal: 'retry', payload: '{"gate":"protocol"}' }, { signal: 'reject' }],
    });
    const again = send(expired, 'retry', { by: 'max', gate: 'protocol' });
    expect(again.answer).toBe('gate "protocol" is asked again, from the start');
    const reopened = again.events.reduce<UpgradeState>((now, event) => reduce(now, { ...event, atMs: 9 }), expired);
    expect(reopened.openGate).toEqual({ gate: 'protocol', openedAtMs: 9, votes: [], expiredAtMs: null });
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
  expect(atGate('plan', planMade()).openGate).toBeNull();
});
