/**
 * The way back: features that can be lowered are lowered, then the old binary on every node that does not run it, one at a
 * time, under the same gates. Asked for by a person (`rollback`), refused beforehand where there is no way back
 * (domain/rollback.ts).
 */
import type { FeatureStep } from '../domain/levels/finalization';
import { isSettled } from '../domain/upgrade/checklist';
import { raisedFeatures, rollbackSteps } from '../domain/upgrade/rollback';
import { rollGroups } from '../domain/plan/roll-order';
import type { NodesLook } from '../activities/contract';
import { gates, inspection } from './activity-options';
import { moveFeature } from './finalization';
import { guarded, raiseLeases } from './guarded';
import { awaitHealth, verifyNodes } from './health';
import type { Roll } from './health';
import { backUp, pin } from './preparation';
import { rollPhase } from './roll-phase';
import type { Look } from './roll-phase';
import { untilEnding } from './until-ending';
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

/** Lowers what was raised; then every node must have a snapshot from which the old binary can start. */
const lowerFeatures = async (run: UpgradeRun, features: readonly FeatureStep[]): Promise<void> => {
  const { cluster, definitionSha256, policy } = run.plan;
  let offset: number | null = null;
  for (const step of features) offset = await moveFeature(run, step, 'lower');
  const end = offset;
  if (end === null) return;
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

/** What the way up had not done yet, when it ended before it touched a node; else only a higher number on every host. */
const prepare = async (run: UpgradeRun): Promise<void> => {
  const { items } = run.state;
  if (items[2].state !== 'done') await backUp(run);
  else await raiseLeases(run);
  if (!isSettled(items[3].state)) await pin(run);
};

/** What comes before the first node. */
const turnBack = async (run: UpgradeRun): Promise<void> => {
  const features = raisedFeatures(run.state);
  run.emit({ type: 'rollback-started' });
  await prepare(run);
  await lowerFeatures(run, features);
};

/** Puts the old binaries back and waits for a whole cluster. */
export const rollBack = async (run: UpgradeRun): Promise<void> => {
  if (!run.state.rollingBack) await turnBack(run);
  const { mode, nodes, fromVersion } = run.plan;
  const seen = await lookAtNodes(run);
  const old = new Set(seen.nodes.filter(({ version }) => version === fromVersion).map(({ nodeId }) => nodeId));
  const steps = rollbackSteps(run.plan).map((step) => ({ ...step, needed: !old.has(step.nodeId) }));
  const roll: Roll = { phase: 'rollback', steps };
  run.item(4, 'running', `back onto ${fromVersion}`);
  const groups = rollGroups(mode, nodes, 'rollback');
  const count = await rollPhase(run, { ...roll, groups, measure: () => measure(run) });
  await awaitHealth(run, roll);
  run.item(4, 'pending', `rolled back: ${count} nodes put back on ${fromVersion}; ${await verifyNodes(run, roll)}`);
};
