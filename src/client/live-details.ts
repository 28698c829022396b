/** What happens right now, between two events of the timeline: heartbeats of running activities and the current step. */
import { allSettled } from './all-settled';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { GateVerdict } from '../domain/health/gate';
import { restartingSteps } from '../domain/upgrade/node-roll';
import type { NodeStepName, RollNodeStatus } from '../domain/upgrade/node-roll';
import { nodeStatusQuery } from '../workflows/messages';
import { isRecord } from '../domain/common/is-record';

/** One activity that is running or waiting for its next attempt. */
export interface PendingActivity {
  name: string;
  attempt: number;
  /** Its last heartbeat, as a sentence. */
  message: string | null;
  /** The figures of a gate, when the activity measures one. */
  verdict: GateVerdict | null;
  /** What a restart is at. */
  step: NodeStepName | null;
  /** Why the attempt before failed, whole; null at the first attempt. */
  lastFailure: string | null;
}

export interface LiveDetails {
  activities: PendingActivity[];
  /** The restart in progress, as its own workflow tells it. */
  node: RollNodeStatus | null;
}

const isVerdict = (value: unknown): value is GateVerdict =>
  isRecord(value) && typeof value['message'] === 'string' && Array.isArray(value['checks']);

/** Reads heartbeat details: a sentence, or a gate's progress. Anything else counts as no details. */
export const readHeartbeat = (details: unknown): Pick<PendingActivity, 'message' | 'verdict' | 'step'> => {
  if (typeof details === 'string') return { message: details, verdict: null, step: null };
  if (!isRecord(details)) return { message: null, verdict: null, step: null };
  const { message, verdict, step } = details;
  return {
    message: typeof message === 'string' ? message : null,
    verdict: isVerdict(verdict) ? verdict : null,
    step: restartingSteps.find((known) => known === step) ?? null,
  };
};

const decodeFirst = async (client: Client, payloads: Payload[] | null | undefined): Promise<unknown> => {
  const sent = payloads?.[0];
  if (sent === undefined) return null;
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  let decoded = [sent];
  for (const codec of payloadCodecs) decoded = await codec.decode(decoded);
  return payloadConverter.fromPayload(decoded[0] ?? sent);
};

/** A failure as Temporal's API has it. */
interface RawFailure {
  message?: string | null;
  cause?: RawFailure | null;
}

/** An error with what caused it: the outer one alone often says only that an activity failed. */
const failureWords = (failure: RawFailure | null | undefined): string | null => {
  if (failure === null || failure === undefined) return null;
  const message = failure.message ?? '';
  const cause = failureWords(failure.cause);
  return cause === null || message.includes(cause) ? message : `${message}: ${cause}`;
};

/** The pending activities of a described workflow. */
export const pendingActivities = (
  client: Client,
  description: Pick<WorkflowExecutionDescription, 'raw'>,
): Promise<PendingActivity[]> =>
  Promise.all(
    (description.raw.pendingActivities ?? []).map(async (activity) => ({
      name: activity.activityType?.name ?? 'activity',
      attempt: activity.attempt ?? 1,
      ...readHeartbeat(await decodeFirst(client, activity.heartbeatDetails?.payloads)),
      lastFailure: failureWords(activity.lastFailure),
    })),
  );

/** Details of the restart in progress. It may end while it is being asked: then there are none. */
export const nodeDetails = async (client: Client, workflowId: string): Promise<LiveDetails> => {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const [description, node] = await allSettled([handle.describe(), handle.query(nodeStatusQuery)]);
    const activities = await pendingActivities(client, description);
    // A restart is one activity: only its heartbeats tell where it is.
    const step = activities.find((activity) => activity.step !== null)?.step ?? node.step;
    return { activities, node: { ...node, step } };
  } catch {
    return { activities: [], node: null };
  }
};
