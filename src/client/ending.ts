import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { splitHint } from '../domain/common/failure';
import type { UpgradeOutcome } from '../domain/upgrade/upgrade-state';

/** How an upgrade ended: by its own outcome, with an error before the first host change, or from outside. */
export interface UpgradeEnding {
  outcome: UpgradeOutcome | 'cancelled' | 'terminated';
  message: string;
  /** What to do next, empty when there is nothing. */
  hint: string;
}

const outcomes: readonly string[] = ['completed', 'rejected', 'aborted', 'rolled-back'] satisfies UpgradeOutcome[];

const isOutcome = (value: unknown): value is UpgradeOutcome => typeof value === 'string' && outcomes.includes(value);

/** Reads the result of the workflow; a result that names no outcome counts as failed. */
export const endingOfResult = (result: unknown): UpgradeEnding => {
  const fields: Record<string, unknown> = typeof result === 'object' && result !== null ? { ...result } : {};
  const { outcome, message } = fields;
  return {
    outcome: isOutcome(outcome) ? outcome : 'failed',
    message: typeof message === 'string' ? message : 'The workflow ended without a message.',
    hint: '',
  };
};

const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error);

/** Reads the error that a closed workflow gives; an error that is not about its end is null. */
export const endingOfError = (error: unknown): UpgradeEnding | null => {
  if (!(error instanceof WorkflowFailedError)) return null;
  const { cause } = error;
  if (cause instanceof CancelledFailure) {
    return { outcome: 'cancelled', message: 'The upgrade was cancelled in Temporal.', hint: '' };
  }
  if (cause instanceof TerminatedFailure) {
    return {
      outcome: 'terminated',
      message: 'The workflow was terminated in Temporal; nobody looked after the nodes at that moment.',
      hint: 'Check that every node runs, then start again: what is done is recognised and not repeated.',
    };
  }
  const root = rootOf(error);
  const type = root instanceof ApplicationFailure ? root.type : null;
  return { outcome: 'failed', ...splitHint(root.message, type) };
};

/** How the described run ended; null while it is running. */
export const endingOf = async (
  handle: WorkflowHandle,
  description: WorkflowExecutionDescription,
): Promise<UpgradeEnding | null> => {
  const { name } = description.status;
  if (name === 'RUNNING' || name === 'CONTINUED_AS_NEW' || name === 'PAUSED') return null;
  return awaitEnding(handle);
};

/** Waits for the end of the upgrade. */
export const awaitEnding = async (handle: WorkflowHandle): Promise<UpgradeEnding> => {
  try {
    return endingOfResult(await handle.result());
  } catch (error) {
    const ending = endingOfError(error);
    if (ending === null) throw error;
    return ending;
  }
};
