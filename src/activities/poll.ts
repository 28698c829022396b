import { sleep } from '@temporalio/activity';

/** Milliseconds of this process's own monotonic clock. */
export const monotonicMs = (): number => performance.now();

/** A look may take a third of the time at most: on a large cluster the pause grows with what a look costs. */
const pausePerLook = 2;

/**
 * The pause after a look (ms): that of the policy, longer where looks are expensive (1,000 brokers with 200,000 partitions:
 * about a second each, `npm run bench`).
 */
export const pauseAfter = (lookMs: number, pollIntervalMs: number): number =>
  Math.max(pollIntervalMs, Math.round(lookMs * pausePerLook));

/** Waits one poll interval (ms); throws when the activity is cancelled. */
export const nextPoll = (intervalMs: number): Promise<void> => sleep(intervalMs);
