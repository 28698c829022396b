import { ApplicationFailure } from '@temporalio/workflow';
import { planDifferences } from '../domain/plan/plan-differences';
import { blockers } from '../domain/plan/upgrade-plan';
import type { PlanUpgradeResult } from '../activities/contract';
import { inspection } from './activity-options';
import { awaitGoAhead } from './go-ahead';
import { guarded } from './guarded';
import { readMoment } from './moment';
import type { UpgradeRun } from './upgrade-run';

/** Inspects and plans. */
const inspect = (run: UpgradeRun): Promise<PlanUpgradeResult> => {
  const { request } = run;
  return guarded(run, () =>
    inspection.planUpgrade.executeWithOptions({ summary: `plan ${request.cluster} → ${request.target}` }, [
      { request },
    ]),
  );
};

/** From here on this is the plan; blockers end the workflow before anything is touched. */
const adopt = (run: UpgradeRun, { plan, planHash, searchAttributes }: PlanUpgradeResult): void => {
  run.publisher.useSearchAttributes(searchAttributes);
  run.publisher.remember(run.state, { planHash, from: plan.fromVersion });
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

/** Waits for the approval of the plan, with all its findings, and for the time when something may be started. */
const approve = async (run: UpgradeRun): Promise<void> => {
  const notes = run.plan.findings.length;
  run.item(1, 'waiting', `plan made, ${notes} findings to read`);
  await run.passGate('plan');
  run.item(1, 'done', `plan approved, ${notes} findings acknowledged`);
  await awaitGoAhead(run);
};

/** A plan that was made longer ago than this is made again before it is carried out (ms); inspecting takes seconds. */
const maxPlanAgeMs = 10 * 60_000;

/** True when the plan still holds; otherwise there is a new one, which nobody has approved (I3). */
const stillHolds = async (run: UpgradeRun, madeAtMs: number): Promise<boolean> => {
  const { atMs } = await readMoment();
  if (atMs - madeAtMs <= maxPlanAgeMs) return true;
  run.item(1, 'running', 'inspecting again: the plan is some time old');
  const now = await inspect(run);
  // Whoever ends it meanwhile ends the plan that was approved: the way back must not run on one that nobody has seen (I3).
  run.throwIfEnding();
  const differences = planDifferences(run.plan, now.plan);
  if (differences.length > 0) {
    run.evidence('the plan does not hold any more and is asked for again', differences);
    adopt(run, now);
    return false;
  }
  run.item(1, 'done', 'plan approved; inspected again, and it still holds');
  return true;
};

/** Makes the plan and has it approved; again when the cluster is another by the time that it may be carried out. */
export const agreeOnPlan = async (run: UpgradeRun): Promise<void> => {
  run.item(1, 'running', 'inspecting hosts and brokers');
  adopt(run, await inspect(run));
  let madeAtMs = (await readMoment()).atMs;
  for (;;) {
    await approve(run);
    if (await stillHolds(run, madeAtMs)) return;
    madeAtMs = (await readMoment()).atMs;
  }
};
