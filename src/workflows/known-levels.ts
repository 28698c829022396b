/**
 * A level in force forbade the stop of a node on its way to an older release, and people have lowered it by hand since: the
 * metadata log still holds it, and an older binary that meets its record ends at once. So every node needs a snapshot first.
 */
import { ApplicationFailure } from '@temporalio/workflow';
import type { Trouble } from '../domain/upgrade/upgrade-state';
import { gates } from './activity-options';
import { guarded } from './guarded';
import { readLevels } from './read-levels';
import { untilEnding } from './until-ending';
import type { UpgradeRun } from './upgrade-run';

/** Every node must have a snapshot behind the levels that were lowered, from which the old binary can start. */
export const awaitSnapshots = async (run: UpgradeRun, end: number | null): Promise<void> => {
  if (end === null) return;
  const { cluster, definitionSha256, policy } = run.plan;
  const { evidence } = await guarded(run, () =>
    untilEnding(run, () =>
      gates(policy).awaitSnapshots.executeWithOptions(
        { summary: 'a snapshot behind the lowered levels on every node' },
        [{ cluster, definitionSha256, offset: end }],
      ),
    ),
  );
  run.evidence('snapshots of the metadata log', evidence);
};

/** Where the metadata log ends, once this release knows every level again; parks until then. */
const endOfKnown = (run: UpgradeRun, release: string): Promise<number | null> =>
  guarded(run, async () => {
    const { check, offset } = await readLevels(run, release);
    if (check.status === 'successful') return offset;
    const type = check.status === 'failed' ? 'LevelsForbid' : 'LevelsUnreadable';
    throw ApplicationFailure.nonRetryable(`No other node was stopped: ${check.message}.`, type);
  });

/** After a park: when it was for a level, this release must know all of them, and be able to start behind them. */
export const afterForbidden = async (run: UpgradeRun, { type }: Trouble, release: string): Promise<void> => {
  if (type === 'LevelsForbid') await awaitSnapshots(run, await endOfKnown(run, release));
};
