/**
 * Does a message of a person pass the gate that is open?
 *
 *   1. `approve` (or `resume`) names the gate and the first 8 digits of the plan hash, which only `canary` may do without.
 *   2. The gate must be the open one: a decision never carries over to another gate (I3).
 *   3. The plan must be the one that is being carried out.
 *   4. Gate `plan` also needs the disaster-recovery path confirmed (unless a probe or `confirmDr` did it) and everything
 *      that cannot be protected accepted by name.
 *
 * Who may say yes, and how many of them it takes, is judged apart (vote.ts).
 */
import { needsName, ruleOf, silentApprovals } from '../policy/approval-policy';
import type { GateRule } from '../policy/approval-policy';
import type { GateName } from '../policy/gate-name';
import { nodeWords } from '../cluster/node-words';
import { acceptedOf } from './acceptance';
import { someOf } from '../health/gate';
import type { MessagePayload } from './message';
import { shortHash } from '../plan/upgrade-plan';
import type { UpgradePlan } from '../plan/upgrade-plan';
import type { FeatureGate, FeatureStep } from '../levels/finalization';

/** The gates of a plan that are known beforehand, in the order in which they open; those of single nodes come between. */
export const gatesOf = (plan: UpgradePlan): GateName[] => {
  const features = [...new Set(plan.finalization.map(({ gate }) => gate))];
  const second: GateName[] = plan.mode === 'kraft' || plan.downgrade === true ? features : ['protocol'];
  return ['plan', 'canary', ...second];
};

/** The rule of a gate of this plan. */
export const planRule = ({ policy }: UpgradePlan, gate: GateName): GateRule =>
  ruleOf(policy.approvals ?? silentApprovals, gate);

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

const nodeOf = (gate: GateName, { nodes }: UpgradePlan): UpgradePlan['nodes'][number] | undefined =>
  nodes.find(({ nodeId }) => gate === `node-${nodeId}`);

const nodeQuestion = ({ nodeId, roles, address }: UpgradePlan['nodes'][number]): GateQuestion => ({
  question: `Restart ${nodeWords(roles, nodeId)} (${address}) next?`,
  afterwards: 'It is stopped only when everything is measured healthy right before.',
});

const downgradeQuestion = ({ fromVersion, toVersion }: UpgradePlan): GateQuestion => ({
  question: `Is this plan, with its findings, the downgrade to ${toVersion} you want now?`,
  afterwards: `No level moves; ${fromVersion} can be put back (\`rollback\`).`,
});

/** What a person is asked at this gate of this plan. */
export const gateQuestion = (gate: GateName, plan: UpgradePlan): GateQuestion => {
  switch (gate) {
    case 'plan':
      if (plan.downgrade === true) return downgradeQuestion(plan);
      return {
        question: 'Is this plan, with its findings, the upgrade you want now?',
        afterwards: 'Until the levels are raised, the old binaries can be put back (`rollback`).',
      };
    case 'canary':
      return {
        question: 'Is the first upgraded node as healthy as it should be?',
        afterwards: 'The other nodes follow one by one. The old binaries can still be put back (`rollback`).',
      };
    case 'protocol':
    case 'eligible.leader.replicas.version':
    case 'kraft.version':
      return plan.mode === 'kraft' ? featureQuestion(gate, plan) : zookeeperProtocol;
    default: {
      const node = nodeOf(gate, plan);
      return node === undefined ? { question: `Go on with ${gate}?`, afterwards: '' } : nodeQuestion(node);
    }
  }
};

export type GateAnswer = { passes: true } | { passes: false; why: string };

const refused = (why: string): GateAnswer => ({ passes: false, why });

/** The plan that is carried out, and what was said about it beside its gate. */
export interface PlanInForce {
  plan: UpgradePlan;
  planHash: string;
  /** Who confirmed the disaster-recovery path, and how; null when the approval of the plan still has to. */
  disasterRecovery: string | null;
}

const needsDisasterRecovery = (gate: GateName, { plan, disasterRecovery }: PlanInForce): boolean =>
  gate === 'plan' && plan.disasterRecovery.probe === null && disasterRecovery === null;

/** What the rule of a gate wants to know beside the yes, each with a place in angle brackets to fill in. */
export const ruleFields = (rule: GateRule): Record<string, string> => ({
  ...(needsName(rule) ? { by: '<your name>' } : {}),
  ...(rule.commentRequired ? { comment: '<why>' } : {}),
  ...(rule.ticketRequired ? { ticket: '<change ticket>' } : {}),
});

/** The JSON that passes a gate, ready to paste; what only the approver knows stands in angle brackets. */
export const gatePayload = (gate: GateName, current: PlanInForce): string => {
  const { plan, planHash } = current;
  const accept = gate === 'plan' ? plan.mustAccept : [];
  return JSON.stringify({
    gate,
    plan: shortHash(planHash),
    ...ruleFields(planRule(plan, gate)),
    ...(needsDisasterRecovery(gate, current) ? { disasterRecovery: 'confirmed by <name>: <how>' } : {}),
    ...(accept.length > 0 ? { accept } : {}),
  });
};

/** Who and how, both filled in. */
const isConfirmation = (text: string | null): boolean => text !== null && !/<(?:name|how)>/.test(text);

const planAnswer = (payload: MessagePayload, current: PlanInForce, example: string): GateAnswer => {
  const { plan } = current;
  if (needsDisasterRecovery('plan', current) && !isConfirmation(payload.disasterRecovery)) {
    return refused(
      `the disaster-recovery path is not confirmed and no probe is configured; say who confirms it and how: ${example}`,
    );
  }
  const accepted = new Set(acceptedOf(plan.mustAccept, payload.accept));
  const missing = plan.mustAccept.filter((name) => !accepted.has(name));
  return missing.length === 0
    ? { passes: true }
    : refused(
        `what no one-at-a-time restart can protect (topics, the controller quorum) is not accepted by name: ${someOf(missing, 20)}; send ${example}`,
      );
};

/** A refusal is part of the record; a list of a thousand names is not repeated there (characters). */
const longestExample = 2_000;

/** What to send instead, as a refusal says it. */
const exampleOf = (gate: GateName, current: PlanInForce): string => {
  const payload = gatePayload(gate, current);
  return payload.length <= longestExample ? payload : 'the JSON that the details page shows';
};

/** Judges one message against the open gate. */
export const answerGate = (open: GateName, payload: MessagePayload, current: PlanInForce): GateAnswer => {
  const { planHash } = current;
  const example = exampleOf(open, current);
  if (payload.gate === null) return refused(`gate "${open}" is open and must be named; send ${example}`);
  if (payload.gate !== open) return refused(`gate "${payload.gate}" is not open, "${open}" is; send ${example}`);
  if (payload.plan === null && open !== 'canary') return refused(`the plan must be named; send ${example}`);
  if (payload.plan !== null && (payload.plan.length < 8 || !planHash.startsWith(payload.plan.toLowerCase()))) {
    return refused(
      `plan "${payload.plan}" is not the plan being carried out (${shortHash(planHash)}); read the plan, then send ${example}`,
    );
  }
  return open === 'plan' ? planAnswer(payload, current, example) : { passes: true };
};
