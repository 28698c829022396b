/** What may bite, read in parallel; what cannot be read is a trouble of the plan, not the end of it. */
import { logDirectoriesOf } from '../domain/checks/cluster-snapshot';
import type { ClusterSnapshot } from '../domain/checks/cluster-snapshot';
import type { NodeId } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import { runsItsBroker } from '../domain/checks/host-checks';
import { topicsOf } from '../domain/health/measurement';
import { messageOf } from '../domain/common/message-of';
import { brokersOf } from '../domain/cluster/node-roles';
import type { ConnectedClients, RiskFacts } from '../domain/checks/risk-facts';
import { mayStand, standingStill } from '../domain/lag/standing-groups';
import { zooKeeperAddresses } from '../domain/checks/zookeeper';
import type { OperationContext } from '../hosts/broker-host';
import type { ClusterAccess } from './cluster-access';

type Inspected = Pick<ClusterSnapshot, 'hosts' | 'views' | 'running'>;

/** Java consumers commit every 5 s by default (auto.commit.interval.ms); longer than that without one is worth a word. */
const standingMs = 6_000;
/** Groups that commit now and then are looked at for this long at most, after the first sample. */
const lookMs = 8_000;

/**
 * Which groups stand still, watched while everything else is read: that costs no time. Afterwards it ends as soon as a
 * longer look could not tell more.
 */
export const readStandingGroups = async (
  { lag }: ClusterAccess,
  everythingElse: Promise<unknown>,
  signal?: AbortSignal,
): Promise<RiskFacts['standingGroups']> => {
  const rest = { read: false };
  const readRest = (): void => {
    rest.read = true;
  };
  everythingElse.then(readRest, readRest);
  await lag.nextSample(signal);
  const began = performance.now();
  const mayTellMore = (): boolean => performance.now() - began < lookMs && mayStand(lag.state(), standingMs);
  while (!rest.read || mayTellMore()) await lag.nextSample(signal);
  return standingStill(lag.state(), standingMs);
};

const uncleanTopics = async (
  { kafka }: ClusterAccess,
  { views: [view] }: Inspected,
  signal?: AbortSignal,
): Promise<string[]> => {
  if (view === undefined) return [];
  const values = await kafka.topicConfig(view.observedBy, topicsOf([view]), 'unclean.leader.election.enable', signal);
  return Object.entries(values)
    .filter(([, { value, source }]) => value === 'true' && source === 'dynamic-topic')
    .map(([topic]) => topic);
};

/** JmxTool of releases before 3.5 cannot list these beans, and a controller has no clients. */
const readClients = async (
  access: ClusterAccess,
  { hosts }: Inspected,
  signal?: AbortSignal,
): Promise<RiskFacts['clients']> => {
  const brokers = brokersOf(access.definition);
  const asked = hosts.filter((host) => brokers.includes(host.nodeId) && runsItsBroker(host));
  const answers = asked.map(async ({ nodeId }): Promise<[NodeId, ConnectedClients | null]> => {
    try {
      return [nodeId, await access.gauges.clients(nodeId, signal)];
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof UpgradeError)) throw error;
      return [nodeId, null];
    }
  });
  return Object.fromEntries(await Promise.all(answers));
};

const readDisks = async (
  access: ClusterAccess,
  snapshot: Inspected,
  context: OperationContext,
): Promise<RiskFacts['disks']> => {
  const { state, logs } = access.definition.paths;
  const disks = snapshot.hosts.map(({ nodeId }) =>
    access.host(nodeId).diskSpace([...new Set([...logDirectoriesOf(snapshot, nodeId), state, logs])], context),
  );
  return (await Promise.all(disks)).flat();
};

/** In ZooKeeper mode only the active controller knows; on KRaft every broker forwards. */
const readReassignments = async (
  { definition, kafka }: ClusterAccess,
  { views: [view] }: Inspected,
  signal?: AbortSignal,
): Promise<RiskFacts['reassignments']> => {
  const asked = definition.mode === 'kraft' ? view?.observedBy : view?.controllerId;
  if (asked === undefined || asked === null) return [];
  return kafka.reassignments(asked, signal);
};

/** Asked from the first broker's host; the settings of one broker count for all. */
const readZooKeeper = async (
  access: ClusterAccess,
  { running }: Inspected,
  context: OperationContext,
): Promise<RiskFacts['zooKeeper']> => {
  const [nodeId] = brokersOf(access.definition);
  const connect = Object.values(running)[0]?.config['zookeeper.connect']?.value ?? '';
  const servers = access.definition.mode === 'zookeeper' ? zooKeeperAddresses(connect) : [];
  return nodeId === undefined || servers.length === 0 ? [] : access.host(nodeId).zooKeeperVersions(servers, context);
};

/** Everything that may bite beside groups that stand still; the reading itself changes nothing. */
export const readRisks = async (
  access: ClusterAccess,
  snapshot: Inspected,
  context: OperationContext,
): Promise<Omit<RiskFacts, 'standingGroups'>> => {
  const { signal } = context;
  const troubles: string[] = [];
  const orNone = async <T>(what: string, reading: Promise<T[]>): Promise<T[]> => {
    try {
      return await reading;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof UpgradeError)) throw error;
      troubles.push(`${what} (${messageOf(error)})`);
      return [];
    }
  };
  const directories = Promise.all(brokersOf(access.definition).map((id) => access.kafka.logDirectories(id, signal)));
  const [logDirectories, reassignments, unclean, disks, zooKeeper, clients] = await Promise.all([
    orNone('log directories', directories),
    orNone('reassignments', readReassignments(access, snapshot, signal)),
    orNone('unclean leader election of the topics', uncleanTopics(access, snapshot, signal)),
    orNone('disk space', readDisks(access, snapshot, context)),
    orNone('ZooKeeper', readZooKeeper(access, snapshot, context)),
    readClients(access, snapshot, signal),
  ]);
  return {
    logDirectories: logDirectories.flat(),
    reassignments,
    uncleanTopics: unclean,
    disks,
    clients,
    zooKeeper,
    troubles,
  };
};
