/** What holds the upgrade back before something new is started: a pause, a maintenance window. */
import { inspection } from './activity-options';
import { guarded } from './guarded';
import type { UpgradeRun } from './upgrade-run';

/**
 * Waits for the maintenance window. A rollback does not: it is the answer to trouble, and mixed releases are none to stay
 * with.
 */
const awaitWindow = async (run: UpgradeRun): Promise<void> => {
  const { maintenance } = run.plan.policy;
  if (maintenance === undefined || run.state.rollingBack) return;
  if (maintenance.windows.length === 0 && maintenance.freezeUntilMs === null) return;
  for (;;) {
    const { closed } = await guarded(run, () =>
      inspection.readMaintenance.executeWithOptions({ summary: 'is a maintenance window open?' }, [
        { maintenance, atMs: Date.now() },
      ]),
    );
    if (closed !== null || run.state.closedWindow !== null) run.emit({ type: 'window', closed });
    if (closed === null) return;
    await run.sleepUntil(closed.opensAtMs, 'the maintenance window');
  }
};

/** Resolves when something new may be started; throws `EndRequested` when people end the upgrade instead. */
export const awaitGoAhead = async (run: UpgradeRun): Promise<void> => {
  do {
    await run.whileRunning();
    await awaitWindow(run);
  } while (run.state.paused);
};
