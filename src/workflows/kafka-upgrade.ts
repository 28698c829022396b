/**
 * The two-phase rolling upgrade of one Kafka cluster, as the nine items of the checklist:
 *
 *   1. Inspect, plan, and wait for the approval of the plan (release notes and risks are in it).
 *   2. Own the cluster (a lease on every host), confirm the disaster-recovery path, back up every server.properties.
 *   3. Pin inter.broker.protocol.version to CURRENT in every file, before any new binary can start.
 *   4. Roll onto the new binary: the canary, its gate, then the others one at a time; the active controller last.
 *   5. Verify health and soak; read every host again.
 *   6. + 7. After an approval (the point of no return): roll again with the NEW protocol in the file.
 *   8. KRaft, instead of 3, 6 and 7: the features one by one, each irreversible one after its own approval.
 *   9. Verify, and report which clients still connect with what.
 *
 * Properties that must hold: the invariants I1-I9 of docs/architecture.md. In this file: I2 (the protocol moves only after
 * every node was verified to run the new binary), I3 (nothing irreversible without its gate), I6 (after the first host
 * change a failure parks). `rollback` puts the old binaries back until then.
 */
import { ApplicationFailure, CancellationScope, workflowInfo } from '@temporalio/workflow';
import { UpgradeError } from '../domain/common/failure';
import { parseRequest, workflowIdOf } from '../domain/plan/request';
import type { UpgradeRequest } from '../domain/plan/request';
import { capitalized } from '../domain/cluster/node-words';
import { levelWords } from '../domain/plan/upgrade-plan';
import { isSettled } from '../domain/upgrade/checklist';
import type { ChecklistItem } from '../domain/upgrade/checklist';
import { leftDown } from '../domain/upgrade/left-down';
import { upgradeResult } from '../domain/upgrade/upgrade-result';
import type { UpgradeResult } from '../domain/upgrade/upgrade-result';
import { answerWish } from './ask-rollback';
import { releaseCluster } from './lease-steps';
import type { CarriedOver } from './carried-over';
import { isContinuation } from './next-run';
import { raiseLevels, reportClients, rollBinaries } from './phases';
import { agreeOnPlan } from './plan-steps';
import { backUp, pin } from './preparation';
import { rollBack } from './roll-back';
import { EndRequested, UpgradeRun } from './upgrade-run';
import { itemsUnderWay } from '../domain/upgrade/upgrade-state';
import type { Ending, UpgradeState } from '../domain/upgrade/upgrade-state';
import { troubleOf, wholeCluster } from './trouble';

const readRequest = (input: unknown): UpgradeRequest => {
  try {
    return parseRequest(input);
  } catch (error) {
    if (error instanceof UpgradeError) throw ApplicationFailure.nonRetryable(error.message, error.type);
    throw error;
  }
};

/** The workflow id is the lock of the cluster, so no other id may do the work. */
const requireLockId = ({ cluster }: UpgradeRequest): void => {
  const { workflowId } = workflowInfo();
  const wanted = workflowIdOf(cluster);
  if (workflowId === wanted) return;
  const message = `Workflow id "${workflowId}" is not the lock of cluster "${cluster}"; start it with workflow id "${wanted}". Nothing was touched.`;
  throw ApplicationFailure.nonRetryable(message, 'WrongWorkflowId');
};

/** Who ended it and why. */
const whoAndWhy = (ending: Ending | null): string => {
  const by = ending?.by ?? 'a person';
  const comment = ending?.comment ?? null;
  return comment === null ? by : `${by} (${comment})`;
};

const touchedWords = ({ items, plan, rollingBack }: UpgradeState): string => {
  const levels = plan?.mode === 'kraft' ? `features: ${items[8].state}` : `protocol: ${items[7].state}`;
  const during = rollingBack ? ' The rollback was not finished.' : '';
  return `${during} Binaries: ${items[4].state}; ${levels}. Start the upgrade to ${plan?.toVersion ?? ''} again to continue from there, or, while both releases run, to roll back.`;
};

const endingMessage = (run: UpgradeRun): string => {
  const { parked } = run.state;
  const left = parked === null ? '' : ` Left as it was parked: ${parked.message}`;
  const down = leftDown(run.state);
  const touched = run.hostsChanged ? touchedWords(run.state) : ' No broker was touched.';
  return `Ended by ${whoAndWhy(run.state.ending)}.${touched}${left}${down === null ? '' : ` ${capitalized(down)}.`}`;
};

const end = async (run: UpgradeRun): Promise<void> => {
  if (run.hasFence) await releaseCluster(run);
  run.emit({ type: 'ended', outcome: run.state.ending?.outcome ?? 'aborted', message: endingMessage(run) });
};

/** The parts of the way up, each with the item of the checklist that is settled when it is done. */
const wayUp: readonly [ChecklistItem, (run: UpgradeRun) => Promise<void>][] = [
  [1, agreeOnPlan],
  [2, backUp],
  [3, pin],
  [5, rollBinaries],
  [8, raiseLevels],
  [9, reportClients],
];

const carryOut = async (run: UpgradeRun): Promise<void> => {
  // What an earlier run of the workflow has settled is not done again.
  for (const [item, work] of wayUp) if (!isSettled(run.state.items[item].state)) await work(run);
  await releaseCluster(run);
  const { cluster, toVersion, nodes, mode } = run.plan;
  run.emit({
    type: 'ended',
    outcome: 'completed',
    message: `All ${nodes.length} ${mode === 'kraft' ? 'nodes' : 'brokers'} of ${cluster} run ${toVersion} with ${levelWords(run.plan)} ${run.plan.toProtocol}.`,
  });
};

const carryBack = async (run: UpgradeRun): Promise<void> => {
  await rollBack(run);
  await releaseCluster(run);
  const { cluster, fromVersion, nodes } = run.plan;
  run.emit({
    type: 'ended',
    outcome: 'rolled-back',
    message: `Rolled back by ${whoAndWhy(run.state.turnedBackBy)}: all ${nodes.length} nodes of ${cluster} run ${fromVersion} again.`,
  });
};

/** Temporal's own cancel means abort: end at the next safe point. */
const abortOnCancel = (run: UpgradeRun): void => {
  CancellationScope.current().cancelRequested.catch(() => run.receive('abort', { by: 'Temporal cancel request' }));
};

/** Does the work until it ends by itself or by people. A wish to roll back ends the way up and begins the way back. */
const untilEnd = async (run: UpgradeRun, work: (run: UpgradeRun) => Promise<void>): Promise<void> => {
  try {
    await work(run);
  } catch (error) {
    if (isContinuation(error)) throw error;
    if (!(error instanceof EndRequested)) {
      if (run.hasFence) await releaseCluster(run);
      throw error;
    }
    await (run.state.ending?.outcome === 'rolled-back' ? untilEnd(run, carryBack) : end(run));
  }
};

/** The last words of the audit trail: what was under way did not succeed, and why. */
const noteFailure = (run: UpgradeRun, error: unknown): void => {
  for (const item of itemsUnderWay(run.state)) run.item(item, 'failed', run.state.items[item].detail);
  run.emit({ type: 'ended', outcome: 'failed', message: troubleOf(error, wholeCluster).message });
};

/** Does the work; whatever way it ends, audit trail and world outside hear of it. */
const toldOutside = async (run: UpgradeRun, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (isContinuation(error)) throw error;
    noteFailure(run, error);
    await run.takeLeave();
    throw error;
  }
  await run.takeLeave();
};

/** Only a run of this workflow may say where an upgrade stands: nobody starts one behind its gates (I3). */
const trusted = (earlier: CarriedOver | undefined): CarriedOver | null =>
  workflowInfo().continuedFromExecutionRunId === undefined ? null : (earlier ?? null);

/**
 * Upgrades the cluster that the input names; `{"cluster":"orders-prod","target":"3.8.1"}` is enough. A long upgrade goes on
 * in further runs of the same workflow, which are handed what the `earlier` one knew.
 */
export async function kafkaUpgrade(input: unknown, earlier?: CarriedOver): Promise<UpgradeResult> {
  const request = readRequest(input);
  requireLockId(request);
  const run = new UpgradeRun(request, { earlier: trusted(earlier), answerWish });
  run.listen();
  abortOnCancel(run);
  run.takeOver();
  const work = run.state.rollingBack ? carryBack : carryOut;
  await CancellationScope.nonCancellable(() => toldOutside(run, () => untilEnd(run, work)));
  return upgradeResult(run.state, workflowInfo().workflowId);
}
