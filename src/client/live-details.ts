/** What happens right now, between two events of the timeline: heartbeats of running activities and the current step. */
import { allSettled } from './all-settled';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { GateVerdict } from '../domain/health/gate';
import type { RollNodeStatus } from '../domain/upgrade/node-roll';
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
  /** Why the attempt before failed. */
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
export const readHeartbeat = (details: unknown): Pick<PendingActivity, 'message' | 'verdict'> => {
  if (typeof details === 'string') return { message: details, verdict: null };
  if (!isRecord(details)) return { message: null, verdict: null };
  const { message, verdict } = details;
  return { message: typeof message === 'string' ? message : null, verdict: isVerdict(verdict) ? verdict : null };
};

const decodeFirst = async (client: Client, payloads: Payload[] | null | undefined): Promise<unknown> => {
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  let decoded = payloads?.slice(0, 1) ?? [];
  for (const codec of payloadCodecs) decoded = await codec.decode(decoded);
  const [first] = decoded;
  return first === undefined ? null : payloadConverter.fromPayload(first);
};

/** The pending activities of a described workflow. */
export const pendingActivities = (
  client: Client,
  description: WorkflowExecutionDescription,
): Promise<PendingActivity[]> =>
  Promise.all(
    (description.raw.pendingActivities ?? []).map(async (activity) => ({
      name: activity.activityType?.name ?? 'activity',
      attempt: activity.attempt ?? 1,
      ...readHeartbeat(await decodeFirst(client, activity.heartbeatDetails?.payloads)),
      lastFailure: activity.lastFailure?.message ?? null,
    })),
  );

/** Details of the restart in progress. It may end while it is being asked: then there are none. */
export const nodeDetails = async (client: Client, workflowId: string): Promise<LiveDetails> => {
  const handle = client.workflow.getHandle(workflowId);
  try {
    const [description, node] = await allSettled([handle.describe(), handle.query(nodeStatusQuery)]);
    return { activities: await pendingActivities(client, description), node };
  } catch {
    return { activities: [], node: null };
  }
};
