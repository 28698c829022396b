/** Inspection: everything a plan is made from, read in parallel from all hosts and brokers. */
import type { ConfigValue, FeatureView, HostFacts, MetadataView, NodeGauges, NodeId } from '../domain/cluster/cluster';
import type { ClusterSnapshot, RunningNode } from '../domain/checks/cluster-snapshot';
import type { ClusterDefinition } from '../config/definition';
import { brokersOf } from '../domain/cluster/node-roles';
import { UpgradeError } from '../domain/common/failure';
import { runsItsBroker } from '../domain/checks/host-checks';
import { waysBackOf } from '../domain/checks/way-back';
import { makePlan } from '../domain/plan/make-plan';
import { describeOutage } from '../domain/health/outage';
import type { UpgradeRequest } from '../domain/plan/request';
import type { UpgradePlan } from '../domain/plan/upgrade-plan';
import type { OperationContext } from '../hosts/broker-host';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import { readMinIsrOfAll } from './min-isr';
import { readKraft } from './kraft-facts';
import { readRisks, readStandingGroups } from './risk-facts';

/** JMX needs one JVM start per host, a second or two; on a loaded host much longer. */
const gaugeTimeoutMs = 20_000;

const unknownFeatures = (error: unknown): null => {
  if (error instanceof UpgradeError) return null;
  throw error;
};

/** What a node says of itself; an isolated controller answers neither for settings nor for partitions. */
const readRunning = async (access: ClusterAccess, host: HostFacts, signal?: AbortSignal): Promise<RunningNode> => {
  const { nodeId } = host;
  const { mode } = access.definition;
  const measurable = runsItsBroker(host);
  if (measurable) access.gauges.open(nodeId);
  const isBroker = brokersOf(access.definition).includes(nodeId);
  const none: Record<string, ConfigValue> = {};
  const [config, features, gauges]: [Record<string, ConfigValue>, FeatureView | null, NodeGauges | null] =
    await Promise.all([
      isBroker ? access.kafka.brokerConfig(nodeId, undefined, signal) : none,
      mode === 'kraft' ? access.kafka.features(nodeId, signal).catch(unknownFeatures) : null,
      measurable ? access.gauges.next(nodeId, gaugeTimeoutMs, signal) : null,
    ]);
  return {
    version: gauges?.version ?? null,
    versionTrouble: access.gauges.trouble(nodeId),
    config,
    features,
  };
};

/** As many views as there are answers; one is enough to say what a broker that is down means for the partitions. */
const readViews = async (access: ClusterAccess, signal?: AbortSignal): Promise<MetadataView[]> => {
  const answers = await Promise.allSettled(brokersOf(access.definition).map((id) => access.kafka.metadata(id, signal)));
  const views = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  if (views.length > 0) return views;
  const [first] = answers;
  throw first?.status === 'rejected' ? first.reason : new UpgradeError('BrokerUnreachable', 'No broker answered.');
};

/** Every broker's own facts; brokers that are down end it, all of them and what they hold up named. */
const readAllRunning = async (
  access: ClusterAccess,
  { hosts, views }: Pick<ClusterSnapshot, 'hosts' | 'views'>,
  signal?: AbortSignal,
): Promise<[NodeId, RunningNode][]> => {
  const down: { nodeId: NodeId; why: string }[] = [];
  const reading = hosts.map(async (host): Promise<[NodeId, RunningNode][]> => {
    const { nodeId } = host;
    try {
      return [[nodeId, await readRunning(access, host, signal)]];
    } catch (error) {
      if (!(error instanceof UpgradeError) || error.type !== 'BrokerUnreachable') throw error;
      down.push({ nodeId, why: error.message });
      return [];
    }
  });
  const running = (await Promise.all(reading)).flat();
  const [view] = views;
  if (down.length > 0)
    throw new UpgradeError('BrokerUnreachable', describeOutage(down, view?.partitions ?? []), { down });
  return running;
};

const loggingOf = ({ service }: ClusterDefinition): ClusterSnapshot['logging'] =>
  service.type === 'commands'
    ? { known: false, log4j: null, log4j2: null, options: null }
    : { known: true, ...service.logging, options: service.environment['KAFKA_LOG4J_OPTS'] ?? null };

const commandsOf = ({ service }: ClusterDefinition): ClusterSnapshot['serviceCommands'] =>
  service.type === 'commands' ? { start: service.start, stop: service.stop } : null;

const toldOutside = ({
  notifications,
  alertSilence,
}: ClusterDefinition): Pick<ClusterSnapshot, 'notifications' | 'silencesAlerts'> => ({
  ...(notifications === undefined ? {} : { notifications: notifications.map(({ name, on }) => ({ name, on })) }),
  ...(alertSilence === undefined ? {} : { silencesAlerts: true }),
});

/** What would be put back, looked for where it would be taken from. */
const readWaysBack = (
  access: ClusterAccess,
  { hosts, running, target }: Pick<ClusterSnapshot, 'hosts' | 'running'> & { target: string },
  context: OperationContext,
): Promise<ClusterSnapshot['waysBack']> =>
  Promise.all(
    waysBackOf({ hosts, running }, target).map(async ({ nodeId, version }) => ({
      nodeId,
      version,
      release: await access.host(nodeId).findRelease(version, context),
    })),
  );

/** The release to go to, and who the upgrade will be to the hosts (null: nobody knows without Temporal). */
type PlanFor = Pick<UpgradeRequest, 'target'> & Pick<ClusterSnapshot, 'owner'>;

/** Everything but the groups, which are watched in the meantime. */
type StillSnapshot = Omit<ClusterSnapshot, 'risks'> & { risks: Omit<ClusterSnapshot['risks'], 'standingGroups'> };

const readStill = async (
  access: ClusterAccess,
  { target, owner }: PlanFor,
  context: OperationContext,
): Promise<StillSnapshot> => {
  const { definition } = access;
  const { signal } = context;
  const nodeIds = definition.nodes.map(({ id }) => id);
  const [hosts, views] = await Promise.all([
    Promise.all(nodeIds.map((nodeId) => access.host(nodeId).inspect({ targetVersion: target }, context))),
    readViews(access, signal),
  ]);
  const [running, kraft] = await Promise.all([
    readAllRunning(access, { hosts, views }, signal).then((read) => Object.fromEntries(read)),
    readKraft(access, { hosts, views }, context),
  ]);
  const [risks, waysBack, minInsyncReplicas] = await Promise.all([
    readRisks(access, { hosts, views, running }, context),
    readWaysBack(access, { hosts, running, target }, context),
    readMinIsrOfAll(access, views, signal),
  ]);
  return {
    cluster: definition.cluster,
    mode: definition.mode,
    nodes: definition.nodes.map(({ id, roles, kafka }) => ({ id, roles, kafka, address: access.host(id).address })),
    policy: definition.policy,
    disasterRecoveryProbe: definition.disasterRecovery.probe?.command ?? null,
    definitionSha256: access.definitionSha256,
    definition: access.settings,
    owner,
    ...toldOutside(definition),
    paths: definition.paths,
    serviceCommands: commandsOf(definition),
    logging: loggingOf(definition),
    hosts,
    running,
    views,
    waysBack,
    ...kraft,
    risks,
    minInsyncReplicas,
  };
};

/** Reads the snapshot that a plan is made from. */
const readSnapshot = async (
  access: ClusterAccess,
  wanted: PlanFor,
  context: OperationContext,
): Promise<ClusterSnapshot> => {
  const reading = readStill(access, wanted, context);
  const [still, standingGroups] = await Promise.all([reading, readStandingGroups(access, reading, context.signal)]);
  return { ...still, risks: { ...still.risks, standingGroups } };
};

/** A plan and the hash that approvals are bound to. */
export const planCluster = async (
  access: ClusterAccess,
  request: UpgradeRequest,
  tools: Pick<ActivityDependencies, 'sha256' | 'propertiesSha256'> & {
    context: OperationContext;
    owner: ClusterSnapshot['owner'];
  },
): Promise<{ plan: UpgradePlan; planHash: string }> => {
  const snapshot = await readSnapshot(access, { target: request.target, owner: tools.owner }, tools.context);
  const plan = makePlan(snapshot, request, tools.propertiesSha256);
  return { plan, planHash: tools.sha256(JSON.stringify(plan)) };
};
