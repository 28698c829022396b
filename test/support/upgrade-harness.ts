import { randomUUID } from 'node:crypto';
import { ServiceError, isGrpcCancelledError, isGrpcDeadlineError } from '@temporalio/client';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { GateName } from '../../src/domain/policy/gate-name';
import type { MessageKind } from '../../src/domain/people/message';
import type { UpgradeEvent } from '../../src/domain/upgrade/upgrade-state';
import type { UpgradeResult } from '../../src/domain/upgrade/upgrade-result';
import type { UpgradeStatus } from '../../src/domain/upgrade/upgrade-status';
import type { kafkaUpgrade } from '../../src/workflows';
import { messageOf } from '../../src/domain/common/message-of';
import { payloadCodecs } from '../../src/client/payload-codec';
import { wholeTimeline } from '../../src/client/whole-timeline';
import { chapterQuery, statusQuery } from '../../src/workflows/messages';
import { workflowBundle } from './bundle';
import type { Histories } from './bundle';
import type { FakeWorld } from './fake-world';
import { until } from './until';

export type MessageEvent = Extract<UpgradeEvent, { type: 'message' }>;

/** For machines that do much else. */
const patienceMs = 60_000;
const queryTimeoutMs = 6_000;

/** What Temporal itself has said stands in the cause, which a short report of a failed test leaves out. */
const withCause = (error: unknown): unknown =>
  error instanceof ServiceError ? new Error(`${error.message}: ${messageOf(error.cause)}`, { cause: error }) : error;

/** The server may see the deadline pass before the client does, and then says that the call was cancelled. */
const isOutOfTime = (error: unknown): boolean => isGrpcDeadlineError(error) || isGrpcCancelledError(error);

/** One upgrade as a test drives it. */
export class UpgradeDriver {
  constructor(
    readonly world: FakeWorld,
    readonly handle: WorkflowHandle<typeof kafkaUpgrade>,
    readonly client: Client,
  ) {}

  /** The test server never answers what one run of a workflow was asked when it went on in the next: that is asked again. */
  async status(triesLeft = 10): Promise<UpgradeStatus> {
    try {
      return await this.client.withDeadline(Date.now() + queryTimeoutMs, () => this.handle.query(statusQuery));
    } catch (error) {
      if (triesLeft === 0 || !isOutOfTime(error)) throw withCause(error);
      return this.status(triesLeft - 1);
    }
  }

  /** Of all runs of the workflow. */
  async timeline(): Promise<UpgradeEvent[]> {
    return wholeTimeline(await this.handle.query(chapterQuery), (runId) =>
      this.client.workflow.getHandle(this.handle.workflowId, runId).query(chapterQuery),
    );
  }

  /** Waits until this holds of the status. */
  when(what: string, holds: (status: UpgradeStatus) => boolean): Promise<UpgradeStatus> {
    return until(
      what,
      async () => {
        const status = await this.status();
        if (status.outcome !== null && !holds(status)) throw new Error(`it ended before "${what}": ${status.message}`);
        return holds(status) && status;
      },
      patienceMs,
    );
  }

  atGate(gate: GateName): Promise<UpgradeStatus> {
    return this.when(`gate ${gate}`, ({ waitingFor }) => waitingFor?.gate === gate);
  }

  parked(type?: string): Promise<UpgradeStatus> {
    return this.when(`parked ${type ?? ''}`, ({ phase, trouble }) => {
      return phase === 'parked' && (type === undefined || trouble?.type === type);
    });
  }

  /** Sends a message as the web UI would: a signal with any payload, or none. */
  signal(kind: MessageKind, ...payload: unknown[]): Promise<void> {
    return this.handle.signal(kind, ...payload);
  }

  /** The payload that the status shows ready to paste, with the names filled in. */
  async answer(gate: GateName): Promise<Record<string, unknown>> {
    const { waitingFor } = await this.atGate(gate);
    const payload = JSON.parse(waitingFor?.answers[0]?.payload ?? '{}') as Record<string, unknown>;
    const confirmed = 'disasterRecovery' in payload ? { disasterRecovery: 'confirmed by kim: restore test' } : {};
    return { ...payload, ...confirmed, by: 'kim' };
  }

  /** The answer of this kind that the status shows ready to paste, once it shows one. */
  async shown(kind: MessageKind): Promise<Record<string, unknown>> {
    const { waitingFor } = await this.when(`an answer by ${kind}`, (status) =>
      (status.waitingFor?.answers ?? []).some(({ signal }) => signal === kind),
    );
    const answer = waitingFor?.answers.find(({ signal }) => signal === kind);
    return JSON.parse(answer?.payload ?? '{}') as Record<string, unknown>;
  }

  /** Does the parked step again, by the number that the page shows. */
  async retry(): Promise<MessageEvent> {
    return this.received('retry', await this.shown('retry'));
  }

  /** Approves the gate as a careful operator does, and leaves a mark in the world's log. */
  async approve(gate: GateName): Promise<void> {
    const answer = await this.answer(gate);
    this.world.note('mark', null, `approved ${gate}`);
    await this.signal('approve', answer);
  }

  async messages(): Promise<MessageEvent[]> {
    return (await this.timeline()).filter((event): event is MessageEvent => event.type === 'message');
  }

  /** Sends a message and gives the record of how it was received. */
  async received(kind: MessageKind, ...payload: unknown[]): Promise<MessageEvent> {
    const before = (await this.messages()).length;
    await this.signal(kind, ...payload);
    return until('the message is recorded', async () => (await this.messages())[before], patienceMs);
  }

  async approveAll(gates: GateName[] = ['plan', 'canary', 'protocol']): Promise<void> {
    for (const gate of gates) await this.approve(gate);
  }

  result(): Promise<UpgradeResult> {
    return this.handle.result();
  }
}

export interface RunOptions {
  input?: unknown;
  workflowId?: string;
  maxCachedWorkflows?: number;
  histories?: Histories;
  /** Sent before a worker sees the workflow. */
  early?: (driver: UpgradeDriver) => Promise<void>;
  /** What a start by hand may hold beside the input. */
  more?: unknown[];
}

/** Starts an upgrade of the world's cluster and lets the test drive it beside a worker with the world's activities. */
export const driveUpgrade = async <T>(
  environment: Pick<TestWorkflowEnvironment, 'client' | 'nativeConnection'>,
  world: FakeWorld,
  test: (driver: UpgradeDriver) => Promise<T>,
  options: RunOptions = {},
): Promise<T> => {
  const { cluster } = world.definition;
  const taskQueue = `queue-${randomUUID()}`;
  const handle = await environment.client.workflow.start<typeof kafkaUpgrade>('kafkaUpgrade', {
    workflowId: options.workflowId ?? `kafka-upgrade/${cluster}`,
    taskQueue,
    args: ['input' in options ? options.input : { cluster, target: '3.8.1' }, ...(options.more ?? [])] as [unknown],
  });
  const driver = new UpgradeDriver(world, handle, environment.client);
  await options.early?.(driver);
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    taskQueue,
    workflowBundle: await workflowBundle(options.histories),
    dataConverter: { payloadCodecs },
    activities: { ...world.activities() },
    // As in src/worker/main.ts: an abort reaches a gate with the answer to a heartbeat.
    maxHeartbeatThrottleInterval: '1s',
    ...(options.maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows: options.maxCachedWorkflows }),
  });
  return worker.runUntil(async () => {
    try {
      return await test(driver);
    } finally {
      // A test that failed half-way must not leave a running workflow behind.
      await handle.terminate('end of the test').catch(() => undefined);
    }
  });
};
