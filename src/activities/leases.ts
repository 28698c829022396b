/** The lock of a cluster on its own hosts (I5). */
import { UpgradeError } from '../domain/common/failure';
import type { HostLease } from '../domain/cluster/cluster';
import type { Fence } from '../domain/upgrade/node-roll';
import { operationContext } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import type { ClaimClusterInput, EvidenceResult, RaiseLeasesInput } from './contract';
import { leaseOf, openPlanned } from './open-cluster';

const hostsOf = (access: ClusterAccess): ReturnType<ClusterAccess['host']>[] =>
  access.definition.nodes.map(({ id }) => access.host(id));

/** An upgrade of the same cluster by another definition, namespace or Temporal server shows itself here. */
const refuseOtherOwner = (found: { address: string; lease: HostLease }[], owner: string): void => {
  const other = found.find(({ lease }) => lease.held && lease.owner !== owner);
  if (other === undefined) return;
  throw new UpgradeError(
    'LeaseHeld',
    `${other.address} belongs to another upgrade: ${other.lease.owner} (run ${other.lease.runId}, Kafka cluster ${other.lease.clusterId}). Finish or abort that one; if it is certainly dead, start again with "takeOver": true. Nothing was touched.`,
  );
};

/** Reads the leases of all hosts and stores one with a higher epoch on each; the same run gets the same epoch again. */
export const claimCluster = async (dependencies: ActivityDependencies, input: ClaimClusterInput): Promise<Fence> => {
  const access = await openPlanned(dependencies, input);
  const { temporal } = dependencies;
  const owner = `${temporal.clusterId}/${temporal.namespace}/${input.workflowId}`;
  const hosts = hostsOf(access);
  const leases = await Promise.all(hosts.map((host) => host.readLease(operationContext())));
  const found = leases.flatMap((lease, index) =>
    lease === null ? [] : [{ address: hosts[index]?.address ?? '', lease }],
  );
  if (!input.takeOver) refuseOtherOwner(found, owner);
  const own = found.find(({ lease }) => lease.runId === input.runId && lease.owner === owner);
  const epoch = own?.lease.epoch ?? Math.max(0, ...found.map(({ lease }) => lease.epoch)) + 1;
  const fence: Fence = { clusterId: input.clusterId, owner, runId: input.runId, epoch, step: 1 };
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
