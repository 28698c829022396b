/** The lock of a cluster on its own hosts (I5). */
import { UpgradeError } from '../domain/common/failure';
import type { HostLease, HostLeases } from '../domain/cluster/cluster';
import { claimObstacles, leaseWords, type Claimant } from '../domain/cluster/lease';
import type { Fence } from '../domain/upgrade/node-roll';
import { operationContext } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import type { ClaimClusterInput, EvidenceResult, RaiseLeasesInput } from './contract';
import { leaseOf, openPlanned } from './open-cluster';

const hostsOf = (access: ClusterAccess): ReturnType<ClusterAccess['host']>[] =>
  access.definition.nodes.map(({ id }) => access.host(id));

/** An upgrade of the same cluster by another definition, namespace or Temporal server shows itself here. */
const refuseOtherOwner = (found: { address: string; leases: HostLeases }[], claimant: Claimant): void => {
  for (const { address, leases } of found) {
    const [obstacle] = claimObstacles(leases, claimant);
    if (obstacle === undefined) continue;
    const { failure, lease, name } = obstacle;
    const message = `${address} belongs to another upgrade: ${leaseWords(lease, name)}; this one is for Kafka cluster ${claimant.clusterId}. Nothing was touched.`;
    throw new UpgradeError(failure, message);
  }
};

/** Who an upgrade is to the hosts: no other Temporal server, namespace or workflow id is the same. */
export const ownerOf = (
  { clusterId, namespace }: Pick<ActivityDependencies['temporal'], 'clusterId' | 'namespace'>,
  workflowId: string,
): string => `${clusterId}/${namespace}/${workflowId}`;

/** The epoch of this run when a host has one of it, else one above all; the number above every earlier one of the run. */
const nextNumber = (
  leases: readonly HostLease[],
  { runId, owner, step = 1 }: Pick<ClaimClusterInput, 'runId' | 'step'> & { owner: string },
): Pick<Fence, 'epoch' | 'step'> => {
  const own = leases.filter((lease) => lease.runId === runId && lease.owner === owner);
  // A claim may be repeated after one that took several attempts: by its attempt alone it would be the older of the two.
  return {
    epoch: own[0]?.epoch ?? Math.max(0, ...leases.map(({ epoch }) => epoch)) + 1,
    step: Math.max(step, ...own.map((lease) => lease.step + 1)),
  };
};

/** Reads the leases of all hosts and stores one with a higher epoch on each; the same run gets the same epoch again. */
export const claimCluster = async (dependencies: ActivityDependencies, input: ClaimClusterInput): Promise<Fence> => {
  const access = await openPlanned(dependencies, input);
  const { temporal } = dependencies;
  const owner = ownerOf(temporal, input.workflowId);
  const hosts = hostsOf(access);
  const found = await Promise.all(
    hosts.map(async (host) => ({ address: host.address, leases: await host.readLeases(operationContext()) })),
  );
  refuseOtherOwner(found, { owner, ...input });
  const number = nextNumber(
    found.flatMap(({ leases }) => leases.own ?? []),
    { ...input, owner },
  );
  const fence: Fence = { clusterId: input.clusterId, owner, runId: input.runId, ...number };
  const options = { takeOver: input.takeOver };
  await Promise.all(
    hosts.map((host) => host.storeLease({ ...leaseOf(fence), held: true }, operationContext(), options)),
  );
  return fence;
};

/** Stores a newer number on every host; with `held: false` the cluster is free again. */
export const raiseLeases = async (
  dependencies: ActivityDependencies,
  input: RaiseLeasesInput,
): Promise<EvidenceResult> => {
  const access = await openPlanned(dependencies, input);
  const lease: HostLease = { ...leaseOf(input.fence), held: input.held };
  const results = await Promise.all(hostsOf(access).map((host) => host.storeLease(lease, operationContext())));
  return { evidence: results.map(({ evidence }) => evidence) };
};
