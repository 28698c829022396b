import { defaultApprovals } from '../../../src/domain/policy/approval-policy';
import type { GateRule } from '../../../src/domain/policy/approval-policy';
import type { Vote } from '../../../src/domain/policy/open-gate';
import { judgeVote } from '../../../src/domain/people/vote';
import type { VoteContext } from '../../../src/domain/people/vote';

const vote = (overrides: Partial<Vote> = {}): Vote => ({ by: 'kim', comment: null, ticket: null, ...overrides });
const rule = (overrides: Partial<GateRule>): GateRule => ({ ...defaultApprovals.rule, ...overrides });
const nobodyYet: VoteContext = { requester: 'max', ticket: null, votes: [] };

const judge = (overrides: Partial<GateRule>, given: Vote, context: Partial<VoteContext> = {}): string => {
  const answer = judgeVote(rule(overrides), given, { ...nobodyYet, ...context });
  return answer.passes ? 'yes' : answer.why;
};

describe('a yes', () => {
  it.each<[string, Parameters<typeof judge>, string]>([
    ['of anybody', [{}, vote({ by: null }), {}], 'yes'],
    ['of the requester, where that is allowed', [{}, vote({ by: 'max' }), {}], 'yes'],
    [
      'of the requester, where it is not',
      [{ requesterMayApprove: false }, vote({ by: ' Max ' }), {}],
      ' Max  asked for this upgrade, and whoever asks does not approve; somebody else has to',
    ],
    ['of somebody else', [{ requesterMayApprove: false }, vote(), {}], 'yes'],
    ['where nobody in particular asked', [{ requesterMayApprove: false }, vote(), { requester: null }], 'yes'],
    [
      'without a name, where one is needed',
      [{ requesterMayApprove: false }, vote({ by: null }), {}],
      'this gate wants to know who approves: add "by" with your name',
    ],
    ['of an approver, in other letters', [{ approvers: ['Kim', 'jo'] }, vote({ by: 'KIM' }), {}], 'yes'],
    ['of an approver by pattern', [{ approvers: ['platform-*'] }, vote({ by: 'platform-kim' }), {}], 'yes'],
    [
      'of somebody who may not',
      [{ approvers: ['jo', 'platform-*'] }, vote(), {}],
      'kim may not approve this gate; jo, platform-* may',
    ],
    [
      'of the same person again',
      [{ quorum: 2 }, vote({ by: 'Kim' }), { votes: [vote()] }],
      'Kim has approved already (1 of 2); somebody else has to',
    ],
    ['of a second person', [{ quorum: 2 }, vote({ by: 'jo' }), { votes: [vote()] }], 'yes'],
    ['without a reason', [{ commentRequired: true }, vote(), {}], 'this gate wants a reason: add "comment"'],
    ['with a reason', [{ commentRequired: true }, vote({ comment: 'read it' }), {}], 'yes'],
    ['without a ticket', [{ ticketRequired: true }, vote(), {}], 'this gate wants a change ticket: add "ticket"'],
    ['with a ticket', [{ ticketRequired: true }, vote({ ticket: 'CHG-1' }), {}], 'yes'],
    ['with the ticket of the request', [{ ticketRequired: true }, vote(), { ticket: 'CHG-1' }], 'yes'],
  ])('%s', (_, given, expected) => {
    expect(judge(...given)).toBe(expected);
  });
});
