/**
 * KRaft: the features of the plan, one by one, in its order (S8). Each gate is asked right before the first feature behind
 * it; after each feature the whole cluster has to be healthy for the soak of the policy before the next (I6).
 */
import type { NodeId } from '../domain/cluster/cluster';
import type { FeatureStep } from '../domain/levels/finalization';
import { changes } from './activity-options';
import { awaitGoAhead } from './go-ahead';
import { guarded } from './guarded';
import type { UpgradeRun } from './upgrade-run';

/** Raises one feature, or lowers it again; resolves to the end of the metadata log when it was read back. */
export const moveFeature = async (
  run: UpgradeRun,
  step: FeatureStep,
  direction: 'raise' | 'lower',
): Promise<number> => {
  const { cluster, definitionSha256 } = run.plan;
  const words = direction === 'raise' ? `${step.fromName} → ${step.toName}` : `${step.toName} → ${step.fromName}`;
  const { feature } = step;
  const moving = direction === 'raise' ? 'raising' : 'lowering';
  run.emit({ type: 'feature', feature, progress: { state: moving, detail: words } });
  const { evidence, offset } = await guarded(run, () =>
    changes.finalizeFeature.executeWithOptions({ summary: `${feature} ${words}` }, [
      { cluster, definitionSha256, fence: run.nextFence(), step, direction },
    ]),
  );
  run.evidence(`${feature} ${words}`, evidence);
  const state = direction === 'raise' ? 'raised' : 'lowered';
  run.emit({ type: 'feature', feature, progress: { state, detail: words } });
  return offset;
};

interface FinalizeOptions {
  /** A person may have taken days: is every node still as planned (I2)? */
  beforeEachGate: () => Promise<unknown>;
  healthy: () => Promise<NodeId | null>;
}

/** Raises every feature of the plan; resolves to how many there were. */
export const finalizeFeatures = async (run: UpgradeRun, options: FinalizeOptions): Promise<number> => {
  const { finalization } = run.plan;
  let passed: FeatureStep['gate'] | null = null;
  for (const [index, step] of finalization.entries()) {
    if (step.gate !== passed) {
      run.item(8, 'waiting', `approval to raise ${step.feature} to ${step.toName}`);
      await run.passGate(step.gate);
      passed = step.gate;
      run.item(8, 'running', 'reading every node again');
      await options.beforeEachGate();
    }
    await awaitGoAhead(run);
    run.item(8, 'running', `${step.feature} ${step.fromName} → ${step.toName}, ${index + 1} of ${finalization.length}`);
    await moveFeature(run, step, 'raise');
    await options.healthy();
  }
  return finalization.length;
};
