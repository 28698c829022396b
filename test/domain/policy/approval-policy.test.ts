import {
  defaultApprovals,
  namedApprovers,
  needsName,
  ruleOf,
  ruleWords,
  silentApprovals,
} from '../../../src/domain/policy/approval-policy';
import type { ApprovalPolicy, GateRule } from '../../../src/domain/policy/approval-policy';
import type { GateName } from '../../../src/domain/policy/gate-name';

const open = defaultApprovals.rule;
const rule = (overrides: Partial<GateRule>): GateRule => ({ ...open, ...overrides });

describe('the rule of a gate', () => {
  const policy: ApprovalPolicy = {
    ...defaultApprovals,
    rule: rule({ quorum: 1 }),
    gates: { protocol: rule({ quorum: 2 }), 'each-node': rule({ quorum: 3 }), 'node-7': rule({ quorum: 4 }) },
  };

  it.each<[GateName, number]>([
    ['plan', 1],
    ['canary', 1],
    ['protocol', 2],
    ['kraft.version', 1],
    ['node-1', 3],
    ['node-7', 4],
  ])('of %s wants %i', (gate, quorum) => {
    expect(ruleOf(policy, gate).quorum).toBe(quorum);
  });

  it('of single nodes is the general one where each-node has none', () => {
    expect(ruleOf({ ...policy, gates: {} }, 'node-1')).toBe(policy.rule);
  });
});

describe('a name', () => {
  it.each<[Partial<GateRule>, boolean]>([
    [{}, false],
    [{ commentRequired: true, ticketRequired: true }, false],
    [{ quorum: 2 }, true],
    [{ approvers: ['*'] }, true],
    [{ requesterMayApprove: false }, true],
  ])('with %j is needed: %s', (overrides, needed) => {
    expect(needsName(rule(overrides))).toBe(needed);
  });
});

describe('the rule in words', () => {
  it.each<[Partial<GateRule>, string]>([
    [{}, 'Who may approve: anybody who may send a message.'],
    [{ quorum: 2 }, 'Who may approve: 2 of: different people.'],
    [{ approvers: ['kim', 'jo'] }, 'Who may approve: one of: kim, jo.'],
    [{ approvers: ['kim', 'jo', 'max'], quorum: 2 }, 'Who may approve: 2 of: kim, jo, max.'],
    [
      { requesterMayApprove: false, commentRequired: true, ticketRequired: true },
      'Who may approve: anybody who may send a message, not the requester, with a comment, with a ticket.',
    ],
  ])('%j', (overrides, words) => {
    expect(ruleWords(rule(overrides))).toBe(words);
  });
});

describe('the people whom a rule names', () => {
  it.each<[string[] | null, string[] | null]>([
    [null, null],
    [['kim', 'platform-*'], null],
    [
      ['kim', 'jo'],
      ['kim', 'jo'],
    ],
    [
      ['kim', 'Kim', ' KIM ', 'jo'],
      ['kim', 'jo'],
    ],
  ])('of %j are %j', (approvers, people) => {
    expect(namedApprovers(approvers)).toEqual(people);
  });
});

describe('where nothing is said', () => {
  it('one yes of anybody is enough at every gate, without more words', () => {
    expect(ruleWords(defaultApprovals.rule)).toBe('Who may approve: anybody who may send a message.');
    expect(defaultApprovals).toMatchObject({ gates: {}, eachNode: false });
  });

  it('a wait is told again and again, after a day to others, and never ends by itself', () => {
    const day = 24 * 3_600_000;
    expect(defaultApprovals).toMatchObject({ remindEveryMs: day / 6, escalateAfterMs: day, expireAfterMs: null });
  });

  it('upgrades from before there were alarms have none, and the same rule', () => {
    expect(silentApprovals).toEqual({ ...defaultApprovals, remindEveryMs: null, escalateAfterMs: null });
  });
});
