/**
 * What became of a stop when nobody waits for it any more: the attempt that asked for it is gone, and the upgrade is to end.
 * The host knows whose stop was asked for. Such a process is waited for, so that the node can be brought back; one that
 * was never asked is left alone.
 */
import { report } from './activity-context';
import type { ActivityDependencies } from './cluster-access';
import type { FinishStopInput, FinishStopResult } from './contract';
import { openPlanned, wordsFor } from './open-cluster';
import { monotonicMs } from './poll';
import { carryToEnd, sameProcess } from './stop-node';

/** Waits for the end of a stop that was asked for; `not-asked` when none was. Nobody cancels it. */
export const finishStop = async (
  dependencies: ActivityDependencies,
  input: FinishStopInput,
): Promise<FinishStopResult> => {
  const access = await openPlanned(dependencies, input);
  const host = access.host(input.nodeId);
  report(`was the stop of ${wordsFor(access, input.nodeId)} asked for?`);
  const asked = await host.stopAsked();
  if (asked === null) return { status: 'not-asked' };
  const found = await host.findProcess();
  if (found === null) return carryToEnd(access, input, null);
  // Another process than the one that was asked: somebody started it since.
  if (!sameProcess(found, asked)) return { status: 'not-asked' };
  return carryToEnd(access, input, { process: found, askedAtMs: monotonicMs() });
};
