/**
 * The history of one run of a workflow is limited, and a worker that takes an upgrade over replays all of it, while a broker
 * may be down. So a long one is continued in a new run of the same workflow id, between two steps, when nothing is under way.
 */
import { ContinueAsNew, makeContinueAsNewFunc, workflowInfo } from '@temporalio/workflow';
import type { Moment } from '../activities/contract';
import type { CarriedOver } from './carried-over';
import { maxHistoryEvents } from './history-limit';
import type { UpgradeRun } from './upgrade-run';

/** Not an error: how the SDK leaves a run that goes on in another one. */
export const isContinuation = (error: unknown): boolean => error instanceof ContinueAsNew;

const isLong = ({ historyLength, continueAsNewSuggested }: Moment): boolean =>
  historyLength > maxHistoryEvents || continueAsNewSuggested;

/**
 * A safe point: nothing is under way, and what comes next follows from the state alone. Never resolves when the history is
 * long. Messages are not lost: their handlers end before this is reached, and Temporal completes no run while it holds one
 * that was not read.
 */
export const safePoint = async (run: UpgradeRun, moment: Moment): Promise<void> => {
  if (!isLong(moment)) return;
  const carriedOver = await run.handOver();
  // Whoever ended it meanwhile is heard in this run.
  run.throwIfEnding();
  const { memo = {}, typedSearchAttributes } = workflowInfo();
  await makeContinueAsNewFunc<(request: unknown, earlier: CarriedOver) => Promise<unknown>>({
    memo,
    typedSearchAttributes,
  })(run.request, carriedOver);
};
