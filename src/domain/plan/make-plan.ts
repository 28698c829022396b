/**
 * The plan of an upgrade: a pure function of what was inspected and what was asked for.
 *
 *   1. Phase `binaries`: every binary becomes the target. Nodes that already run it are skipped: a half-done upgrade is
 *      continued.
 *   2. ZooKeeper mode: every file pins CURRENT before the first stop, and a second roll raises it (protocol-steps).
 *   3. KRaft: no file holds the level; it stays where it is until the features are finalized one by one (finalization).
 *   4. A target that is older than what runs takes the binaries back alone: no level moves, and every level in force must be one
 *      that the target knows (checks/downgrade-checks). The order is that of a rollback.
 *   5. The canary: as asked, else of the nodes that go first, not the active controller, with the fewest leaders.
 *
 * Source: Kafka documentation, "Upgrading" (3.9 and 4.x).
 */
import type { HostFacts, NodeId } from '../cluster/cluster';
import { finalizedLevels, logDirectoriesOf, requireNode, versionOf } from '../checks/cluster-snapshot';
import type { ClusterSnapshot } from '../checks/cluster-snapshot';
import { minIsrToWrite } from '../checks/elr-guard';
import { UpgradeError } from '../common/failure';
import { fileEditor } from './file-edit';
import type { FileEditor, Sha256 } from './file-edit';
import { levelName, makeFinalization } from '../levels/finalization';
import type { FeatureStep } from '../levels/finalization';
import { metadataVersion } from '../knowledge/feature-levels';
import { activeController } from '../health/measurement';
import { findingsOf, mustAccept } from '../checks/plan-checks';
import { protocolGoal, protocolSteps, runningProtocol } from './protocol-steps';
import { shortProtocol } from '../levels/protocol-version';
import type { UpgradeRequest } from './request';
import { chooseCanary, firstGroup, orderRules, orderRulesDown, rollGroups } from './roll-order';
import type { NodeStep, PlannedNode, PlanOutlook, UpgradePlan } from './upgrade-plan';
import { leadsDown, releaseLeft, requireVersion } from '../cluster/version';

/** Where the way leads. */
interface Way {
  target: string;
  /** To an older release than some node runs. */
  down: boolean;
}

/** What differs between the modes: the levels before and after, and the steps that lead there. */
type LevelPlan = Pick<UpgradePlan, 'fromProtocol' | 'toProtocol' | 'steps' | 'finalization'> & {
  protocols: Record<NodeId, string | null>;
};

/** On the way down nothing is raised, and nothing may be asked for. */
const refuseFeatures = ({ features }: UpgradeRequest, target: string): void => {
  const asked = Object.entries(features).flatMap(([name, level]) => (level === false ? [] : [name]));
  if (asked.length === 0) return;
  throw new UpgradeError(
    'InvalidRequest',
    `The start input is not usable: "features" asks for ${asked.join(', ')}, but ${target} is older than what runs, and on the way down no level is raised.`,
  );
};

const zookeeperLevels = (snapshot: ClusterSnapshot, { target, down }: Way, edit: FileEditor): LevelPlan => {
  const nodes = snapshot.hosts.map((host) => ({
    host,
    target,
    version: versionOf(snapshot, host),
    protocol: runningProtocol(snapshot, host),
  }));
  const { current, next } = protocolGoal(
    nodes.map(({ protocol }) => protocol),
    target,
  );
  const goal = { current, next: down ? current : next };
  const steps = nodes.map((node) => protocolSteps(node, goal, edit));
  return {
    fromProtocol: shortProtocol(goal.current),
    toProtocol: shortProtocol(goal.next),
    steps: {
      binaries: steps.map(({ binaries }) => binaries),
      protocol: down ? [] : steps.map(({ protocol }) => protocol),
    },
    finalization: [],
    protocols: Object.fromEntries(nodes.map(({ host, protocol }) => [host.nodeId, shortProtocol(protocol)])),
  };
};

const binaryStep = (
  host: HostFacts,
  { from, target }: { from: string; target: string },
  edit: FileEditor,
): NodeStep => {
  const { after: _, ...unchanged } = edit(host.properties, []);
  const needed = from !== target;
  return { nodeId: host.nodeId, needed, edit: unchanged, fromVersion: from, toVersion: target, protocol: null };
};

const finalizationOf = (snapshot: ClusterSnapshot, request: UpgradeRequest): FeatureStep[] =>
  makeFinalization({
    target: requireVersion(request.target, 'target'),
    finalized: finalizedLevels(snapshot),
    requested: request.features,
    minIsrToWrite: minIsrToWrite(snapshot),
  });

const kraftLevels = (
  snapshot: ClusterSnapshot,
  { request, down }: { request: UpgradeRequest } & Pick<Way, 'down'>,
  edit: FileEditor,
): LevelPlan => {
  const finalization = down ? [] : finalizationOf(snapshot, request);
  const level = finalizedLevels(snapshot)[metadataVersion];
  const from = level === undefined ? 'unknown' : levelName(metadataVersion, level);
  const binaries = snapshot.hosts.map((host) =>
    binaryStep(host, { from: versionOf(snapshot, host), target: request.target }, edit),
  );
  return {
    fromProtocol: from,
    toProtocol: finalization.find(({ feature }) => feature === metadataVersion)?.toName ?? from,
    steps: { binaries, protocol: [] },
    finalization,
    protocols: {},
  };
};

/** Partitions that the node leads, by the first broker that answered. */
const leadersOf = ({ views }: ClusterSnapshot, nodeId: NodeId): number =>
  views.slice(0, 1).flatMap(({ partitions }) => partitions.filter(({ leader }) => leader === nodeId)).length;

const plannedNode = (snapshot: ClusterSnapshot, host: HostFacts, levels: LevelPlan): PlannedNode => {
  const { nodeId } = host;
  const { roles, address, kafka } = requireNode(snapshot, nodeId);
  return {
    nodeId,
    roles,
    address,
    kafka,
    version: versionOf(snapshot, host),
    protocol: levels.protocols[nodeId] ?? null,
    logDirectories: logDirectoriesOf(snapshot, nodeId),
    leaders: leadersOf(snapshot, nodeId),
  };
};

const canaryOf = (
  snapshot: ClusterSnapshot,
  { request, down }: { request: UpgradeRequest } & Pick<Way, 'down'>,
  nodes: PlannedNode[],
): NodeId => {
  const groups = rollGroups(snapshot.mode, nodes, down ? 'rollback' : 'upgrade');
  if (request.canary === null) return chooseCanary(nodes, groups, activeController(snapshot));
  const first = firstGroup(groups);
  if (first.nodes.includes(request.canary)) return request.canary;
  throw new UpgradeError(
    'InvalidRequest',
    `Canary ${request.canary} is not one of the ${first.name} that go first: ${first.nodes.join(', ')}.`,
  );
};

const outlookOf = (snapshot: ClusterSnapshot): PlanOutlook => {
  const { config, current, releases, state } = snapshot.paths;
  return {
    controllerId: activeController(snapshot),
    paths: { config, current, releases, state },
    commands: snapshot.serviceCommands,
  };
};

/** Left out when there is nothing of it: such plans have the hashes they always had. */
const toldOutside = ({
  notifications,
  silencesAlerts,
}: ClusterSnapshot): Pick<UpgradePlan, 'notifications' | 'silencesAlerts'> => ({
  ...(notifications === undefined ? {} : { notifications }),
  ...(silencesAlerts === undefined ? {} : { silencesAlerts }),
});

/** Makes the plan; throws `InvalidRequest` for input that cannot be planned, and reports everything else as findings. */
export const makePlan = (snapshot: ClusterSnapshot, request: UpgradeRequest, sha256: Sha256): UpgradePlan => {
  const edit = fileEditor({ sha256, label: snapshot.paths.config });
  const { target } = request;
  const sources = snapshot.hosts.map((host) => versionOf(snapshot, host));
  const down = leadsDown(sources, target);
  if (down) refuseFeatures(request, target);
  const { protocols, ...levels } =
    snapshot.mode === 'kraft'
      ? kraftLevels(snapshot, { request, down }, edit)
      : zookeeperLevels(snapshot, { target, down }, edit);
  const nodes = snapshot.hosts.map((host) => plannedNode(snapshot, host, { protocols, ...levels }));
  return {
    cluster: snapshot.cluster,
    clusterId: snapshot.views[0]?.clusterId ?? '',
    mode: snapshot.mode,
    fromVersion: releaseLeft(sources, target),
    toVersion: target,
    ...(down ? { downgrade: true } : {}),
    ...levels,
    nodes,
    canary: canaryOf(snapshot, { request, down }, nodes),
    canaryNamed: request.canary !== null,
    orderRule: down ? orderRulesDown[snapshot.mode] : orderRules[snapshot.mode],
    findings: findingsOf(snapshot, { ...request, sources, finalization: levels.finalization }),
    mustAccept: mustAccept(snapshot, request.target),
    disasterRecovery: { probe: snapshot.disasterRecoveryProbe },
    policy: snapshot.policy,
    outlook: outlookOf(snapshot),
    ...toldOutside(snapshot),
    definitionSha256: snapshot.definitionSha256,
    definition: snapshot.definition,
  };
};
