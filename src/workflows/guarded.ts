import { EndRequested } from './upgrade-run';
import type { UpgradeRun } from './upgrade-run';
import { troubleOf, wholeCluster, workflowFailure } from './trouble';

/**
 * Does a step of the upgrade and parks when it fails: after the first change of a host nothing but people ends it (I6).
 * Before that, a failure ends the workflow with a clear error.
 */
export const guarded = async <T>(run: UpgradeRun, step: () => Promise<T>): Promise<T> => {
  for (;;) {
    // Between two steps is a safe point: nobody who said abort wants to see the next one.
    run.throwIfEnding();
    try {
      return await step();
    } catch (error) {
      if (error instanceof EndRequested) throw error;
      const trouble = troubleOf(error, wholeCluster);
      if (!run.hostsChanged) throw workflowFailure(trouble);
      await run.park(trouble);
    }
  }
};
