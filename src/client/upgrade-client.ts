import { randomUUID } from 'node:crypto';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { RequestedFeatures } from '../domain/levels/finalization';
import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { MessageKind } from '../domain/people/message';
import { parseRequest, workflowIdOf } from '../domain/plan/request';
import type { UpgradeEvent } from '../domain/upgrade/upgrade-state';
import type { UpgradeStatus } from '../domain/upgrade/upgrade-status';
import { chapterQuery, messageSignal, planQuery, statusQuery, timelineQuery } from '../workflows/messages';
import type { Chapter, MessageAnswer, PlanAnswer } from '../workflows/messages';
import { ClientError } from './client-error';
import type { TemporalSession } from './connect';
import { allSettled } from './all-settled';
import { awaitEnding, endingOf } from './ending';
import type { UpgradeEnding } from './ending';
import { nodeDetails, pendingActivities } from './live-details';
import type { LiveDetails } from './live-details';
import { startDetails } from './start-details';
import { translateError } from './translate-error';
import { workflowPage } from './web-ui';
import { wholeTimeline } from './whole-timeline';

/** Where workers look for work unless told otherwise. */
export const defaultTaskQueue = 'kafka-upgrade';

/** The type of the workflow, as Temporal lists it. */
export const upgradeWorkflowType = 'kafkaUpgrade';

/** A query or an update that takes longer has no worker behind it (ms). */
const answerTimeoutMs = 8_000;

/** The start input as people type it; what is left out has a default. */
export interface StartRequest {
  target: string;
  requester?: string;
  ticket?: string;
  canary?: number;
  features?: RequestedFeatures;
  takeOver?: boolean;
}

/** How a message went: answered at once, or stored by Temporal for when a worker is back. */
export type SendResult = MessageAnswer & { by: 'update' | 'signal' };

/** Everything that a live view shows, taken at one moment. */
export interface UpgradeLook {
  status: UpgradeStatus;
  live: LiveDetails;
  /** Null while the upgrade runs. */
  ending: UpgradeEnding | null;
  /** The end of the timeline. */
  events: UpgradeEvent[];
}

/** How much of the timeline a look takes: what a screen shows, and the start of what runs now. */
const lookEvents = 10;

/** One cluster's upgrade as operators reach it. All methods reject with `ClientError` where people can help. */
export class UpgradeClient {
  readonly workflowId: string;

  constructor(
    private readonly session: TemporalSession,
    readonly cluster: string,
  ) {
    this.workflowId = workflowIdOf(cluster);
  }

  /** The page of this upgrade in the web UI, null when its address is not known. */
  get webPage(): string | null {
    const { webUi, namespace } = this.session;
    return webUi === null ? null : workflowPage(webUi, namespace, this.workflowId);
  }

  /** Starts the upgrade; the workflow id is the lock, so a second one is refused with what to do. */
  async start(request: StartRequest, taskQueue = defaultTaskQueue): Promise<{ runId: string }> {
    const input = { cluster: this.cluster, ...request };
    const parsed = parseRequest(input);
    const { requester, ticket } = parsed;
    try {
      const handle = await this.session.client.workflow.start(upgradeWorkflowType, {
        workflowId: this.workflowId,
        taskQueue,
        args: [input],
        workflowIdConflictPolicy: 'FAIL',
        staticSummary: `Kafka ${this.cluster} to ${request.target}`,
        staticDetails: startDetails(parsed),
        // Until the plan is made there is nothing else that a list could show.
        memo: { requester, ticket, target: parsed.target },
      });
      return { runId: handle.firstExecutionRunId };
    } catch (error) {
      throw error instanceof WorkflowExecutionAlreadyStartedError
        ? this.alreadyRunning(error)
        : translateError(error, this.workflowId, this.session);
    }
  }

  status(): Promise<UpgradeStatus> {
    return this.ask((handle) => handle.query(statusQuery));
  }

  /** The plan being carried out; null while it is being made. */
  plan(): Promise<PlanAnswer | null> {
    return this.ask((handle) => handle.query(planQuery));
  }

  /** The whole audit trail, however many runs of the workflow it is in. */
  async timeline(): Promise<UpgradeEvent[]> {
    return wholeTimeline(await this.chapter(), (runId) =>
      this.chapter(runId).catch((error: unknown) => {
        if (error instanceof ClientError && error.kind === 'not-found') return null;
        throw error;
      }),
    );
  }

  /** Status, what happens right now, and how it ended if it did. */
  look(): Promise<UpgradeLook> {
    return this.ask(async (handle) => {
      const [status, timeline, description] = await allSettled([
        handle.query(statusQuery),
        handle.query(timelineQuery, lookEvents),
        handle.describe(),
      ]);
      const rolling = status.nodes.find(({ rollingWorkflowId }) => rollingWorkflowId !== null)?.rollingWorkflowId;
      const [ending, child, own] = await allSettled([
        endingOf(handle, description),
        rolling === undefined || rolling === null ? Promise.resolve(null) : nodeDetails(this.session.client, rolling),
        pendingActivities(this.session.client, description),
      ]);
      const live = { activities: [...own, ...(child?.activities ?? [])], node: child?.node ?? null };
      return { status, live, ending, events: timeline.slice(-lookEvents) };
    });
  }

  /** Sends a person's message for an immediate answer, or with `signalOnly` (and without a worker) for later. */
  async send(kind: MessageKind, answer: object, options: { signalOnly?: boolean } = {}): Promise<SendResult> {
    // Temporal keeps an update that nobody answered in time, and delivers it beside the signal that was sent instead.
    const payload = { ...answer, id: randomUUID() };
    if (options.signalOnly === true)
      return this.signal(kind, payload, 'Stored by Temporal; the upgrade reads it next.');
    try {
      return await this.ask(async (handle) => {
        const answer = await handle.executeUpdate<MessageAnswer, [unknown]>(kind, { args: [payload] });
        return { ...answer, by: 'update' as const };
      });
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) {
        const why = error.cause?.message ?? error.message;
        throw new ClientError('refused', `The upgrade refused "${kind}": ${why}`, { hint: '', cause: error });
      }
      if (!(error instanceof ClientError) || error.kind !== 'no-worker') throw error;
      return this.signal(kind, payload, 'No worker answers now; stored by Temporal, to be read when one is back.');
    }
  }

  /** Waits for the end of the upgrade, however long it takes. */
  async result(): Promise<UpgradeEnding> {
    return awaitEnding(this.session.client.workflow.getHandle(this.workflowId));
  }

  private chapter(runId?: string): Promise<Chapter> {
    return this.ask((handle) => handle.query(chapterQuery), runId);
  }

  private async signal(kind: MessageKind, payload: unknown, answer: string): Promise<SendResult> {
    await this.ask((handle) => handle.signal(messageSignal(kind), payload));
    return { accepted: true, answer, by: 'signal' };
  }

  /** Asks the newest run of the workflow, or the one that is named. */
  private async ask<T>(question: (handle: WorkflowHandle) => Promise<T>, runId?: string): Promise<T> {
    const handle = this.session.client.workflow.getHandle(this.workflowId, runId);
    try {
      return await this.session.client.withDeadline(Date.now() + answerTimeoutMs, () => question(handle));
    } catch (error) {
      throw translateError(error, this.workflowId, this.session);
    }
  }

  private alreadyRunning(cause: unknown): ClientError {
    const page = this.webPage === null ? '' : ` (${this.webPage})`;
    return new ClientError(
      'already-running',
      `An upgrade of ${this.cluster} is already running${page}; one cluster has one upgrade at a time.`,
      {
        hint: `Look at it with \`kafka-upgrade status ${this.cluster}\`, or end it with \`kafka-upgrade abort ${this.cluster}\`.`,
        cause,
      },
    );
  }
}
