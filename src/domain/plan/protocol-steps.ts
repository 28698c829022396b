/**
 * ZooKeeper mode: the two edits of a node's server.properties.
 *
 *   1. CURRENT is the lowest inter.broker.protocol.version that *runs*, never the binary's version. NEW is the target's.
 *   2. Phase `binaries`: every file pins CURRENT (a node that already speaks NEW is left alone).
 *   3. Phase `protocol`: every file says NEW; log.message.format.version goes (from 3.0 on it is ignored) or follows.
 *
 * Source: Kafka documentation, "Upgrading" (3.9), steps 1-5.
 */
import type { HostFacts } from '../cluster/cluster';
import type { ClusterSnapshot } from '../checks/cluster-snapshot';
import { UpgradeError } from '../common/failure';
import type { FileEditor } from './file-edit';
import {
  compareProtocols,
  parseProtocolVersion,
  protocolKey,
  protocolOf,
  shortProtocol,
} from '../levels/protocol-version';
import type { ProtocolLevel } from '../levels/protocol-version';
import { readProperties } from '../settings/server-properties';
import type { PropertyChange } from '../settings/server-properties';
import type { NodeStep, PlannedPhase } from './upgrade-plan';
import { requireVersion } from '../cluster/version';

const formatKey = 'log.message.format.version';

/** CURRENT and NEW. */
export interface ProtocolGoal {
  current: ProtocolLevel;
  next: ProtocolLevel;
}

/** The level that a broker runs; throws `BrokerUnreachable` when it does not say: then no plan can be made. */
export const runningProtocol = ({ running }: ClusterSnapshot, { nodeId }: HostFacts): ProtocolLevel => {
  const value = running[nodeId]?.config[protocolKey]?.value ?? null;
  const protocol = value === null ? null : parseProtocolVersion(value);
  if (protocol !== null) return protocol;
  throw new UpgradeError(
    'BrokerUnreachable',
    `Broker ${nodeId} reports ${protocolKey} as ${value ?? 'nothing'}, which is no known level; without it no plan can be made.`,
  );
};

/** CURRENT and NEW; NEW is CURRENT itself where the target has no level (then a blocker says why). */
export const protocolGoal = (levels: readonly ProtocolLevel[], target: string): ProtocolGoal => {
  const current = levels.reduce((a, b) => (compareProtocols(b, a) < 0 ? b : a));
  return { current, next: parseProtocolVersion(protocolOf(requireVersion(target, 'target'))) ?? current };
};

/** Keeps what is in the file when it already means the wanted level (people write 3.7, 3.7-IV4 or 3.7.2). */
const setProtocol = (properties: Record<string, string>, wanted: ProtocolLevel): PropertyChange[] => {
  const written = parseProtocolVersion(properties[protocolKey] ?? '');
  return written !== null && compareProtocols(written, wanted) === 0
    ? []
    : [{ key: protocolKey, value: shortProtocol(wanted) }];
};

const pinChanges = (text: string, pinned: ProtocolLevel, { current }: ProtocolGoal): PropertyChange[] => {
  const properties = readProperties(text);
  const pinFormat = current.major < 3 && properties[formatKey] === undefined;
  return [
    ...setProtocol(properties, pinned),
    ...(pinFormat ? [{ key: formatKey, value: shortProtocol(current) }] : []),
  ];
};

const raiseChanges = (pinnedText: string, { next }: ProtocolGoal): PropertyChange[] => {
  const properties = readProperties(pinnedText);
  const format = properties[formatKey];
  return [
    ...setProtocol(properties, next),
    ...(format === undefined ? [] : [{ key: formatKey, value: next.major >= 3 ? null : shortProtocol(next) }]),
  ];
};

/** Both steps of one node; `versions` is what it runs and what it shall run. */
export const protocolSteps = (
  node: { host: HostFacts; protocol: ProtocolLevel; version: string; target: string },
  goal: ProtocolGoal,
  edit: FileEditor,
): Record<PlannedPhase, NodeStep> => {
  const { host, protocol, version, target } = node;
  const { nodeId } = host;
  const pinned = compareProtocols(protocol, goal.current) > 0 ? protocol : goal.current;
  const { after: pinnedText, ...pin } = edit(host.properties, pinChanges(host.properties, pinned, goal));
  const raises = compareProtocols(protocol, goal.next) !== 0;
  // A node that is not restarted keeps its file: an edit that nobody makes would look like drift afterwards.
  const { after: _, ...raise } = edit(pinnedText, raises ? raiseChanges(pinnedText, goal) : []);
  const both = { nodeId, toVersion: target };
  return {
    binaries: {
      ...both,
      fromVersion: version,
      needed: version !== target,
      edit: pin,
      protocol: shortProtocol(pinned),
    },
    protocol: { ...both, fromVersion: target, needed: raises, edit: raise, protocol: shortProtocol(goal.next) },
  };
};
