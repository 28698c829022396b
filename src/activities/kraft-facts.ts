import type { HostFacts } from '../domain/cluster/cluster';
import type { ClusterSnapshot } from '../domain/checks/cluster-snapshot';
import { minIsrKey } from '../domain/checks/elr-guard';
import { controllersOf } from '../domain/cluster/node-roles';
import type { OperationContext } from '../hosts/broker-host';
import type { ClusterAccess } from './cluster-access';
import { readQuorum } from './measure';
import { readRegistrations } from './registrations';

/** The part of a snapshot that only KRaft clusters have. */
type KraftFacts = Pick<ClusterSnapshot, 'quorum' | 'registered' | 'zkMigrationState' | 'clusterMinIsr'>;

const noKraft: KraftFacts = { quorum: null, registered: null, zkMigrationState: null, clusterMinIsr: null };

/** The gauge is there from 3.4 to 3.9 only; a JVM start is spared where it cannot be. */
const readMigration = async (
  access: ClusterAccess,
  leader: HostFacts | undefined,
  signal?: AbortSignal,
): Promise<number | null> =>
  leader?.installedVersion?.startsWith('3.') === true && leader.process !== null
    ? access.gauges.zkMigrationState(leader.nodeId, signal)
    : null;

/** What only a KRaft cluster has; what cannot be read is null, and the plan says so. */
export const readKraft = async (
  access: ClusterAccess,
  { hosts, views }: Pick<ClusterSnapshot, 'hosts' | 'views'>,
  context: OperationContext,
): Promise<KraftFacts> => {
  if (access.definition.mode === 'zookeeper') return noKraft;
  // Any broker forwards to the controllers; one that has just answered is up.
  const broker = views[0]?.observedBy;
  const controllers = controllersOf(access.definition);
  const { signal } = context;
  const [{ quorum }, registered, defaults] = await Promise.all([
    readQuorum(access, null, signal),
    readRegistrations(
      access,
      hosts.filter(({ nodeId }) => controllers.includes(nodeId)),
      context,
    ),
    broker === undefined ? null : access.kafka.clusterDefaults(broker, [minIsrKey], signal),
  ]);
  const leader = hosts.find(({ nodeId }) => nodeId === quorum?.leaderId);
  const zkMigrationState = await readMigration(access, leader, signal);
  return { quorum, registered, zkMigrationState, clusterMinIsr: defaults?.[minIsrKey]?.value ?? null };
};
