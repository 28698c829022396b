import type { LevelsFound } from '../domain/upgrade/judge-way-back';
import { inspection } from './activity-options';
import type { UpgradeRun } from './upgrade-run';

/** The levels in force, read now, and whether this release runs under them. */
export const readLevels = (run: UpgradeRun, release: string): Promise<LevelsFound> => {
  const { cluster, definitionSha256 } = run.plan;
  return inspection.readLevels.executeWithOptions({ summary: `the levels in force: does ${release} know them?` }, [
    { cluster, definitionSha256, release },
  ]);
};
