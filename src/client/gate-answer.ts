/** What a person says about a gate, as the payload of a message. */
import type { GateName } from '../domain/policy/gate-name';
import { acceptedOf } from '../domain/people/acceptance';
import { shortHash } from '../domain/plan/upgrade-plan';
import type { PlanAnswer } from '../workflows/messages';

export interface GateAnswerInput {
  gate?: string | undefined;
  /** The park, or the pause, that is answered, by its number. */
  park?: number | undefined;
  pause?: number | undefined;
  plan?: string | undefined;
  by?: string | undefined;
  comment?: string | undefined;
  /** The change ticket, where the rule of the gate wants one. */
  ticket?: string | undefined;
  disasterRecovery?: string | undefined;
  accept?: string[] | undefined;
  /** With `rollback`: lower raised features first. */
  downgrade?: boolean | undefined;
}

/** What the approval of gate `plan` still lacks. */
export interface MissingAnswers {
  /** Nobody has said who confirms disaster recovery and how, and no probe does. */
  disasterRecovery: boolean;
  /** What nobody accepted by name yet: topics, the controller quorum. */
  accept: string[];
}

/** Only what was said: payloads are read by people in the web UI. */
export const answerPayload = (input: GateAnswerInput): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );

/** The same answer with the hash of the plan that was read. */
export const withPlan = (input: GateAnswerInput, { planHash }: PlanAnswer): GateAnswerInput => ({
  ...input,
  plan: input.plan ?? shortHash(planHash),
});

/** What has to be asked before the approval can pass. */
export const missingAnswers = (
  gate: GateName,
  input: GateAnswerInput,
  { plan, disasterRecovery }: PlanAnswer,
): MissingAnswers => {
  if (gate !== 'plan') return { disasterRecovery: false, accept: [] };
  const accepted = new Set(acceptedOf(plan.mustAccept, input.accept ?? []));
  return {
    disasterRecovery: [plan.disasterRecovery.probe, disasterRecovery ?? null, input.disasterRecovery ?? null].every(
      (confirmation) => confirmation === null,
    ),
    accept: plan.mustAccept.filter((name) => !accepted.has(name)),
  };
};
