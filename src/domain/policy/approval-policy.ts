/**
 * Who may pass which gate, how many of them it takes, and what happens while nobody answers. Set in the cluster definition
 * (`policy.approvals`) and part of the plan, so that an approval is bound to the rules it was given under.
 */
import type { GateName } from './gate-name';
import { samePerson } from './open-gate';

/** What it takes to pass one gate. */
export interface GateRule {
  /** How many different people have to approve. */
  quorum: number;
  /** Who may approve, `*` is a wildcard; null: whoever can send a message. */
  approvers: string[] | null;
  /** False: whoever asked for the upgrade does not approve it (four eyes). */
  requesterMayApprove: boolean;
  commentRequired: boolean;
  /** A change ticket, in the approval or in the request. */
  ticketRequired: boolean;
}

/** The waits for a person, in milliseconds from when they began; null: never. */
export interface AlarmTimes {
  /** Said again each time this has passed. */
  remindEveryMs: number | null;
  /** Said once to those who are told of escalations. */
  escalateAfterMs: number | null;
  /** From then on the gate takes no approval any more; it stays closed until somebody asks anew. Never for a parked step. */
  expireAfterMs: number | null;
}

export interface ApprovalPolicy extends AlarmTimes {
  /** The rule of every gate that has none of its own. */
  rule: GateRule;
  /** By gate; `each-node` is the rule of all `node-<id>` gates. */
  gates: Record<string, GateRule>;
  /** Ask before each node after the canary, in both rolls. */
  eachNode: boolean;
}

const hour = 3_600_000;

/** One person, any person: what Temporal's own permissions allow. Reminded twice a shift, escalated after a day. */
export const defaultApprovals: ApprovalPolicy = {
  rule: { quorum: 1, approvers: null, requesterMayApprove: true, commentRequired: false, ticketRequired: false },
  gates: {},
  eachNode: false,
  remindEveryMs: 4 * hour,
  escalateAfterMs: 24 * hour,
  expireAfterMs: null,
};

/** What upgrades that began before there were alarms live by: their histories hold no timers. */
export const silentApprovals: ApprovalPolicy = {
  ...defaultApprovals,
  remindEveryMs: null,
  escalateAfterMs: null,
};

/** The rule of a gate. */
export const ruleOf = ({ gates, rule }: ApprovalPolicy, gate: GateName): GateRule =>
  gates[gate] ?? (gate.startsWith('node-') ? gates['each-node'] : undefined) ?? rule;

/** Must it be known who approves? Otherwise `by` is only for the record. */
export const needsName = ({ approvers, quorum, requesterMayApprove }: GateRule): boolean =>
  approvers !== null || quorum > 1 || !requesterMayApprove;

/** The different people that a rule names; null where anybody else may approve, or a wildcard leaves it open who. */
export const namedApprovers = (approvers: readonly string[] | null): string[] | null =>
  approvers === null || approvers.some((name) => name.includes('*'))
    ? null
    : approvers.filter((name, index) => approvers.findIndex((other) => samePerson(other, name)) === index);

const whoWords = ({ approvers, quorum }: GateRule): string => {
  const people = approvers === null ? 'different people' : approvers.join(', ');
  if (quorum > 1) return `${quorum} of: ${people}`;
  return approvers === null ? 'anybody who may send a message' : `one of: ${people}`;
};

/** The rule in a sentence, for whoever has to find an approver. */
export const ruleWords = (rule: GateRule): string =>
  [
    `Who may approve: ${whoWords(rule)}`,
    ...(rule.requesterMayApprove ? [] : ['not the requester']),
    ...(rule.commentRequired ? ['with a comment'] : []),
    ...(rule.ticketRequired ? ['with a ticket'] : []),
  ].join(', ') + '.';
