/**
 * Is this node back? (After a start: the same whole cluster as before, and this node running what was planned.)
 *
 *   1. It runs the planned version and speaks the planned protocol, as the running broker says, not as files say.
 *   2. It is in the ISR of every partition it has a replica of, in every view.
 *   3. The cluster is whole again, by metadata and by gauges.
 */
import { checkCluster } from './assess-cluster';
import type { NodeId } from '../cluster/cluster';
import { failed, inconclusive, someOf, successful } from './gate';
import type { GateCheck } from './gate';
import { measuredNode } from './measurement';
import type { ClusterMeasurement } from './measurement';
import { outOfSyncReplicasOf, partitionName } from '../cluster/partition-health';
import { sameProtocol } from '../levels/protocol-version';

export interface NodeExpectation {
  nodeId: NodeId;
  version: string;
  /** inter.broker.protocol.version that it must run; null on KRaft, which has none. */
  protocol: string | null;
}

/** Does the node *run* the planned version? */
export const checkVersion = (measurement: ClusterMeasurement, { nodeId, version }: NodeExpectation): GateCheck => {
  const seen = measurement.gauges[nodeId]?.version ?? null;
  const name = 'running version';
  if (seen === null) {
    const trouble = measurement.gaugeTrouble[nodeId] ?? 'no fresh JMX sample';
    return inconclusive(
      name,
      `the version that ${measuredNode(measurement, nodeId)} runs cannot be measured (${trouble})`,
    );
  }
  return seen === version
    ? successful(name, `${measuredNode(measurement, nodeId)} runs ${seen}`)
    : failed(name, `${measuredNode(measurement, nodeId)} runs ${seen}, not ${version}`);
};

/**
 * Does the node speak the planned protocol, as DescribeConfigs of the running broker tells? Null: could not be read.
 * Nothing to check on KRaft, where no protocol is planned.
 */
export const checkProtocol = (running: string | null, { nodeId, protocol }: NodeExpectation): GateCheck[] => {
  const name = 'running protocol';
  if (protocol === null) return [];
  if (running === null) return [inconclusive(name, `the protocol that broker ${nodeId} speaks cannot be read`)];
  return sameProtocol(running, protocol)
    ? [successful(name, `broker ${nodeId} speaks protocol ${running}`)]
    : [failed(name, `broker ${nodeId} speaks protocol ${running}, not ${protocol}`)];
};

/** Nothing to check on an isolated controller, which has no replicas. */
const checkInSync = ({ brokers, views }: ClusterMeasurement, { nodeId }: NodeExpectation): GateCheck[] => {
  const name = 'replicas in sync';
  if (!brokers.includes(nodeId)) return [];
  const behind = views.map((view) => outOfSyncReplicasOf(nodeId, view.partitions));
  const most = behind.reduce((a, b) => (b.length > a.length ? b : a), []);
  return most.length === 0
    ? [successful(name, `broker ${nodeId} is in every ISR`)]
    : [failed(name, `broker ${nodeId} is still out of ${most.length} ISRs: ${someOf(most.map(partitionName))}`)];
};

/** All checks on a restarted node and the cluster around it, without the consumer groups. */
export const checkNode = (
  measurement: ClusterMeasurement,
  expectation: NodeExpectation,
  runningProtocol: string | null,
): GateCheck[] => [
  checkVersion(measurement, expectation),
  ...checkProtocol(runningProtocol, expectation),
  ...checkInSync(measurement, expectation),
  ...checkCluster(measurement),
];
