import { ApplicationFailure } from '@temporalio/workflow';
import { blockers } from '../domain/upgrade-plan';
import { inspection } from './activity-options';
import { guarded } from './guarded';
import type { UpgradeRun } from './upgrade-run';

/** Inspects and plans; blockers end the workflow before anything is touched. */
export const makePlan = async (run: UpgradeRun): Promise<void> => {
  run.item(1, 'running', 'inspecting hosts and brokers');
  const { request } = run;
  const { plan, planHash, searchAttributes } = await guarded(run, () =>
    inspection.planUpgrade.executeWithOptions({ summary: `plan ${request.cluster} → ${request.target}` }, [
      { request },
    ]),
  );
  run.publisher.useSearchAttributes(searchAttributes);
  run.publisher.remember(request, { planHash, from: plan.fromVersion });
  run.emit({ type: 'plan-made', plan, planHash });
  const blocking = blockers(plan);
  const [first] = blocking;
  if (first === undefined) return;
  run.item(1, 'failed', `${blocking.length} blockers`);
  const reasons = blocking.map(({ seen, action }) => `${seen} ${action}`).join(' | ');
  throw ApplicationFailure.nonRetryable(
    `The plan has ${blocking.length} blockers; nothing was touched. ${reasons}`,
    first.failure ?? 'PlanBlocked',
  );
};

/** Waits for the approval of the plan, with all its findings. */
export const approvePlan = async (run: UpgradeRun): Promise<void> => {
  const notes = run.plan.findings.length;
  run.item(1, 'waiting', `plan made, ${notes} findings to read`);
  await run.passGate('plan');
  run.item(1, 'done', `plan approved, ${notes} findings acknowledged`);
};
