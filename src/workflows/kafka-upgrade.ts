/**
 * The two-phase rolling upgrade of one Kafka cluster, as the nine items of the checklist:
 *
 *   1. Inspect, plan, and wait for the approval of the plan (release notes and risks are in it).
 *   2. Own the cluster (a lease on every host), confirm the disaster-recovery path, back up every server.properties.
 *   3. Pin inter.broker.protocol.version to CURRENT in every file, before any new binary can start.
 *   4. Roll onto the new binary: the canary, its gate, then the others one at a time; the active controller last.
 *   5. Verify health and soak; read every host again.
 *   6. + 7. After an approval (the point of no return): roll again with the NEW protocol in the file.
 *   8. KRaft only.
 *   9. Verify, and report which clients still connect with what.
 *
 * Properties that must hold: the invariants I1-I9 of docs/architecture.md. In this file: I2 (the protocol moves only after
 * every node was verified to run the new binary), I3 (nothing irreversible without `protocol`), I6 (after the first host
 * change a failure parks).
 */
import { ApplicationFailure, CancellationScope, workflowInfo } from '@temporalio/workflow';
import type { NodeId } from '../domain/cluster';
import { UpgradeError, failureHint } from '../domain/failure';
import { parseRequest, workflowIdOf } from '../domain/request';
import type { UpgradeRequest } from '../domain/request';
import { blockers } from '../domain/upgrade-plan';
import type { UpgradePhase } from '../domain/upgrade-plan';
import { upgradeResult } from '../domain/upgrade-result';
import type { UpgradeResult } from '../domain/upgrade-result';
import { changes, gates, inspection } from './activity-options';
import { guarded } from './guarded';
import { releaseCluster } from './lease-steps';
import { rollPhase } from './roll-phase';
import { untilEnding } from './until-ending';
import { EndRequested, UpgradeRun } from './upgrade-run';

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

const makePlan = async (run: UpgradeRun): Promise<void> => {
  run.item(1, 'running', 'inspecting hosts and brokers');
  const { request } = run;
  const { plan, planHash, searchAttributes } = await guarded(run, () =>
    inspection.planUpgrade.executeWithOptions({ summary: `plan ${request.cluster} → ${request.target}` }, [
      { request },
    ]),
  );
  run.publisher.useSearchAttributes(searchAttributes);
  run.publisher.remember(request, planHash);
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

const approvePlan = async (run: UpgradeRun): Promise<void> => {
  const notes = run.plan.findings.length;
  run.item(1, 'waiting', `plan made, ${notes} findings to read`);
  await run.passGate('plan');
  run.item(1, 'done', `plan approved, ${notes} findings acknowledged`);
};

const claim = async (run: UpgradeRun): Promise<void> => {
  const { cluster, definitionSha256, clusterId } = run.plan;
  const { workflowId, runId } = workflowInfo();
  const fence = await guarded(run, () =>
    changes.claimCluster.executeWithOptions({ summary: 'own the cluster: a lease on every host' }, [
      { cluster, definitionSha256, clusterId, workflowId, runId, takeOver: run.request.takeOver },
    ]),
  );
  run.useFence(fence);
};

const confirmDisasterRecovery = async (run: UpgradeRun): Promise<string> => {
  const { cluster, definitionSha256, disasterRecovery } = run.plan;
  const words = run.disasterRecoveryWords();
  if (disasterRecovery.probe === null) return words ?? 'not confirmed';
  const { passed, evidence } = await guarded(run, () =>
    inspection.probeDisasterRecovery.executeWithOptions({ summary: 'probe the disaster-recovery path' }, [
      { cluster, definitionSha256 },
    ]),
  );
  run.evidence('disaster-recovery probe', evidence);
  if (passed) return 'the probe passed';
  const type = 'DisasterRecoveryUnconfirmed';
  throw ApplicationFailure.nonRetryable(
    `The disaster-recovery path could not be confirmed: ${evidence.join(' ')} ${failureHint(type)}`,
    type,
  );
};

const backUp = async (run: UpgradeRun): Promise<void> => {
  run.item(2, 'running', 'owning the cluster');
  await claim(run);
  const { cluster, definitionSha256, steps } = run.plan;
  const confirmed = await confirmDisasterRecovery(run);
  const nodes = steps.binaries.map(({ nodeId, edit }) => ({ nodeId, sha256: edit.fromSha256 }));
  const { evidence } = await guarded(run, () =>
    changes.backUpConfiguration.executeWithOptions({ summary: 'back up server.properties on every host' }, [
      { cluster, definitionSha256, fence: run.nextFence(), label: workflowInfo().runId, nodes },
    ]),
  );
  run.evidence('backups', evidence);
  run.item(2, 'done', `${nodes.length} files backed up and read back; disaster recovery: ${confirmed}`);
};

const pin = async (run: UpgradeRun): Promise<void> => {
  const { cluster, definitionSha256, steps, fromProtocol } = run.plan;
  run.item(3, 'running', `pinning ${fromProtocol} in every file`);
  const nodes = steps.binaries.map(({ nodeId, edit: { changes: edits, fromSha256, toSha256 } }) => ({
    nodeId,
    edit: { changes: edits, fromSha256, toSha256 },
  }));
  run.throwIfEnding();
  // From here on a failure may leave some of the files pinned.
  run.noteHostsChanged();
  const { evidence } = await guarded(run, () =>
    changes.pinProtocol.executeWithOptions({ summary: `pin inter.broker.protocol.version=${fromProtocol}` }, [
      { cluster, definitionSha256, fence: run.nextFence(), nodes },
    ]),
  );
  run.evidence('pins', evidence);
  run.item(3, 'done', `${fromProtocol} in ${nodes.length} files, read back`);
};

/** A whole, quiet cluster before a phase and after it; resolves to the active controller. */
const awaitHealth = async (run: UpgradeRun, phase: UpgradePhase | null): Promise<NodeId | null> => {
  const { cluster, definitionSha256, steps, policy } = run.plan;
  const expected =
    phase && steps[phase].map(({ nodeId, toVersion, protocol }) => ({ nodeId, version: toVersion, protocol }));
  return guarded(run, async () => {
    const summary = phase === null ? 'the cluster is healthy before the roll' : 'the whole cluster is healthy';
    const input = { cluster, definitionSha256, expected, soak: phase !== null };
    const { verdict, controllerId } = await untilEnding(run, () =>
      gates(policy).awaitClusterHealthy.executeWithOptions({ summary }, [input]),
    );
    run.evidence('cluster health', [verdict.message]);
    if (verdict.status === 'successful') return controllerId;
    throw ApplicationFailure.nonRetryable(`The cluster is not healthy: ${verdict.message}.`, 'NodeUnhealthy');
  });
};

/** Reads *all* hosts again: configuration management likes to put files back (I2, I9). */
const verifyNodes = async (run: UpgradeRun, phase: UpgradePhase): Promise<string> => {
  const { cluster, definitionSha256, steps } = run.plan;
  const nodes = steps[phase].map(({ nodeId, toVersion, protocol, edit }) => ({
    nodeId,
    version: toVersion,
    protocol,
    sha256: edit.toSha256,
  }));
  return guarded(run, async () => {
    const { problems, evidence } = await inspection.verifyNodes.executeWithOptions(
      { summary: 'read files and running versions of every node' },
      [{ cluster, definitionSha256, nodes }],
    );
    run.evidence(`every node read again, ${phase}`, evidence);
    if (problems.length === 0) return `${nodes.length} of ${nodes.length} nodes as planned`;
    throw ApplicationFailure.nonRetryable(`Not every node is as planned: ${problems.join('; ')}.`, 'ConfigDrift');
  });
};

const rollBinaries = async (run: UpgradeRun): Promise<void> => {
  const { toVersion } = run.plan;
  run.item(4, 'running', `onto ${toVersion}`);
  const measure = (): Promise<NodeId | null> => awaitHealth(run, null);
  const count = await rollPhase(run, 'binaries', { measure, afterFirst: () => run.passGate('canary') });
  run.item(4, 'done', `${count} brokers restarted onto ${toVersion}`);
  run.item(5, 'running', 'measuring and soaking');
  await awaitHealth(run, 'binaries');
  run.item(5, 'done', await verifyNodes(run, 'binaries'));
};

const raiseProtocol = async (run: UpgradeRun): Promise<void> => {
  const { toProtocol } = run.plan;
  if (run.plan.steps.protocol.some(({ needed }) => needed)) {
    run.item(6, 'waiting', `approval to raise to ${toProtocol}`);
    await run.passGate('protocol');
  }
  run.item(6, 'running', 'reading every node again');
  await verifyNodes(run, 'binaries');
  run.item(6, 'running', `${toProtocol}, each file right before its restart`);
  run.item(7, 'running', `onto protocol ${toProtocol}`);
  const count = await rollPhase(run, 'protocol', { measure: () => awaitHealth(run, null) });
  run.item(6, 'done', `${toProtocol} in ${count} files`);
  await awaitHealth(run, 'protocol');
  run.item(7, 'done', `${count} brokers restarted; ${await verifyNodes(run, 'protocol')}`);
};

const reportClients = async (run: UpgradeRun): Promise<void> => {
  const { cluster, definitionSha256 } = run.plan;
  run.item(8, 'not-applicable', 'ZooKeeper mode');
  run.item(9, 'running', 'asking the brokers which clients connect');
  const { evidence } = await guarded(run, () =>
    inspection.reportClients.executeWithOptions({ summary: 'which clients connect with what' }, [
      { cluster, definitionSha256 },
    ]),
  );
  run.evidence('connected clients', evidence);
  run.item(9, 'done', `${evidence.length} kinds of clients listed in the report`);
};

const endingMessage = (run: UpgradeRun): string => {
  const { ending, parked, items, plan } = run.state;
  const by = ending?.by ?? 'a person';
  const why = ending?.comment === null || ending?.comment === undefined ? '' : ` (${ending.comment})`;
  const left = parked === null ? '' : ` Left as it was parked: ${parked.message}`;
  const touched = run.hostsChanged
    ? ` Binaries: ${items[4].state}; protocol: ${items[7].state}. Start the upgrade to ${plan?.toVersion ?? ''} again to continue from there.`
    : ' No broker was touched.';
  return `Ended by ${by}${why}.${touched}${left}`;
};

const end = async (run: UpgradeRun): Promise<void> => {
  if (run.hasFence) await releaseCluster(run);
  run.emit({ type: 'ended', outcome: run.state.ending?.outcome ?? 'aborted', message: endingMessage(run) });
};

const carryOut = async (run: UpgradeRun): Promise<void> => {
  await makePlan(run);
  await approvePlan(run);
  await backUp(run);
  await pin(run);
  await rollBinaries(run);
  await raiseProtocol(run);
  await reportClients(run);
  await releaseCluster(run);
  const { cluster, toVersion, toProtocol, nodes } = run.plan;
  run.emit({
    type: 'ended',
    outcome: 'completed',
    message: `All ${nodes.length} brokers of ${cluster} run ${toVersion} with protocol ${toProtocol}.`,
  });
};

/** Temporal's own cancel means abort: end at the next safe point. */
const abortOnCancel = (run: UpgradeRun): void => {
  CancellationScope.current().cancelRequested.catch(() => run.receive('abort', { by: 'Temporal cancel request' }));
};

const upgrade = async (run: UpgradeRun): Promise<UpgradeResult> => {
  try {
    await carryOut(run);
  } catch (error) {
    if (error instanceof EndRequested) await end(run);
    else {
      if (run.hasFence) await releaseCluster(run);
      throw error;
    }
  }
  return upgradeResult(run.state, workflowInfo().workflowId);
};

/** Upgrades the cluster that the input names; `{"cluster":"orders-prod","target":"3.8.1"}` is enough. */
export async function kafkaUpgrade(input: unknown): Promise<UpgradeResult> {
  const request = readRequest(input);
  requireLockId(request);
  const run = new UpgradeRun(request);
  run.listen();
  abortOnCancel(run);
  return CancellationScope.nonCancellable(() => upgrade(run));
}
