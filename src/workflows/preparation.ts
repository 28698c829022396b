/** What is done to every host before the first stop: the lease, the backups, the pins. */
import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { withHint } from '../domain/common/failure';
import { changes, inspection } from './activity-options';
import { guarded } from './guarded';
import type { UpgradeRun } from './upgrade-run';

const claim = async (run: UpgradeRun): Promise<void> => {
  const { cluster, definitionSha256, clusterId } = run.plan;
  // Whatever run of the workflow this is: to the hosts the upgrade is one owner.
  const { workflowId, firstExecutionRunId: runId } = workflowInfo();
  // On the way back the cluster may be owned already: then no late attempt of the way up may act after this claim (I5).
  const above = run.hasFence ? { step: run.nextFence().step } : {};
  const fence = await guarded(run, () =>
    changes.claimCluster.executeWithOptions({ summary: 'own the cluster: a lease on every host' }, [
      { cluster, definitionSha256, clusterId, workflowId, runId, takeOver: run.request.takeOver, ...above },
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
    withHint(`The disaster-recovery path could not be confirmed: ${evidence.join(' ')}`, type),
    type,
  );
};

/** Owns the cluster, confirms the disaster-recovery path, and backs up every server.properties. */
export const backUp = async (run: UpgradeRun): Promise<void> => {
  run.item(2, 'running', 'owning the cluster');
  await claim(run);
  const { cluster, definitionSha256, steps } = run.plan;
  const confirmed = await confirmDisasterRecovery(run);
  const nodes = steps.binaries.map(({ nodeId, edit }) => ({ nodeId, sha256: edit.fromSha256 }));
  const { evidence } = await guarded(run, () =>
    changes.backUpConfiguration.executeWithOptions({ summary: 'back up server.properties on every host' }, [
      { cluster, definitionSha256, fence: run.nextFence(), label: workflowInfo().firstExecutionRunId, nodes },
    ]),
  );
  run.evidence('backups', evidence);
  run.item(2, 'done', `${nodes.length} files backed up and read back; disaster recovery: ${confirmed}`);
};

/** Pins CURRENT in every file, before any new binary can start; on KRaft nothing has to be pinned. */
export const pin = async (run: UpgradeRun): Promise<void> => {
  const { cluster, definitionSha256, mode, steps, fromProtocol } = run.plan;
  if (mode === 'kraft') {
    run.noteHostsChanged();
    run.item(3, 'not-applicable', `KRaft: metadata.version stays at ${fromProtocol} until item 8, no file holds it`);
    return;
  }
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
