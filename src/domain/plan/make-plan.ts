/**
 * The plan of an upgrade: a pure function of what was inspected and what was asked for.
 *
 *   1. Phase `binaries`: every binary becomes the target. Nodes that already run it are skipped: a half-done upgrade is
 *      continued.
 *   2. ZooKeeper mode: every file pins CURRENT before the first stop, and a second roll raises it (protocol-steps).
 *   3. KRaft: no file holds the level; it stays where it is until the features are finalized one by one (finalization).
 *   4. The canary: as asked, else of the nodes that go first, not the active controller, with the fewest leaders.
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
import { chooseCanary, firstGroup, orderRules, rollGroups } from './roll-order';
import type { NodeStep, PlannedNode, PlanOutlook, UpgradePlan } from './upgrade-plan';
import { compareVersions, parseVersion, requireVersion } from '../cluster/version';

/** What differs between the modes: the levels before and after, and the steps that lead there. */
type LevelPlan = Pick<UpgradePlan, 'fromProtocol' | 'toProtocol' | 'steps' | 'finalization'> & {
  protocols: Record<NodeId, string | null>;
};

const zookeeperLevels = (snapshot: ClusterSnapshot, target: string, edit: FileEditor): LevelPlan => {
  const nodes = snapshot.hosts.map((host) => ({
    host,
    target,
    version: versionOf(snapshot, host),
    protocol: runningProtocol(snapshot, host),
  }));
  const goal = protocolGoal(
    nodes.map(({ protocol }) => protocol),
    target,
  );
  const steps = nodes.map((node) => protocolSteps(node, goal, edit));
  return {
    fromProtocol: shortProtocol(goal.current),
    toProtocol: shortProtocol(goal.next),
    steps: { binaries: steps.map(({ binaries }) => binaries), protocol: steps.map(({ protocol }) => protocol) },
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

const kraftLevels = (snapshot: ClusterSnapshot, request: UpgradeRequest, edit: FileEditor): LevelPlan => {
  const finalization = finalizationOf(snapshot, request);
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

const canaryOf = (snapshot: ClusterSnapshot, request: UpgradeRequest, nodes: PlannedNode[]): NodeId => {
  const groups = rollGroups(snapshot.mode, nodes, 'upgrade');
  if (request.canary === null) return chooseCanary(nodes, groups, activeController(snapshot));
  const first = firstGroup(groups);
  if (first.nodes.includes(request.canary)) return request.canary;
  throw new UpgradeError(
    'InvalidRequest',
    `Canary ${request.canary} is not one of the ${first.name} that go first: ${first.nodes.join(', ')}.`,
  );
};

const oldestVersion = (versions: string[]): string =>
  versions.reduce((a, b) => {
    const [left, right] = [parseVersion(a), parseVersion(b)];
    return left !== null && right !== null && compareVersions(right, left) < 0 ? b : a;
  });

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
  const { protocols, ...levels } =
    snapshot.mode === 'kraft' ? kraftLevels(snapshot, request, edit) : zookeeperLevels(snapshot, request.target, edit);
  const nodes = snapshot.hosts.map((host) => plannedNode(snapshot, host, { protocols, ...levels }));
  const sources = nodes.map(({ version }) => version);
  return {
    cluster: snapshot.cluster,
    clusterId: snapshot.views[0]?.clusterId ?? '',
    mode: snapshot.mode,
    fromVersion: oldestVersion(sources),
    toVersion: request.target,
    ...levels,
    nodes,
    canary: canaryOf(snapshot, request, nodes),
    canaryNamed: request.canary !== null,
    orderRule: orderRules[snapshot.mode],
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
