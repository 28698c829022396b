import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, TimeoutFailure } from '@temporalio/workflow';
import { failureHint, withHint } from '../domain/common/failure';
import { isRecord } from '../domain/common/is-record';
import type { Trouble } from '../domain/upgrade/upgrade-state';
import { messageOf } from '../domain/common/message-of';

/** Where the trouble was met. */
export type TroubleSite = Pick<Trouble, 'nodeId' | 'phase' | 'nodeIsDown'>;

/** No node in particular, nothing down because of it. */
export const wholeCluster: TroubleSite = { nodeId: null, phase: null, nodeIsDown: false };

/** What is behind the wrappers; a time limit that ended the retries of a failure is that failure. */
const rootCause = (error: unknown): unknown =>
  (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure || error instanceof TimeoutFailure) &&
  error.cause !== undefined
    ? rootCause(error.cause)
    : error;

/** A worker had the step and was not heard again, or none ever took it up: different places to look at. */
const timeOut = ({ timeoutType, lastHeartbeatDetails }: TimeoutFailure): Pick<Trouble, 'type' | 'message'> => {
  if (timeoutType === 'START_TO_CLOSE')
    return {
      type: 'WorkerLost',
      message: `The worker that carried out a step did not end it in time (${timeoutType}).`,
    };
  // Only who takes a step up leaves heartbeats behind.
  return timeoutType === 'HEARTBEAT' || (lastHeartbeatDetails ?? null) !== null
    ? { type: 'WorkerLost', message: `The worker that carried out a step was not heard again (${timeoutType}).` }
    : { type: 'NoWorker', message: `No worker took a step up in time (${timeoutType}).` };
};

/** What a gate says that a person may accept by name; it travels as a detail of the failure. */
const acceptableIn = ({ details }: ApplicationFailure): Pick<Trouble, 'acceptable'> => {
  const [detail] = details ?? [];
  if (!isRecord(detail) || !Array.isArray(detail['acceptable'])) return {};
  return { acceptable: detail['acceptable'].filter((name) => typeof name === 'string') };
};

/** Turns any failure of an activity or child into words for an operator: type, what was seen, what to do next. */
export const troubleOf = (error: unknown, site: TroubleSite): Trouble => {
  const cause = rootCause(error);
  if (cause instanceof ApplicationFailure) {
    const type = cause.type ?? 'UnexpectedFailure';
    return { type, message: cause.message, hint: failureHint(type), ...site, ...acceptableIn(cause) };
  }
  if (cause instanceof TimeoutFailure) {
    const { type, message } = timeOut(cause);
    return { type, message, hint: failureHint(type), ...site };
  }
  return {
    type: 'UnexpectedFailure',
    message: messageOf(cause),
    hint: failureHint(null),
    ...site,
  };
};

/** A failure that ends the workflow with our type and message, not wrapped in "Activity task failed". */
export const workflowFailure = (trouble: Trouble): ApplicationFailure =>
  ApplicationFailure.nonRetryable(withHint(trouble.message, trouble.type), trouble.type);
