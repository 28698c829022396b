/** One upgrade among many: what Temporal's list of workflows tells of it, and what only the workflow itself knows. */
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { clusterOf } from '../domain/plan/request';
import type { UpgradeEvent } from '../domain/upgrade/upgrade-state';
import type { StatusPhase, UpgradeStatus, WaitingFor } from '../domain/upgrade/upgrade-status';
import { waitingSince } from '../domain/upgrade/waiting-since';
import type { UpgradeEnding } from './ending';

export interface UpgradeSummary {
  workflowId: string;
  runId: string;
  cluster: string;
  /** Null before the plan is made. */
  fromVersion: string | null;
  toVersion: string | null;
  running: boolean;
  /** Where it stands, or how it ended; null when nobody can tell. */
  phase: StatusPhase | UpgradeEnding['outcome'] | null;
  /** Does it wait for a person? Null when nobody can tell. */
  attention: boolean | null;
  waitingFor: (Pick<WaitingFor, 'kind' | 'gate' | 'question'> & { sinceMs: number | null }) | null;
  startedAtMs: number;
  endedAtMs: number | null;
  requester: string | null;
  ticket: string | null;
  /** Why it could not be asked; null when it answered, or did not have to. */
  trouble: string | null;
}

/** What is read of an entry of Temporal's list. */
export type ListedWorkflow = Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'runId' | 'startTime' | 'closeTime' | 'memo' | 'typedSearchAttributes'
> & { status: Pick<WorkflowExecutionInfo['status'], 'name'> };

const phaseKey = defineSearchAttributeKey('UpgradePhase', SearchAttributeType.KEYWORD);
const targetKey = defineSearchAttributeKey('UpgradeTarget', SearchAttributeType.KEYWORD);
const attentionKey = defineSearchAttributeKey('UpgradeAttention', SearchAttributeType.BOOL);

const endings: Partial<Record<ListedWorkflow['status']['name'], UpgradeEnding['outcome']>> = {
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  CANCELLED: 'cancelled',
  TERMINATED: 'terminated',
};

/** A workflow that was ended from outside keeps the phase it was in: its own status then says more. */
const phaseOf = ({ status, typedSearchAttributes }: ListedWorkflow): UpgradeSummary['phase'] =>
  // as: the workflow writes nothing else into this attribute; a list shows it as it is.
  endings[status.name] ?? ((typedSearchAttributes.get(phaseKey) ?? null) as StatusPhase | null);

const word = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Runs after the first begin later than the upgrade. */
const startOf = ({ memo, startTime }: ListedWorkflow): number => {
  const startedAtMs: unknown = memo?.['startedAtMs'];
  return typeof startedAtMs === 'number' ? startedAtMs : startTime.getTime();
};

/** What the list alone tells. */
export const listedUpgrade = (entry: ListedWorkflow): UpgradeSummary => {
  const { workflowId, runId, status, closeTime, memo, typedSearchAttributes } = entry;
  const running = status.name === 'RUNNING' || status.name === 'PAUSED';
  return {
    workflowId,
    runId,
    cluster: clusterOf(workflowId),
    fromVersion: word(memo?.['from']),
    toVersion: typedSearchAttributes.get(targetKey) ?? word(memo?.['target']),
    running,
    phase: phaseOf(entry),
    attention: running ? (typedSearchAttributes.get(attentionKey) ?? null) : false,
    waitingFor: null,
    startedAtMs: startOf(entry),
    endedAtMs: closeTime?.getTime() ?? null,
    requester: word(memo?.['requester']),
    ticket: word(memo?.['ticket']),
    trouble: null,
  };
};

/** The list does not know what is asked of a person, and without search attributes nothing of what happens. */
export const mustBeAsked = ({ running, phase, attention }: UpgradeSummary): boolean =>
  running && (phase === null || attention !== false);

/** With what the upgrade itself answers. */
export const withAnswer = (
  summary: UpgradeSummary,
  { status, events }: { status: UpgradeStatus; events: readonly UpgradeEvent[] },
): UpgradeSummary => {
  const { waitingFor, phase, fromVersion, toVersion } = status;
  return {
    ...summary,
    fromVersion,
    toVersion,
    phase,
    attention: waitingFor !== null,
    waitingFor:
      waitingFor === null
        ? null
        : {
            kind: waitingFor.kind,
            gate: waitingFor.gate,
            question: waitingFor.question,
            sinceMs: waitingSince(events, waitingFor.kind),
          },
  };
};
