import { CancellationScope, condition } from '@temporalio/workflow';
import type { UpgradeRun } from './upgrade-run';

/** Does work that may wait long; when people end the upgrade it is cancelled, which its waiting parts hear. */
export const untilEnding = async <T>(run: UpgradeRun, work: () => Promise<T>): Promise<T> => {
  const scope = new CancellationScope({ cancellable: true, parent: CancellationScope.current() });
  let over = false;
  const result = scope.run(work);
  const watch = condition(() => over || run.state.ending !== null).then(() => {
    if (!over) scope.cancel();
  });
  try {
    return await result;
  } finally {
    over = true;
    await watch;
  }
};
