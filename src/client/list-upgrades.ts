import { allSettled } from './all-settled';
import type { WorkflowHandle } from '@temporalio/client';
import { statusQuery, timelineQuery } from '../workflows/messages';
import { ClientError } from './client-error';
import type { ClientErrorKind } from './client-error';
import { workflowIdOf } from '../domain/plan/request';
import type { TemporalSession } from './connect';
import { awaitEnding } from './ending';
import { translateError } from './translate-error';
import { upgradeWorkflowType } from './upgrade-client';
import { listedUpgrade, mustBeAsked, withAnswer } from './upgrade-summary';
import type { UpgradeSummary } from './upgrade-summary';

/** Which upgrades are listed. */
export interface ListFilter {
  /** `recent`: those that run, and those that ended within the last days. */
  which: 'recent' | 'running' | 'all';
  /** Only those that wait for a person. */
  attention: boolean;
  limit: number;
  nowMs: number;
}

/** How far back `recent` goes: a week of changes. */
const recentMs = 7 * 24 * 3_600_000;

/** A worker that does not answer by then counts as away (ms); all are asked at once, so that this is waited for once. */
const answerTimeoutMs = 3_000;

/** Enough to hold what opened the gate, also behind refused messages. */
const askedEvents = 50;

/** The query of Temporal's list filter, as it may be typed into the web UI. */
export const visibilityQuery = ({ which, attention, nowMs }: ListFilter): string => {
  const type = `WorkflowType = "${upgradeWorkflowType}"`;
  const running = 'ExecutionStatus = "Running"';
  if (attention || which === 'running') return `${type} AND ${running}`;
  const since = new Date(nowMs - recentMs).toISOString();
  return which === 'all' ? type : `${type} AND (${running} OR CloseTime > "${since}")`;
};

/** What one upgrade may lack without the list being worth nothing. */
const troubles: Partial<Record<ClientErrorKind, string>> = {
  'no-worker': 'no worker answers',
  'not-found': 'not there any more',
};

const askRunning = async (handle: WorkflowHandle, summary: UpgradeSummary): Promise<UpgradeSummary> => {
  const [status, events] = await allSettled([handle.query(statusQuery), handle.query(timelineQuery, askedEvents)]);
  return withAnswer(summary, { status, events });
};

/** Asks the upgrade what the list does not tell; one that does not answer is listed with the reason. */
const complete = async (session: TemporalSession, summary: UpgradeSummary): Promise<UpgradeSummary> => {
  const { workflowId, runId, running, phase } = summary;
  const handle = session.client.workflow.getHandle(workflowId, runId);
  try {
    if (mustBeAsked(summary)) {
      return await session.client.withDeadline(Date.now() + answerTimeoutMs, () => askRunning(handle, summary));
    }
    return running || phase !== null ? summary : { ...summary, phase: (await awaitEnding(handle)).outcome };
  } catch (error) {
    const known = translateError(error, workflowId, session);
    const trouble = known instanceof ClientError ? troubles[known.kind] : undefined;
    if (trouble === undefined) throw known;
    return { ...summary, trouble };
  }
};

const listed = async (session: TemporalSession, filter: ListFilter): Promise<UpgradeSummary[]> => {
  const found: UpgradeSummary[] = [];
  const executions = session.client.workflow.list({ query: visibilityQuery(filter) });
  for await (const execution of executions) {
    // Its next run is in the list, too.
    if (execution.status.name === 'CONTINUED_AS_NEW') continue;
    found.push(listedUpgrade(execution));
    // Who waits for a person is known later: then all that run have to be looked at.
    if (!filter.attention && found.length === filter.limit) break;
  }
  return found;
};

/** The upgrades of the namespace, the newest first; only what Temporal's own list does not tell is asked for one by one. */
export const listUpgrades = async (session: TemporalSession, filter: ListFilter): Promise<UpgradeSummary[]> => {
  try {
    const found = await allSettled((await listed(session, filter)).map((entry) => complete(session, entry)));
    const wanted = filter.attention ? found.filter(({ attention }) => attention !== false) : found;
    return wanted
      .sort((a, b) => Number(b.running) - Number(a.running) || b.startedAtMs - a.startedAtMs)
      .slice(0, filter.limit);
  } catch (error) {
    throw translateError(error, workflowIdOf('*'), session);
  }
};
