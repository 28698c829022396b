import { UpgradeError } from '../domain/common/failure';
import type { Lease, NodeId } from '../domain/cluster/cluster';
import { nodeWords } from '../domain/cluster/node-words';
import type { Fence } from '../domain/upgrade/node-roll';
import { attempt } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import type { ClusterRef } from './contract';

/** Opens the cluster of a plan; refuses a definition that is not the one the plan was made from. */
export const openPlanned = async (dependencies: ActivityDependencies, ref: ClusterRef): Promise<ClusterAccess> => {
  const access = await dependencies.clusters.open(ref.cluster);
  if (access.definitionSha256 !== ref.definitionSha256) {
    throw new UpgradeError(
      'PlanHashMismatch',
      `The definition of cluster "${ref.cluster}" on this worker is not the one the plan was made from (${access.definitionSha256.slice(0, 8)} instead of ${ref.definitionSha256.slice(0, 8)}). Put it back, or abort and start again.`,
    );
  }
  return access;
};

/** A node in a sentence. */
export const wordsFor = ({ definition }: ClusterAccess, nodeId: NodeId): string =>
  nodeWords(definition.nodes.find(({ id }) => id === nodeId)?.roles ?? ['broker'], nodeId);

/** The lease of this very attempt. */
export const leaseOf = (fence: Fence): Lease => ({ ...fence, attempt: attempt() });
