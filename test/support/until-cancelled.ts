import { Context } from '@temporalio/activity';

/**
 * Keeps an activity from ending before its cancellation is heard. The time-skipping server, unlike the real one, refuses to
 * cancel an activity that ends in the same moment, and then waits for the workflow for ever.
 */
export const untilCancelled = async (): Promise<void> => {
  const context = Context.current();
  const beat = setInterval(() => {
    context.heartbeat();
  }, 50);
  await context.cancelled.catch(() => undefined);
  clearInterval(beat);
};
