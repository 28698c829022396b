/**
 * Does a message of a person pass the gate that is open?
 *
 *   1. `approve` (or `resume`) names the gate and the first 8 digits of the plan hash; `canary` may be passed bare.
 *   2. The gate must be the open one: a decision never carries over to another gate (I3).
 *   3. The plan must be the one that is being carried out.
 *   4. Gate `plan` also needs the disaster-recovery path confirmed (unless a probe does it) and every topic that cannot
 *      be protected accepted by name.
 */
import { matchesPattern } from './pattern';
import type { MessagePayload } from './message';
import { shortHash } from './upgrade-plan';
import type { UpgradePlan } from './upgrade-plan';

/** The points where the upgrade waits for a person. */
export type GateName = 'plan' | 'canary' | 'protocol';

export const gateNames: readonly GateName[] = ['plan', 'canary', 'protocol'];

/** What is asked at a gate and what cannot be undone afterwards. */
export const gateQuestions: Record<GateName, { question: string; afterwards: string }> = {
  plan: {
    question: 'Is this plan, with its findings, the upgrade you want now?',
    afterwards: 'Until gate `protocol`, the old binaries can be put back.',
  },
  canary: {
    question: 'Is the first upgraded broker as healthy as it should be?',
    afterwards: 'The other brokers follow one by one. The old binaries can still be put back.',
  },
  protocol: {
    question: 'Every broker runs the new binary. Raise inter.broker.protocol.version?',
    afterwards: 'IRREVERSIBLE: once the first broker speaks the new protocol, the old binaries cannot be put back.',
  },
};

export type GateAnswer = { passes: true } | { passes: false; why: string };

const refused = (why: string): GateAnswer => ({ passes: false, why });

/** The JSON that passes a gate, ready to paste. */
export const gatePayload = (gate: GateName, plan: UpgradePlan, planHash: string): string => {
  const needsDr = gate === 'plan' && plan.disasterRecovery.probe === null;
  const accept = gate === 'plan' ? plan.unprotectableTopics : [];
  return JSON.stringify({
    gate,
    plan: shortHash(planHash),
    ...(needsDr ? { disasterRecovery: 'confirmed by <name>: <how>' } : {}),
    ...(accept.length > 0 ? { accept } : {}),
  });
};

const planAnswer = (payload: MessagePayload, plan: UpgradePlan, example: string): GateAnswer => {
  const confirmation = payload.disasterRecovery ?? '';
  if (plan.disasterRecovery.probe === null && (confirmation === '' || confirmation.includes('<name>'))) {
    return refused(
      `the disaster-recovery path is not confirmed and no probe is configured; say who confirms it and how: ${example}`,
    );
  }
  const missing = plan.unprotectableTopics.filter(
    (topic) => !payload.accept.some((pattern) => matchesPattern(pattern, topic)),
  );
  return missing.length === 0
    ? { passes: true }
    : refused(
        `topics that will be unavailable or under min.insync.replicas during restarts are not accepted by name: ${missing.join(', ')}; send ${example}`,
      );
};

/** Judges one message against the open gate. */
export const answerGate = (
  open: GateName,
  payload: MessagePayload,
  current: { plan: UpgradePlan; planHash: string },
): GateAnswer => {
  const example = gatePayload(open, current.plan, current.planHash);
  if (payload.gate === null && open !== 'canary')
    return refused(`gate "${open}" is open and must be named; send ${example}`);
  if (payload.gate !== null && payload.gate !== open)
    return refused(`gate "${payload.gate}" is not open, "${open}" is; send ${example}`);
  if (payload.plan === null && open !== 'canary') return refused(`the plan must be named; send ${example}`);
  if (payload.plan !== null && (payload.plan.length < 8 || !current.planHash.startsWith(payload.plan.toLowerCase()))) {
    return refused(
      `plan "${payload.plan}" is not the plan being carried out (${shortHash(current.planHash)}); read the plan, then send ${example}`,
    );
  }
  return open === 'plan' ? planAnswer(payload, current.plan, example) : { passes: true };
};
