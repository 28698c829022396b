import { isCancellation } from '@temporalio/workflow';
import { withWhatDiffers } from './definition-trouble';
import { storeLeases } from './lease-steps';
import { troubleOf, wholeCluster, workflowFailure } from './trouble';
import { untilEnding } from './until-ending';
import { EndRequested } from './upgrade-run';
import type { UpgradeRun } from './upgrade-run';

/**
 * Does a step of the upgrade and parks when it fails: after the first change of a host nothing but people ends it (I6).
 * Before that, a failure ends the workflow with a clear error. After a park the leases are raised first (I5). When people
 * end the upgrade the step is cancelled: no node is down in it, so nobody has to wait for a host that does not answer.
 */
export const guarded = async <T>(run: UpgradeRun, step: () => Promise<T>): Promise<T> => {
  for (let parked = false; ; parked = true) {
    // Between two steps is a safe point: nobody who said abort wants to see the next one.
    run.throwIfEnding();
    try {
      return await untilEnding(run, async () => {
        if (parked) await storeLeases(run, true);
        return step();
      });
    } catch (error) {
      if (error instanceof EndRequested) throw error;
      if (isCancellation(error)) run.throwIfEnding();
      const trouble = troubleOf(error, wholeCluster);
      if (!run.hostsChanged) throw workflowFailure(await withWhatDiffers(run.state.plan, trouble));
      await run.park(trouble);
    }
  }
};

/** Raises the lease on every host, so that no late attempt of an earlier step can act (I5). */
export const raiseLeases = (run: UpgradeRun): Promise<void> => guarded(run, () => storeLeases(run, true));
