import fc from 'fast-check';
import { answerGate, gatePayload, gateQuestion } from '../../src/domain/approval';
import type { PlanInForce } from '../../src/domain/approval';
import type { GateName } from '../../src/domain/gate-name';
import { isMessageKind, messageKinds, parsePayload } from '../../src/domain/message';
import type { MessageKind } from '../../src/domain/message';
import { receiveMessage } from '../../src/domain/receive-message';
import { reduce } from '../../src/domain/upgrade-state';
import type { UpgradeEventBody, UpgradeState } from '../../src/domain/upgrade-state';
import { planMade, samplePlan, samplePlanHash, stateAfter, startedAtMs } from '../support/upgrade-fixture';

const gates: GateName[] = ['plan', 'canary', 'protocol'];

const hash = samplePlanHash.slice(0, 8);
const inForce = (plan = samplePlan()): PlanInForce => ({ plan, planHash: samplePlanHash, disasterRecovery: null });

const trouble = { type: 'NodeUnhealthy', message: 'm', hint: 'h', nodeId: 1, phase: null, nodeIsDown: false };

const opened = (gate: GateName): UpgradeEventBody => ({ type: 'gate-opened', gate });
const passed = (gate: GateName): UpgradeEventBody => {
  return { type: 'gate-passed', gate, by: null, comment: null, disasterRecovery: null, accept: [] };
};

const atGate = (gate: GateName, ...more: UpgradeEventBody[]): UpgradeState =>
  stateAfter(planMade(), opened(gate), ...more);

const send = (state: UpgradeState, kind: MessageKind, payload?: unknown) =>
  receiveMessage(state, { kind, payload: parsePayload(payload) });

/** Everything that JavaScript can make, and what people type. */
const anyPayload = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withObjectString: true }),
  fc.jsonValue(),
  fc.record(
    {
      gate: fc.oneof(fc.constantFrom(...gates, 'all'), fc.anything()),
      plan: fc.oneof(fc.constantFrom(hash, samplePlanHash, '1a2b3c4', 'deadbeef', ''), fc.anything()),
      by: fc.anything(),
      comment: fc.anything(),
      disasterRecovery: fc.oneof(fc.constantFrom('kim', 'confirmed by <name>: <how>'), fc.anything()),
      accept: fc.oneof(fc.constantFrom('audit-log', '*', ['audit-log']), fc.array(fc.anything())),
    },
    { requiredKeys: [] },
  ),
);

const anyKind = fc.constantFrom(...messageKinds);

const states: UpgradeState[] = [
  stateAfter(),
  stateAfter(planMade()),
  ...gates.map((gate) => atGate(gate)),
  ...gates.map((gate) => atGate(gate, { type: 'paused', by: null, comment: null })),
  stateAfter(planMade(), { type: 'parked', trouble }),
  atGate('protocol', { type: 'end-requested', outcome: 'aborted', by: null, comment: null }),
  atGate('plan', { type: 'ended', outcome: 'completed', message: '' }),
];

describe('a payload', () => {
  it('is read whatever it is: reading never throws, and every text is bounded', () => {
    fc.assert(
      fc.property(anyPayload, (input) => {
        const { accept, downgrade, ...texts } = parsePayload(input);
        expect(typeof downgrade).toBe('boolean');
        expect(accept.every((entry) => typeof entry === 'string')).toBe(true);
        for (const text of Object.values(texts)) {
          expect(text === null || (text.trim() !== '' && text.length <= 1_000)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['orders are late', { comment: 'orders are late' }],
    [
      { by: ' kim ', gate: 'plan' },
      { by: 'kim', gate: 'plan' },
    ],
    [{ accept: 'a' }, { accept: ['a'] }],
    [{ accept: ['a', 1, null, ' b '] }, { accept: ['a', 'b'] }],
    [null, { comment: null, accept: [] }],
    [7, { comment: null }],
    [{ gate: '   ' }, { gate: null }],
    [{ comment: 'x'.repeat(2_000) }, { comment: 'x'.repeat(1_000) }],
    [{ accept: Array(5_000).fill('t') }, { accept: Array(1_000).fill('t') }],
  ])('%j', (input, wanted) => {
    expect(parsePayload(input)).toMatchObject(wanted);
  });

  it('knows the names of messages', () => {
    expect(messageKinds.every(isMessageKind)).toBe(true);
    expect(isMessageKind('constructor')).toBe(false);
  });
});

describe('any message in any state', () => {
  it('is answered in words and recorded first; refused ones change nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...states), anyKind, anyPayload, (state, kind, payload) => {
        const { accepted, answer, events } = send(state, kind, payload);
        expect(answer).not.toBe('');
        expect(events[0]).toMatchObject({ type: 'message', kind, accepted, answer });
        expect(events).toHaveLength(accepted ? 2 : 1);
        const after = events.reduce<UpgradeState>((now, event) => reduce(now, { ...event, atMs: 1 }), state);
        expect(accepted || after === state).toBe(true);
      }),
      { numRuns: 3_000 },
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
        expect(gate === open || (gate === null && open === 'canary')).toBe(true);
        expect(plan === null ? open === 'canary' : samplePlanHash.startsWith(plan.toLowerCase())).toBe(true);
      }),
      { numRuns: 3_000 },
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

describe('I3: a gate', () => {
  it('a bare resume passes canary only', () => {
    for (const payload of [undefined, null, {}, '', 'go on', { by: 'kim' }]) {
      expect(gates.filter((gate) => send(atGate(gate), 'resume', payload).accepted)).toEqual(['canary']);
    }
  });

  it('shows what passes it, ready to paste', () => {
    expect(gatePayload('plan', inForce())).toBe(
      '{"gate":"plan","plan":"1a2b3c4d","disasterRecovery":"confirmed by <name>: <how>","accept":["audit-log"]}',
    );
    expect(gatePayload('protocol', inForce())).toBe('{"gate":"protocol","plan":"1a2b3c4d"}');
    const quiet = samplePlan({ mustAccept: [], disasterRecovery: { probe: 'check' } });
    expect(gatePayload('plan', inForce(quiet))).toBe('{"gate":"plan","plan":"1a2b3c4d"}');
  });

  it('is passed by its own payload', () => {
    for (const gate of gates) {
      const payload = JSON.parse(gatePayload(gate, inForce())) as Record<string, unknown>;
      const { accepted, events } = send(atGate(gate), 'approve', {
        ...payload,
        disasterRecovery: 'kim: restored',
        by: 'kim',
      });
      expect(accepted).toBe(true);
      expect(events[1]).toMatchObject({ type: 'gate-passed', gate, by: 'kim' });
    }
  });

  const refusals: [string, GateName, Record<string, unknown>, string][] = [
    ['no name', 'plan', { plan: hash }, 'gate "plan" is open and must be named'],
    ['another name', 'protocol', { gate: 'canary', plan: hash }, 'gate "canary" is not open, "protocol" is'],
    ['no plan', 'protocol', { gate: 'protocol' }, 'the plan must be named'],
    ['another plan', 'protocol', { gate: 'protocol', plan: 'deadbeef' }, 'plan "deadbeef" is not the plan'],
    ['seven digits', 'protocol', { gate: 'protocol', plan: hash.slice(0, 7) }, 'is not the plan'],
    ['too many digits', 'protocol', { gate: 'protocol', plan: `${samplePlanHash}0` }, 'is not the plan'],
    ['another plan at canary', 'canary', { plan: 'deadbeef' }, 'is not the plan'],
    ['no disaster recovery', 'plan', { gate: 'plan', plan: hash, accept: ['*'] }, 'is not confirmed'],
    [
      'a placeholder',
      'plan',
      { gate: 'plan', plan: hash, accept: ['*'], disasterRecovery: 'confirmed by <name>: <how>' },
      'is not confirmed',
    ],
    ['no topics', 'plan', { gate: 'plan', plan: hash, disasterRecovery: 'kim' }, 'not accepted by name: audit-log'],
    [
      'topics that only begin alike',
      'plan',
      { gate: 'plan', plan: hash, disasterRecovery: 'kim', accept: ['audit'] },
      'not accepted by name: audit-log',
    ],
  ];

  it.each(refusals)('%s at gate %s is refused, with what to send', (_, gate, payload, why) => {
    const { accepted, answer } = send(atGate(gate), 'approve', payload);
    expect({ accepted, answer }).toEqual({ accepted: false, answer: expect.stringContaining(why) });
    expect(answer).toContain('{"gate"');
  });

  it('takes topics by pattern, and needs no confirmation where a probe confirms', () => {
    const current = inForce(samplePlan({ disasterRecovery: { probe: 'check' } }));
    const payload = parsePayload({ gate: 'plan', plan: samplePlanHash, accept: 'audit-*' });
    expect(answerGate('plan', payload, current)).toEqual({ passes: true });
  });

  it('says what cannot be undone', () => {
    expect(gateQuestion('protocol', samplePlan()).afterwards).toContain('IRREVERSIBLE');
    expect(gateQuestion('plan', samplePlan()).afterwards).toContain('can be put back');
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
    ['resume of a parked step', stateAfter({ type: 'parked', trouble }), 'resume', {}, true, 'done again'],
    ['retry of a parked step', stateAfter({ type: 'parked', trouble }), 'retry', {}, true, 'done again'],
    ['retry without one', stateAfter(planMade()), 'retry', {}, false, 'nothing to retry'],
    ['retry at a gate', atGate('canary'), 'retry', {}, false, 'nothing to retry'],
    ['pause', stateAfter(planMade()), 'pause', {}, true, 'no other node is touched'],
    ['pause twice', stateAfter({ type: 'paused', by: null, comment: null }), 'pause', {}, false, 'paused already'],
    ['reject without a gate', stateAfter(planMade()), 'reject', {}, false, 'send `abort`'],
    ['reject of another gate', atGate('canary'), 'reject', { gate: 'plan' }, false, '"canary" is'],
    ['reject', atGate('canary'), 'reject', { gate: 'canary' }, true, 'next safe point'],
    ['abort', stateAfter(), 'abort', 'enough', true, 'a stopped broker is brought back first'],
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

  it('a resume lifts the pause first; one that names a gate goes to the gate', () => {
    const state = atGate('protocol', { type: 'paused', by: null, comment: null });
    expect(send(state, 'resume').events[1]).toMatchObject({ type: 'resumed' });
    expect(send(state, 'resume', { gate: 'protocol', plan: hash }).events[1]).toMatchObject({ type: 'gate-passed' });
  });

  it('keep who and why', () => {
    const { events } = send(stateAfter(planMade()), 'abort', { by: 'kim', comment: 'why' });
    expect(events).toEqual([
      expect.objectContaining({ type: 'message', by: 'kim', comment: 'why' }),
      { type: 'end-requested', outcome: 'aborted', by: 'kim', comment: 'why' },
    ]);
  });
});

it('the reducer knows nothing of time but the time of the end', () => {
  const state = stateAfter(planMade(), { type: 'ended', outcome: 'completed', message: 'all' });
  expect(state.ended?.atMs).toBe(startedAtMs + 2_000);
});

describe('a rollback that is possible', () => {
  it('ends the upgrade at the next safe point, with who asked and why', () => {
    const rolled: UpgradeEventBody = {
      type: 'node',
      phase: 'binaries',
      nodeId: 2,
      progress: { state: 'done', detail: '', timing: null },
    };
    const answer = send(stateAfter(planMade(), rolled), 'rollback', { by: 'kim', comment: 'latency' });
    expect(answer).toMatchObject({ accepted: true, answer: expect.stringContaining('the old binaries are put back') });
    expect(answer.events).toContainEqual({
      type: 'end-requested',
      outcome: 'rolled-back',
      by: 'kim',
      comment: 'latency',
    });
  });
});
