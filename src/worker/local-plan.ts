import { planCluster } from '../activities/planning';
import type { UpgradeRequest } from '../domain/plan/request';
import type { UpgradePlan } from '../domain/plan/upgrade-plan';
import { propertiesSha256 } from '../hosts/properties-bytes';
import { sha256, WarmClusterDirectory } from './cluster-directory';

/** Makes a plan from this machine, read-only and without Temporal: the same function as in the workflow. */
export const planLocally = async (input: {
  definitionsDirectory: string;
  request: UpgradeRequest;
  onProgress?: (message: string) => void;
}): Promise<{ plan: UpgradePlan; planHash: string }> => {
  const clusters = new WarmClusterDirectory(input.definitionsDirectory);
  try {
    const access = await clusters.open(input.request.cluster);
    const context = input.onProgress === undefined ? {} : { onProgress: input.onProgress };
    return await planCluster(access, input.request, { sha256, propertiesSha256, context, owner: null });
  } finally {
    await clusters.close();
  }
};
