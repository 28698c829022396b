/** What every activity does around its work: heartbeats, cancellation, and errors that Temporal understands. */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { UpgradeError, failureClass } from '../domain/common/failure';
import { isRecord } from '../domain/common/is-record';
import type { OperationContext } from '../hosts/broker-host';

/**
 * A cancellation is heard with the answer to a heartbeat only, and people wait for it: so often that one goes out whenever the
 * worker lets it (`maxHeartbeatThrottleInterval`, a second). Far below the shortest heartbeat time-out (8 s), too.
 */
const heartbeatIntervalMs = 500;

/** What each running activity said last; said again by the timer, so that a long wait does not look dead. */
const lastDetails = new WeakMap<Context, unknown>();

/** Reports what the activity sees now: heartbeat details, which live views show and a next attempt finds. */
export const report = (message: string, details: Record<string, unknown> = {}): void => {
  const context = Context.current();
  const heartbeat = { message, ...details };
  lastDetails.set(context, heartbeat);
  context.heartbeat(heartbeat);
};

/** A field of the heartbeat details that an earlier attempt of this activity left behind. */
export const leftBehind = (field: string): unknown => {
  const details: unknown = Context.current().info.heartbeatDetails;
  return isRecord(details) ? details[field] : undefined;
};

/**
 * How long earlier attempts of this activity took (ms): deadlines are for all attempts together. By the server's clock alone;
 * the time in which no worker took this attempt up is not in it.
 */
export const earlierAttemptsMs = (): number => {
  const { scheduledTimestampMs, currentAttemptScheduledTimestampMs } = Context.current().info;
  return Math.max(0, currentAttemptScheduledTimestampMs - scheduledTimestampMs);
};

/** Cancellation and progress for adapters. */
export const operationContext = (): OperationContext => ({
  signal: Context.current().cancellationSignal,
  onProgress: (message) => {
    report(message);
  },
});

/**
 * Progress for adapters, and no cancellation: for the part of a restart in which a node is down. Whatever becomes of this
 * attempt's heartbeats, of Temporal or of people's wishes, the node is brought back first.
 */
export const steadyContext = (): OperationContext => ({
  onProgress: (message) => {
    report(message);
  },
});

/** The attempt's number: a retry of the same step has a higher lease than the attempt before it (I5). */
export const attempt = (): number => Context.current().info.attempt;

const asFailure = (error: unknown): unknown =>
  error instanceof UpgradeError
    ? ApplicationFailure.create({
        message: error.message,
        type: error.type,
        nonRetryable: failureClass(error.type) !== 'transient',
        details: [error.evidence],
      })
    : error;

/** Runs the body of an activity: heartbeats while it waits, and our errors become typed Temporal failures. */
export const inActivity = async <T>(body: () => Promise<T>): Promise<T> => {
  const context = Context.current();
  const beat = setInterval(() => {
    context.heartbeat(lastDetails.get(context) ?? context.info.heartbeatDetails);
  }, heartbeatIntervalMs);
  try {
    return await body();
  } catch (error) {
    throw asFailure(error);
  } finally {
    clearInterval(beat);
  }
};
