import type { FailureType } from '../common/failure';

/** How much a finding of the plan matters: a blocker ends the upgrade before it starts; an acceptance is asked by name. */
export type FindingSeverity = 'blocker' | 'needs-acceptance' | 'warning' | 'note';

export interface Finding {
  severity: FindingSeverity;
  /** The failure that a blocker ends the workflow with. */
  failure: FailureType | null;
  /** What was seen. */
  seen: string;
  /** Why it matters. */
  why: string;
  /** What to do. */
  action: string;
  /** Where the rule comes from: KIP, Kafka class or docs page. */
  source: string;
}

type Words = Omit<Finding, 'severity' | 'failure'>;

/** Nothing is started while one of these stands. */
export const blocker = (failure: FailureType, words: Words): Finding => ({ severity: 'blocker', failure, ...words });
export const warning = (words: Words): Finding => ({ severity: 'warning', failure: null, ...words });
export const note = (words: Words): Finding => ({ severity: 'note', failure: null, ...words });
export const needsAcceptance = (words: Words): Finding => ({ severity: 'needs-acceptance', failure: null, ...words });
