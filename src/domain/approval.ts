/**
 * Does a message of a person pass the gate that is open?
 *
 *   1. `approve` (or `resume`) names the gate and the first 8 digits of the plan hash; `canary` may be passed bare.
 *   2. The gate must be the open one: a decision never carries over to another gate (I3).
 *   3. The plan must be the one that is being carried out.
 *   4. Gate `plan` also needs the disaster-recovery path confirmed (unless a probe does it) and everything that cannot
 *      be protected accepted by name.
 */
import { matchesPattern } from './pattern';
import type { MessagePayload } from './message';
import { shortHash } from './upgrade-plan';
import type { UpgradePlan } from './upgrade-plan';
import type { FeatureGate, FeatureStep } from './finalization';

/** The points where the upgrade waits for a person; a feature that cannot be taken back has a gate of its own. */
export type GateName = 'plan' | 'canary' | FeatureGate;

/** The gates of a plan, in the order in which they open. */
export const gatesOf = (plan: UpgradePlan): GateName[] => {
  const features = [...new Set(plan.finalization.map(({ gate }) => gate))];
  const second: GateName[] = plan.mode === 'kraft' ? features : ['protocol'];
  return ['plan', 'canary', ...second];
};

/** What is asked at a gate, and what cannot be undone afterwards. */
export interface GateQuestion {
  question: string;
  afterwards: string;
}

const toldStep = ({ feature, fromName, toName }: FeatureStep): string => `${feature} ${fromName} → ${toName}`;

const featureQuestion = (gate: FeatureGate, plan: UpgradePlan): GateQuestion => {
  const steps = plan.finalization.filter((step) => step.gate === gate);
  const prepared = steps.flatMap(({ prepare }) =>
    prepare === null ? [] : [`${prepare.name}=${prepare.value} is written for the whole cluster first.`],
  );
  return {
    question: [`Every node runs ${plan.toVersion}. Raise ${steps.map(toldStep).join(', then ')}?`, ...prepared].join(
      ' ',
    ),
    afterwards: `${steps.map(({ feature, wayBack }) => `${feature}: ${wayBack}`).join(' ')} The old binaries cannot be put back while a raised feature stands.`,
  };
};

const zookeeperProtocol: GateQuestion = {
  question: 'Every broker runs the new binary. Raise inter.broker.protocol.version?',
  afterwards: 'IRREVERSIBLE: once the first broker speaks the new protocol, the old binaries cannot be put back.',
};

/** What a person is asked at this gate of this plan. */
export const gateQuestion = (gate: GateName, plan: UpgradePlan): GateQuestion => {
  switch (gate) {
    case 'plan':
      return {
        question: 'Is this plan, with its findings, the upgrade you want now?',
        afterwards: 'Until the levels are raised, the old binaries can be put back (`rollback`).',
      };
    case 'canary':
      return {
        question: 'Is the first upgraded node as healthy as it should be?',
        afterwards: 'The other nodes follow one by one. The old binaries can still be put back (`rollback`).',
      };
    default:
      return plan.mode === 'kraft' ? featureQuestion(gate, plan) : zookeeperProtocol;
  }
};

export type GateAnswer = { passes: true } | { passes: false; why: string };

const refused = (why: string): GateAnswer => ({ passes: false, why });

/** The JSON that passes a gate, ready to paste. */
export const gatePayload = (gate: GateName, plan: UpgradePlan, planHash: string): string => {
  const needsDr = gate === 'plan' && plan.disasterRecovery.probe === null;
  const accept = gate === 'plan' ? plan.mustAccept : [];
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
  const missing = plan.mustAccept.filter((name) => !payload.accept.some((pattern) => matchesPattern(pattern, name)));
  return missing.length === 0
    ? { passes: true }
    : refused(
        `what no one-at-a-time restart can protect (topics, the controller quorum) is not accepted by name: ${missing.join(', ')}; send ${example}`,
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
