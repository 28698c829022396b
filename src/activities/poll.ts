import { sleep } from '@temporalio/activity';

/** Milliseconds of this process's own monotonic clock. */
export const monotonicMs = (): number => performance.now();

/** Waits one poll interval (ms); throws when the activity is cancelled. */
export const nextPoll = (intervalMs: number): Promise<void> => sleep(intervalMs);
