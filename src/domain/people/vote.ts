/**
 * May this person say yes at this gate, and is it enough? The names are those in the messages: Temporal vouches for who may
 * send a message to the namespace, not for who is named in it (docs/operations.md, "Who is who").
 */
import type { GateAnswer } from './approval';
import { needsName } from '../policy/approval-policy';
import type { GateRule } from '../policy/approval-policy';
import { samePerson } from '../policy/open-gate';
import type { Vote } from '../policy/open-gate';
import { matchesPattern } from '../common/pattern';

/** Who asked for the upgrade, and what was said so far. */
export interface VoteContext {
  requester: string | null;
  /** Ticket of the request: one for all gates. */
  ticket: string | null;
  votes: readonly Vote[];
}

const refused = (why: string): GateAnswer => ({ passes: false, why });

const mayApprove = ({ approvers }: GateRule, by: string): boolean =>
  approvers === null || approvers.some((pattern) => matchesPattern(pattern.toLowerCase(), by.toLowerCase()));

const judgeName = (rule: GateRule, by: string, { requester, votes }: VoteContext): GateAnswer => {
  if (!mayApprove(rule, by)) return refused(`${by} may not approve this gate; ${rule.approvers?.join(', ')} may`);
  if (!rule.requesterMayApprove && requester !== null && samePerson(requester, by))
    return refused(`${by} asked for this upgrade, and whoever asks does not approve; somebody else has to`);
  if (votes.some((vote) => vote.by !== null && samePerson(vote.by, by)))
    return refused(`${by} has approved already (${votes.length} of ${rule.quorum}); somebody else has to`);
  return { passes: true };
};

/** Judges the person and what has to be said with a yes. */
export const judgeVote = (rule: GateRule, { by, comment, ticket }: Vote, context: VoteContext): GateAnswer => {
  if (rule.commentRequired && comment === null) return refused('this gate wants a reason: add "comment"');
  if (rule.ticketRequired && ticket === null && context.ticket === null)
    return refused('this gate wants a change ticket: add "ticket"');
  if (by !== null) return judgeName(rule, by, context);
  return needsName(rule) ? refused('this gate wants to know who approves: add "by" with your name') : { passes: true };
};
