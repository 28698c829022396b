/**
 * What only the moment knows: the time, and how long the history is. No branch may hang on what the SDK says of them: a worker
 * that takes a workflow over may answer a query first, and then meets an event that no task has handled yet with the time and
 * the length of an earlier task; every later replay meets it with others (docs/decisions/0017). So a local activity reads them,
 * and its answer stands in the history.
 */
import { workflowInfo } from '@temporalio/workflow';
import type { Moment } from '../activities/contract';
import { moments } from './activity-options';

export const readMoment = (): Promise<Moment> => {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return moments.readMoment({ atMs: Date.now(), historyLength, continueAsNewSuggested });
};
