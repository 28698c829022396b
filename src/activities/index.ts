import { inActivity, operationContext } from './activity-context';
import { awaitClusterHealthy, awaitNodeHealthy } from './await-healthy';
import type { ActivityDependencies } from './cluster-access';
import { backUpConfiguration, pinProtocol } from './configuration';
import type { ClusterRef, UpgradeActivities } from './contract';
import { workflowIdOf } from '../domain/plan/request';
import { finalizeFeature } from './finalize-feature';
import { awaitSnapshots } from './await-snapshots';
import { claimCluster, ownerOf, raiseLeases } from './leases';
import { readMaintenance, readMoment } from './moment';
import { liftSilence, notify, silenceAlerts } from './outside';
import { planCluster } from './planning';
import { clustersAtHand, compareDefinition } from './open-cluster';
import { readLevels } from './read-levels';
import { restartNode } from './restart/restart-node';
import { lookAtNodes } from './look-at-nodes';
import { probeDisasterRecovery, reportClients, verifyNodes } from './verification';

type Activity<Input, Result> = (dependencies: ActivityDependencies, input: Input) => Promise<Result>;

const planUpgrade: Activity<
  Parameters<UpgradeActivities['planUpgrade']>[0],
  Awaited<ReturnType<UpgradeActivities['planUpgrade']>>
> = async ({ clusters, sha256, propertiesSha256, temporal }, { request }) => {
  const access = await clusters.open(request.cluster);
  const planned = await planCluster(access, request, {
    sha256,
    propertiesSha256,
    context: operationContext(),
    owner: ownerOf(temporal, workflowIdOf(request.cluster)),
  });
  return { ...planned, searchAttributes: temporal.searchAttributes };
};

/** The activities of a worker, over its warm connections. */
export const createActivities = (dependencies: ActivityDependencies): UpgradeActivities => {
  const activity =
    <Input, Result>(body: Activity<Input, Result>) =>
    (input: Input): Promise<Result> =>
      inActivity(() => body(dependencies, input));
  /** A node is down, or was a moment ago. */
  const bringingBack = <Input extends ClusterRef, Result>(
    body: Activity<Input, Result>,
  ): ((input: Input) => Promise<Result>) =>
    activity(({ clusters, ...others }, input) => body({ ...others, clusters: clustersAtHand(clusters, input) }, input));
  return {
    planUpgrade: activity(planUpgrade),
    compareDefinition: activity(compareDefinition),
    readMoment: activity(readMoment),
    readMaintenance: activity(readMaintenance),
    claimCluster: activity(claimCluster),
    raiseLeases: activity(raiseLeases),
    probeDisasterRecovery: activity(probeDisasterRecovery),
    backUpConfiguration: activity(backUpConfiguration),
    pinProtocol: activity(pinProtocol),
    restartNode: activity(restartNode),
    awaitNodeHealthy: bringingBack(awaitNodeHealthy),
    awaitClusterHealthy: activity(awaitClusterHealthy),
    verifyNodes: activity(verifyNodes),
    finalizeFeature: activity(finalizeFeature),
    awaitSnapshots: activity(awaitSnapshots),
    readLevels: activity(readLevels),
    lookAtNodes: activity(lookAtNodes),
    reportClients: activity(reportClients),
    notify: activity(notify),
    silenceAlerts: activity(silenceAlerts),
    liftSilence: activity(liftSilence),
  };
};
