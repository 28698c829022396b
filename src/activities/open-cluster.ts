import { hostname } from 'node:os';
import { UpgradeError, type FailureType } from '../domain/common/failure';
import type { Lease, NodeId } from '../domain/cluster/cluster';
import { settingsChangedHere } from '../domain/plan/definition-differences';
import type { UpgradePolicy } from '../domain/policy/policy';
import { nodeWords } from '../domain/cluster/node-words';
import type { Fence } from '../domain/upgrade/node-roll';
import { attempt } from './activity-context';
import type { ActivityDependencies, ClusterAccess, ClusterDirectory } from './cluster-access';
import type { ClusterRef, CompareDefinitionInput, CompareDefinitionResult } from './contract';

/** This process as Temporal names a worker: `pid@host`. */
const thisWorker = (): string => `${process.pid}@${hostname()}`;

const requirePlanned = (access: ClusterAccess, { cluster, definitionSha256 }: ClusterRef): void => {
  if (access.definitionSha256 === definitionSha256) return;
  throw new UpgradeError(
    'PlanHashMismatch',
    `The definition of cluster "${cluster}" on worker ${thisWorker()} is not the one the plan was made from (${access.definitionSha256.slice(0, 8)} instead of ${definitionSha256.slice(0, 8)}).`,
  );
};

/** The policy that was approved is in force, also when the defaults of this version are others. */
const underPolicy = (access: ClusterAccess, policy: UpgradePolicy): ClusterAccess => ({
  definition: { ...access.definition, policy },
  definitionSha256: access.definitionSha256,
  settings: access.settings,
  host: (nodeId) => access.host(nodeId),
  kafka: access.kafka,
  admin: access.admin,
  gauges: access.gauges,
  lag: {
    freshSample: (sinceMs, signal) => access.lag.freshSample(sinceMs, signal),
    nextSample: (signal) => access.lag.nextSample(signal),
    state: () => access.lag.state(),
    assess: (input) => access.lag.assess(input, policy.consumerLag),
  },
  isListening: (nodeId) => access.isListening(nodeId),
});

/**
 * Opens the cluster of a plan; refuses a definition that is not the one the plan was made from. With the policy of the plan
 * in the input, that is the policy of what was opened.
 */
export const openPlanned = async (
  dependencies: Pick<ActivityDependencies, 'clusters'>,
  ref: ClusterRef,
): Promise<ClusterAccess> => {
  const access = await dependencies.clusters.open(ref.cluster);
  requirePlanned(access, ref);
  return ref.policy === undefined ? access : underPolicy(access, ref.policy);
};

/** What differs between the definition on this worker and the one that the plan was made from, in words. */
export const compareDefinition = async (
  { clusters }: Pick<ActivityDependencies, 'clusters'>,
  { cluster, definitionSha256, definition: planned }: CompareDefinitionInput,
): Promise<CompareDefinitionResult> => {
  const { definitionSha256: sha256, settings, definition } = await clusters.open(cluster);
  if (sha256 === definitionSha256)
    return { words: `Worker ${thisWorker()} reads the definition of the plan: the workers do not all read the same.` };
  const changes = settingsChangedHere(planned, { settings, written: definition.written });
  return { words: `What the plan was made from → what worker ${thisWorker()} reads: ${changes}.` };
};

const definitionTroubles: readonly FailureType[] = ['PlanHashMismatch', 'InvalidDefinition', 'UnknownCluster'];

const isDefinitionTrouble = (error: unknown): error is UpgradeError =>
  error instanceof UpgradeError && definitionTroubles.includes(error.type);

const openAtHand = async (clusters: ClusterDirectory, ref: ClusterRef): Promise<ClusterAccess> => {
  try {
    const access = await clusters.open(ref.cluster, ref.definitionSha256);
    requirePlanned(access, ref);
    return access;
  } catch (error) {
    if (!isDefinitionTrouble(error)) throw error;
    const message = `A node is to be brought back, but this worker does not have the definition that the plan was made from: ${error.message}`;
    throw new UpgradeError('DefinitionMissing', message, error.evidence);
  }
};

/**
 * The clusters as a step sees them that brings a node back: an edit of the definition meanwhile must not keep the node
 * down, so the connections of the plan's definition serve. Only a worker that took over has none; there the trouble is
 * transient, as the next attempt may meet the definition again, or a worker that has them.
 */
export const clustersAtHand = (clusters: ClusterDirectory, ref: ClusterRef): ClusterDirectory => ({
  open: () => openAtHand(clusters, ref),
  definition: (cluster) => clusters.definition(cluster),
});

/**
 * The cluster of a restart, and a check of its definition that throws when it is not the plan's. A node that is down is
 * brought back all the same, by the connections of the plan's definition; one that is up is not touched then.
 */
export const openForRestart = async (
  clusters: ClusterDirectory,
  ref: ClusterRef,
): Promise<{ access: ClusterAccess; requirePlanned: () => void }> => {
  try {
    const access = await clusters.open(ref.cluster);
    requirePlanned(access, ref);
    return { access, requirePlanned: () => undefined };
  } catch (error) {
    if (!isDefinitionTrouble(error)) throw error;
    const refuse = (): never => {
      throw error;
    };
    return { access: await openAtHand(clusters, ref), requirePlanned: refuse };
  }
};

/** A node in a sentence. */
export const wordsFor = ({ definition }: ClusterAccess, nodeId: NodeId): string =>
  nodeWords(definition.nodes.find(({ id }) => id === nodeId)?.roles ?? ['broker'], nodeId);

/** The lease of this very attempt. */
export const leaseOf = (fence: Fence): Lease => ({ ...fence, attempt: attempt() });
