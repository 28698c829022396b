import { answerGate, gatePayload, gateQuestion, gatesOf, planRule } from '../../../src/domain/people/approval';
import { silentApprovals } from '../../../src/domain/policy/approval-policy';
import type { GateName } from '../../../src/domain/policy/gate-name';
import { parsePayload } from '../../../src/domain/people/message';
import { defaultPolicy } from '../../../src/domain/policy/policy';
import type { UpgradePlan } from '../../../src/domain/plan/upgrade-plan';
import { kraftFinalization, kraftPlan } from '../../support/kraft-fixture';
import { atGate, gates, hash, inForce, send } from '../../support/message-fixture';
import { samplePlan, samplePlanHash } from '../../support/upgrade-fixture';

describe('I3: a gate', () => {
  it.each(['approve', 'resume', 'retry'] as const)('a bare %s passes none', (kind) => {
    for (const payload of [undefined, null, {}, '', 'go on', { by: 'kim' }]) {
      expect(gates.filter((gate) => send(atGate(gate), kind, payload).accepted)).toEqual([]);
    }
  });

  it('of the canary is passed by its name alone', () => {
    for (const kind of ['approve', 'resume'] as const)
      expect(gates.filter((gate) => send(atGate(gate), kind, { gate: 'canary' }).accepted)).toEqual(['canary']);
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
    ['no name at canary', 'canary', { plan: hash }, 'gate "canary" is open and must be named'],
    ['another plan at canary', 'canary', { gate: 'canary', plan: 'deadbeef' }, 'is not the plan'],
    ['no disaster recovery', 'plan', { gate: 'plan', plan: hash, accept: ['*'] }, 'is not confirmed'],
    ...['confirmed by <name>: <how>', 'confirmed by kim: <how>', 'confirmed by <name>: restore test', '<name>'].map(
      (text): [string, GateName, Record<string, unknown>, string] => [
        `${text}, which is not filled in,`,
        'plan',
        { gate: 'plan', plan: hash, accept: ['*'], disasterRecovery: text },
        'is not confirmed',
      ],
    ),
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
});

describe('the gates of a plan', () => {
  it('are those of the ZooKeeper procedure, whatever else it says', () => {
    expect(gatesOf(samplePlan())).toEqual(['plan', 'canary', 'protocol']);
    expect(gatesOf(samplePlan({ finalization: kraftFinalization() }))).toEqual(['plan', 'canary', 'protocol']);
  });

  it('on KRaft are one for all features that have no gate of their own, in the order of the features', () => {
    expect(gatesOf(kraftPlan())).toEqual(['plan', 'canary', 'protocol']);
    const features = { 'kraft.version': 1, 'eligible.leader.replicas.version': 1 };
    expect(gatesOf(kraftPlan({ finalization: kraftFinalization(features) }))).toEqual([
      'plan',
      'canary',
      'protocol',
      'eligible.leader.replicas.version',
      'kraft.version',
    ]);
    expect(gatesOf(kraftPlan({ finalization: [] }))).toEqual(['plan', 'canary']);
  });

  it('have the rule that the plan was made with, or the one from before there were any', () => {
    const rule = { ...silentApprovals.rule, quorum: 2 };
    const approvals = { ...silentApprovals, gates: { protocol: rule } };
    expect(planRule(samplePlan({ policy: { ...defaultPolicy, approvals } }), 'protocol')).toEqual(rule);
    const { approvals: _, ...before } = defaultPolicy;
    expect(planRule(samplePlan({ policy: before }), 'protocol')).toEqual(silentApprovals.rule);
  });
});

describe('what is asked at a gate', () => {
  const features = { 'kraft.version': 1, 'eligible.leader.replicas.version': 1 };
  const kraft = kraftPlan({ finalization: kraftFinalization(features) });
  const stands = 'The old binaries cannot be put back while a raised feature stands.';

  it.each<[GateName, UpgradePlan, string, string]>([
    [
      'plan',
      samplePlan(),
      'Is this plan, with its findings, the upgrade you want now?',
      'Until the levels are raised, the old binaries can be put back (`rollback`).',
    ],
    [
      'canary',
      kraft,
      'Is the first upgraded node as healthy as it should be?',
      'The other nodes follow one by one. The old binaries can still be put back (`rollback`).',
    ],
    [
      'protocol',
      samplePlan(),
      'Every broker runs the new binary. Raise inter.broker.protocol.version?',
      'IRREVERSIBLE: once the first broker speaks the new protocol, the old binaries cannot be put back.',
    ],
    [
      'eligible.leader.replicas.version',
      kraft,
      'Every node runs 4.3.0. Raise eligible.leader.replicas.version 0 → 1? min.insync.replicas=2 is written for the whole cluster first.',
      `eligible.leader.replicas.version: The level can be lowered again, its side effect stays: min.insync.replicas of single brokers is deleted and a value for the whole cluster is written (KIP-966). ${stands}`,
    ],
    [
      'kraft.version',
      kraft,
      'Every node runs 4.3.0. Raise kraft.version 0 → 1?',
      `kraft.version: IRREVERSIBLE: a static quorum becomes a dynamic one for good (KIP-853). ${stands}`,
    ],
    [
      'node-101',
      kraft,
      'Restart controller 101 (kafka@10.0.0.101:22) next?',
      'It is stopped only when everything is measured healthy right before.',
    ],
    [
      'node-2',
      samplePlan(),
      'Restart broker 2 (kafka@10.0.0.2:22) next?',
      'It is stopped only when everything is measured healthy right before.',
    ],
    ['node-9', samplePlan(), 'Go on with node-9?', ''],
  ])('%s', (...[gate, plan, question, afterwards]) => {
    expect(gateQuestion(gate, plan)).toEqual({ question, afterwards });
  });

  it('names at the gate of the features every one with its way back', () => {
    const { question, afterwards } = gateQuestion('protocol', kraft);
    expect(question).toMatch(
      /^Every node runs 4\.3\.0\. Raise metadata\.version 3\.9-IV0 → 4\.3-IV0, then transaction/,
    );
    for (const { feature, wayBack } of kraft.finalization.filter(({ gate }) => gate === 'protocol'))
      expect(afterwards).toContain(`${feature}: ${wayBack}`);
    expect(afterwards).not.toContain('kraft.version');
  });
});

describe('what passes a gate, ready to paste', () => {
  const strict = { quorum: 2, approvers: null, requesterMayApprove: true, commentRequired: true, ticketRequired: true };

  it('has a place for everything that its rule wants', () => {
    const plan = samplePlan({ policy: { ...defaultPolicy, approvals: { ...silentApprovals, rule: strict } } });
    expect(gatePayload('protocol', inForce(plan))).toBe(
      '{"gate":"protocol","plan":"1a2b3c4d","by":"<your name>","comment":"<why>","ticket":"<change ticket>"}',
    );
  });

  it('wants no confirmation that was given before, and none at another gate', () => {
    expect(gatePayload('plan', { ...inForce(), disasterRecovery: 'confirmed by kim' })).not.toContain(
      'disasterRecovery',
    );
    expect(gatePayload('canary', inForce())).toBe('{"gate":"canary","plan":"1a2b3c4d"}');
  });
});
