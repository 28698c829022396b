/**
 * The way back: features that can be lowered are lowered, then the old binary on every node that does not run it, one at a
 * time, under the same gates. Asked for by a person (`rollback`), refused beforehand where there is no way back
 * (ask-rollback.ts). The levels in force are read once more before anything is stopped, and again in the gate of every stop.
 */
import { ApplicationFailure } from '@temporalio/workflow';
import type { FeatureStep } from '../domain/levels/finalization';
import { isSettled } from '../domain/upgrade/checklist';
import { judgeWayBack } from '../domain/upgrade/judge-way-back';
import { rollbackSteps } from '../domain/upgrade/rollback';
import { rollGroups } from '../domain/plan/roll-order';
import type { NodesLook } from '../activities/contract';
import { afterForbidden, awaitSnapshots } from './known-levels';
import { readLevels } from './read-levels';
import { inspection } from './activity-options';
import { moveFeature } from './finalization';
import { guarded, raiseLeases } from './guarded';
import { awaitHealth, verifyNodes } from './health';
import type { Roll } from './health';
import { backUp, pin } from './preparation';
import { rollPhase } from './roll-phase';
import type { Look } from './roll-phase';
import type { UpgradeRun } from './upgrade-run';

/** What runs now, without waiting for health: a sick node may be the very reason for the way back. */
const lookAtNodes = (run: UpgradeRun): Promise<NodesLook> => {
  const { cluster, definitionSha256 } = run.plan;
  return guarded(run, () =>
    inspection.lookAtNodes.executeWithOptions({ summary: 'what runs on every node' }, [{ cluster, definitionSha256 }]),
  );
};

const measure = async (run: UpgradeRun): Promise<Look> => {
  const { nodes, controllerId } = await lookAtNodes(run);
  return { controllerId, down: nodes.filter(({ running }) => !running).map(({ nodeId }) => nodeId) };
};

/** What has to be lowered first, and where the metadata log ends, as both are read now; parks while a level forbids it. */
const findWayBack = (run: UpgradeRun, downgrade: boolean): Promise<{ lower: FeatureStep[]; offset: number | null }> =>
  guarded(run, async () => {
    const found = await readLevels(run, run.plan.fromVersion);
    const judged = judgeWayBack(run.state, run.plan, { found, downgrade });
    if (judged.possible) return { lower: judged.lower, offset: found.offset };
    const type = judged.beyond ? 'LevelsForbid' : 'LevelsUnreadable';
    throw ApplicationFailure.nonRetryable(`Nothing was stopped on the way back: ${judged.why}.`, type);
  });

/** Lowers what was raised, by this run or by hand. */
const lowerFeatures = async (run: UpgradeRun, downgrade: boolean): Promise<void> => {
  const { lower, offset } = await findWayBack(run, downgrade);
  let end = run.state.seenBeyond ? offset : null;
  for (const step of lower) end = await moveFeature(run, step, 'lower');
  await awaitSnapshots(run, end);
};

/** What the way up had not done yet, when it ended before it touched a node; else only a higher number on every host. */
const prepare = async (run: UpgradeRun): Promise<void> => {
  const { items } = run.state;
  if (items[2].state !== 'done') await backUp(run);
  else await raiseLeases(run);
  if (!isSettled(items[3].state)) await pin(run);
};

/** What comes before the first node. */
const turnBack = async (run: UpgradeRun): Promise<void> => {
  const downgrade = run.state.rollbackWish?.downgrade === true;
  run.emit({ type: 'rollback-started' });
  await prepare(run);
  await lowerFeatures(run, downgrade);
};

/** Puts the old binaries back and waits for a whole cluster. */
export const rollBack = async (run: UpgradeRun): Promise<void> => {
  if (!run.state.rollingBack) await turnBack(run);
  const { mode, nodes, fromVersion, downgrade: wasDown } = run.plan;
  const seen = await lookAtNodes(run);
  const old = new Set(seen.nodes.filter(({ version }) => version === fromVersion).map(({ nodeId }) => nodeId));
  const steps = rollbackSteps(run.plan).map((step) => ({ ...step, needed: !old.has(step.nodeId) }));
  const roll: Roll = { phase: 'rollback', steps };
  run.item(4, 'running', `back onto ${fromVersion}`);
  const groups = rollGroups(mode, nodes, wasDown === true ? 'upgrade' : 'rollback');
  const count = await rollPhase(run, {
    ...roll,
    groups,
    measure: () => measure(run),
    afterPark: (trouble) => afterForbidden(run, trouble, fromVersion),
  });
  await awaitHealth(run, roll);
  run.item(4, 'pending', `rolled back: ${count} nodes put back on ${fromVersion}; ${await verifyNodes(run, roll)}`);
};
