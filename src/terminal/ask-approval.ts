import { missingAnswers, withPlan } from '../client/gate-answer';
import type { GateAnswerInput } from '../client/gate-answer';
import { gateQuestion } from '../domain/people/approval';
import type { GateName } from '../domain/policy/gate-name';
import { shortHash } from '../domain/plan/upgrade-plan';
import { findingCounts } from '../render/plan-findings';
import { wrapIndented } from '../render/format';
import type { PlanAnswer } from '../workflows/messages';
import { confirm } from './terminal';
import type { Terminal } from './terminal';

/** What a person has to know before saying yes: the question, and what cannot be undone afterwards. */
export const gateWords = (gate: GateName, { plan, planHash }: PlanAnswer, terminal: Terminal): string => {
  const { style, width } = terminal.view;
  const { question, afterwards } = gateQuestion(gate, plan);
  const about = `Gate "${gate}" of ${plan.cluster}, plan ${shortHash(planHash)}: ${plan.fromVersion} → ${plan.toVersion}`;
  return [
    style.strong(about),
    ...(gate === 'plan' ? [`  Findings: ${findingCounts(plan.findings)}.`] : []),
    ...wrapIndented(question, 2, width),
    ...wrapIndented(afterwards, 2, width).map(afterwards.includes('IRREVERSIBLE') ? style.bad : style.attention),
  ].join('\n');
};

/** Asks what is missing and for the yes; null when the person says no. */
export const askApproval = async (
  input: { gate: GateName; answer: GateAnswerInput; plan: PlanAnswer },
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<GateAnswerInput | null> => {
  const { gate, plan } = input;
  const answer: GateAnswerInput = { ...withPlan(input.answer, plan), gate };
  const missing = missingAnswers(gate, answer, plan);
  if (missing.disasterRecovery) {
    const who = await terminal.ask('  Who confirms a working disaster-recovery path, and how? ', signal);
    if (who === '') return null;
    answer.disasterRecovery = who;
  }
  if (missing.accept.length > 0) {
    const names = missing.accept.join(', ');
    if (!(await confirm(terminal, `  No one-at-a-time restart can protect: ${names}. Accept?`, signal))) return null;
    answer.accept = [...(answer.accept ?? []), ...missing.accept];
  }
  return (await confirm(terminal, `  Approve gate "${gate}"?`, signal)) ? answer : null;
};
