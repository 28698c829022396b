/**
 * The plan of an upgrade: a pure function of what was inspected and what was asked for.
 *
 *   1. CURRENT is the lowest inter.broker.protocol.version that *runs*, never the binary's version. NEW is the target's.
 *   2. Phase `binaries`: every file pins CURRENT (a node that already speaks NEW is left alone); every binary becomes the
 *      target. Nodes that already run the target are skipped: a half-done upgrade is continued.
 *   3. Phase `protocol`: every file says NEW; log.message.format.version goes (from 3.0 on it is ignored) or follows.
 *   4. The canary: as asked, else not the active controller, with the fewest leaders.
 *
 * Source: Kafka documentation, "Upgrading" (3.9), steps 1-5.
 */
import type { HostFacts, NodeId } from './cluster';
import type { ClusterSnapshot } from './cluster-snapshot';
import { UpgradeError } from './failure';
import { agreedController } from './measurement';
import { findingsOf, unprotectableTopics } from './plan-checks';
import { compareProtocols, parseProtocolVersion, protocolOf, shortProtocol, protocolKey } from './protocol-version';
import type { ProtocolLevel } from './protocol-version';
import type { UpgradeRequest } from './request';
import { chooseCanary } from './roll-order';
import { editProperties, maskSecrets, readProperties } from './server-properties';
import type { PropertyChange } from './server-properties';
import { unifiedDiff } from './unified-diff';
import type { FileEdit, NodeStep, PlannedNode, UpgradePlan } from './upgrade-plan';
import { requireVersion, compareVersions, parseVersion } from './version';

const formatKey = 'log.message.format.version';

/** A cryptographic digest, given by the caller: pure code has none. */
export type Sha256 = (text: string) => string;

interface NodeNow {
  host: HostFacts;
  version: string;
  protocol: ProtocolLevel;
}

interface Goal {
  target: string;
  current: ProtocolLevel;
  next: ProtocolLevel;
}

const nodeNow = (snapshot: ClusterSnapshot, host: HostFacts): NodeNow => {
  const broker = snapshot.running[host.nodeId];
  const value = broker?.config[protocolKey]?.value ?? null;
  const protocol = value === null ? null : parseProtocolVersion(value);
  if (protocol === null) {
    throw new UpgradeError(
      'BrokerUnreachable',
      `Broker ${host.nodeId} reports ${protocolKey} as ${value ?? 'nothing'}, which is no known level; without it no plan can be made.`,
    );
  }
  return { host, version: broker?.version ?? host.installedVersion ?? 'unknown', protocol };
};

/** Keeps what is in the file when it already means the wanted level (people write 3.7, 3.7-IV4 or 3.7.2). */
const setProtocol = (properties: Record<string, string>, wanted: ProtocolLevel): PropertyChange[] => {
  const written = parseProtocolVersion(properties[protocolKey] ?? '');
  return written !== null && compareProtocols(written, wanted) === 0
    ? []
    : [{ key: protocolKey, value: shortProtocol(wanted) }];
};

const pinChanges = (node: NodeNow, goal: Goal): PropertyChange[] => {
  const properties = readProperties(node.host.properties);
  const pinned = compareProtocols(node.protocol, goal.current) > 0 ? node.protocol : goal.current;
  const pinFormat = goal.current.major < 3 && properties[formatKey] === undefined;
  return [
    ...setProtocol(properties, pinned),
    ...(pinFormat ? [{ key: formatKey, value: shortProtocol(goal.current) }] : []),
  ];
};

const raiseChanges = (pinnedText: string, goal: Goal): PropertyChange[] => {
  const properties = readProperties(pinnedText);
  const format = properties[formatKey];
  return [
    ...setProtocol(properties, goal.next),
    ...(format === undefined
      ? []
      : [{ key: formatKey, value: goal.next.major >= 3 ? null : shortProtocol(goal.next) }]),
  ];
};

const fileEdit = (
  before: string,
  changes: PropertyChange[],
  tools: { sha256: Sha256; label: string },
): FileEdit & { after: string } => {
  const after = editProperties(before, changes);
  const diff = unifiedDiff(maskSecrets(before), maskSecrets(after), tools.label);
  return { changes, fromSha256: tools.sha256(before), toSha256: tools.sha256(after), diff, after };
};

const nodeSteps = (
  node: NodeNow,
  goal: Goal,
  tools: { sha256: Sha256; label: string },
): { binaries: NodeStep; protocol: NodeStep } => {
  const { after: pinnedText, ...pin } = fileEdit(node.host.properties, pinChanges(node, goal), tools);
  const raises = compareProtocols(node.protocol, goal.next) !== 0;
  // A node that is not restarted keeps its file: an edit that nobody makes would look like drift afterwards.
  const { after: _, ...raise } = fileEdit(pinnedText, raises ? raiseChanges(pinnedText, goal) : [], tools);
  const { nodeId } = node.host;
  const pinned = compareProtocols(node.protocol, goal.current) > 0 ? node.protocol : goal.current;
  const versions = { fromVersion: node.version, toVersion: goal.target };
  return {
    binaries: { nodeId, ...versions, needed: node.version !== goal.target, edit: pin, protocol: shortProtocol(pinned) },
    protocol: {
      nodeId,
      ...versions,
      fromVersion: goal.target,
      needed: raises,
      edit: raise,
      protocol: shortProtocol(goal.next),
    },
  };
};

const logDirectories = (snapshot: ClusterSnapshot, nodeId: NodeId): string[] => {
  const config = snapshot.running[nodeId]?.config;
  const value = config?.['log.dirs']?.value ?? config?.['log.dir']?.value ?? '';
  return value
    .split(',')
    .map((directory) => directory.trim())
    .filter((directory) => directory !== '');
};

const plannedNode = (snapshot: ClusterSnapshot, node: NodeNow): PlannedNode => {
  const { nodeId } = node.host;
  const defined = snapshot.nodes.find(({ id }) => id === nodeId);
  const [view] = snapshot.views;
  return {
    nodeId,
    address: defined?.address ?? node.host.hostname,
    kafka: defined?.kafka ?? '',
    version: node.version,
    protocol: shortProtocol(node.protocol),
    logDirectories: logDirectories(snapshot, nodeId),
    leaders: view?.partitions.filter(({ leader }) => leader === nodeId).length ?? 0,
  };
};

const canaryOf = (snapshot: ClusterSnapshot, request: UpgradeRequest, nodes: PlannedNode[]): NodeId => {
  const controllerId = agreedController(snapshot.views);
  const chosen = request.canary ?? chooseCanary(nodes, controllerId);
  if (chosen !== null && nodes.some(({ nodeId }) => nodeId === chosen)) return chosen;
  throw new UpgradeError(
    'InvalidRequest',
    `Canary ${chosen ?? 'none'} is not a broker of this cluster; brokers are ${nodes.map(({ nodeId }) => nodeId).join(', ')}.`,
  );
};

const lowest = (levels: ProtocolLevel[]): ProtocolLevel =>
  levels.reduce((a, b) => (compareProtocols(b, a) < 0 ? b : a));

const oldestVersion = (versions: string[]): string =>
  versions.reduce((a, b) => {
    const [left, right] = [parseVersion(a), parseVersion(b)];
    return left !== null && right !== null && compareVersions(right, left) < 0 ? b : a;
  });

/** NEW: the level of the target, or CURRENT itself where the target has none (then a blocker says why). */
const nextLevel = (target: string, current: ProtocolLevel): ProtocolLevel =>
  parseProtocolVersion(protocolOf(requireVersion(target, 'target'))) ?? current;

/** Makes the plan; throws `InvalidRequest` for input that cannot be planned, and reports everything else as findings. */
export const makePlan = (snapshot: ClusterSnapshot, request: UpgradeRequest, sha256: Sha256): UpgradePlan => {
  const now = snapshot.hosts.map((host) => nodeNow(snapshot, host));
  const current = lowest(now.map(({ protocol }) => protocol));
  const goal: Goal = { target: request.target, current, next: nextLevel(request.target, current) };
  const tools = { sha256, label: snapshot.paths.config };
  const steps = now.map((node) => nodeSteps(node, goal, tools));
  const nodes = now.map((node) => plannedNode(snapshot, node));
  const sources = now.map(({ version }) => version);
  return {
    cluster: snapshot.cluster,
    clusterId: snapshot.views[0]?.clusterId ?? '',
    mode: snapshot.mode,
    fromVersion: oldestVersion(sources),
    toVersion: request.target,
    fromProtocol: shortProtocol(goal.current),
    toProtocol: shortProtocol(goal.next),
    nodes,
    canary: canaryOf(snapshot, request, nodes),
    canaryNamed: request.canary !== null,
    orderRule: 'The canary first, then by id; the active controller, as measured before each restart, last.',
    steps: { binaries: steps.map((step) => step.binaries), protocol: steps.map((step) => step.protocol) },
    findings: findingsOf(snapshot, request.target, sources),
    unprotectableTopics: unprotectableTopics(snapshot),
    disasterRecovery: { probe: snapshot.disasterRecoveryProbe },
    policy: snapshot.policy,
    definitionSha256: snapshot.definitionSha256,
  };
};
