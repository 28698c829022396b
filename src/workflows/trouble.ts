import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, TimeoutFailure } from '@temporalio/workflow';
import { failureHint, withHint } from '../domain/common/failure';
import type { Trouble } from '../domain/upgrade/upgrade-state';
import { messageOf } from '../domain/common/message-of';

/** Where the trouble was met. */
export type TroubleSite = Pick<Trouble, 'nodeId' | 'phase' | 'nodeIsDown'>;

/** No node in particular, nothing down because of it. */
export const wholeCluster: TroubleSite = { nodeId: null, phase: null, nodeIsDown: false };

const rootCause = (error: unknown): unknown =>
  (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) && error.cause !== undefined
    ? rootCause(error.cause)
    : error;

/** Turns any failure of an activity or child into words for an operator: type, what was seen, what to do next. */
export const troubleOf = (error: unknown, site: TroubleSite): Trouble => {
  const cause = rootCause(error);
  if (cause instanceof ApplicationFailure) {
    const type = cause.type ?? 'UnexpectedFailure';
    return { type, message: cause.message, hint: failureHint(type), ...site };
  }
  if (cause instanceof TimeoutFailure) {
    const type = 'CommandTimedOut';
    return {
      type,
      message: `A step did not finish in time (${cause.timeoutType}); no worker answered for it.`,
      hint: failureHint(type),
      ...site,
    };
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
