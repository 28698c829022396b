import { defaultApprovals } from '../domain/policy/approval-policy';
import type { ApprovalPolicy, GateRule } from '../domain/policy/approval-policy';
import type { MaintenancePolicy } from '../domain/policy/maintenance';
import type { WrittenRule } from './approvals-schema';
import type { WrittenDefinition } from './schema';

const hour = 3_600_000;

const ms = (hours: number | null | undefined, fallback: number | null): number | null => {
  if (hours === undefined) return fallback;
  return hours === null ? null : Math.round(hours * hour);
};

const isRequired = (written: 'optional' | 'required' | undefined, fallback: boolean): boolean =>
  written === undefined ? fallback : written === 'required';

const resolveRule = (written: WrittenRule, fallback: GateRule): GateRule => ({
  quorum: written.quorum ?? fallback.quorum,
  approvers: written.approvers ?? fallback.approvers,
  requesterMayApprove: written.requesterMayApprove ?? fallback.requesterMayApprove,
  commentRequired: isRequired(written.comment, fallback.commentRequired),
  ticketRequired: isRequired(written.ticket, fallback.ticketRequired),
});

/** Who approves what, with every default. */
export const resolveApprovals = (written: WrittenDefinition['policy']['approvals']): ApprovalPolicy => {
  const rule = resolveRule(written, defaultApprovals.rule);
  return {
    rule,
    gates: Object.fromEntries(Object.entries(written.gates).map(([gate, own]) => [gate, resolveRule(own, rule)])),
    eachNode: written.eachNode,
    remindEveryMs: ms(written.remindEveryHours, defaultApprovals.remindEveryMs),
    escalateAfterMs: ms(written.escalateAfterHours, defaultApprovals.escalateAfterMs),
    expireAfterMs: ms(written.expireAfterHours, defaultApprovals.expireAfterMs),
  };
};

/** When something new may be started. */
export const resolveMaintenance = ({
  windows,
  freezeUntil,
}: WrittenDefinition['policy']['maintenance']): MaintenancePolicy => ({
  windows,
  freezeUntilMs: freezeUntil === undefined ? null : Date.parse(freezeUntil),
});
