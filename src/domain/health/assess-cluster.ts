/**
 * Is the cluster whole? The checks that every gate shares (S5, S11, S12): all brokers online in every view, one active
 * controller, nothing offline or under-replicated by metadata, and the same by the gauges of *all* brokers. Numbers of
 * different brokers are never averaged: the worst view counts, because metadata caches lag behind for a while.
 */
import type { MetadataView, NodeId, PartitionState } from '../cluster/cluster';
import { failed, inconclusive, someOf, successful } from './gate';
import type { GateCheck } from './gate';
import { activeController, measuredNode } from './measurement';
import { checkQuorum } from './assess-quorum';
import type { ClusterMeasurement } from './measurement';
import { offline, partitionName, underReplicated } from '../cluster/partition-health';

/** BrokerState 3 of `kafka.server:type=KafkaServer,name=BrokerState` (org.apache.kafka.metadata.BrokerState). */
const running = 3;

/** How many brokers must answer before their views are believed. */
const viewsNeeded = (measurement: ClusterMeasurement): number => Math.min(2, measurement.brokers.length);

/** Do enough brokers answer, and does each of them see every expected broker? */
export const checkBrokersOnline = (measurement: ClusterMeasurement): GateCheck => {
  const { brokers, views, unreachable } = measurement;
  const name = 'brokers online';
  if (unreachable.length > 0) {
    return failed(name, unreachable.map(({ nodeId, why }) => `broker ${nodeId} does not answer (${why})`).join(', '));
  }
  if (views.length < viewsNeeded(measurement)) {
    return inconclusive(name, `only ${views.length} of at least ${viewsNeeded(measurement)} brokers answered`);
  }
  for (const view of views) {
    const registered = view.brokers.map((broker) => broker.id);
    const missing = brokers.filter((nodeId) => !registered.includes(nodeId));
    if (missing.length > 0) {
      return failed(
        name,
        `broker ${view.observedBy} sees ${brokers.length - missing.length} of ${brokers.length} brokers online; missing: ${someOf(missing)}`,
      );
    }
  }
  return successful(name, `${brokers.length} of ${brokers.length} brokers online`);
};

/** Is there one active controller? A broker must not be stopped without one: its stop would hang. */
export const checkController = (measurement: ClusterMeasurement): GateCheck => {
  const { mode, views, quorumTrouble } = measurement;
  const controllerId = activeController(measurement);
  if (controllerId !== null) return successful('active controller', `the active controller is ${controllerId}`);
  if (mode === 'kraft')
    return inconclusive('active controller', `the controllers have no leader (${quorumTrouble ?? 'an election runs'})`);
  const seen = views.map((view) => `broker ${view.observedBy} says ${view.controllerId ?? 'none'}`);
  return inconclusive('active controller', `no agreed active controller: ${seen.join(', ') || 'no broker answered'}`);
};

const checkNone = (
  views: readonly MetadataView[],
  kind: string,
  select: (partitions: readonly PartitionState[]) => PartitionState[],
): GateCheck => {
  const found = views.map(({ partitions }) => select(partitions));
  const worst = found.reduce((most, other) => (other.length > most.length ? other : most), []);
  return worst.length === 0
    ? successful(`${kind} partitions`, `0 ${kind} partitions`)
    : failed(`${kind} partitions`, `${worst.length} ${kind} partitions: ${someOf(worst.map(partitionName))}`);
};

/** No partition without a leader, none under-replicated, in any broker's view. */
export const checkPartitions = ({ views }: ClusterMeasurement): GateCheck[] => [
  checkNone(views, 'offline', offline),
  checkNone(views, 'under-replicated', underReplicated),
];

interface GaugeQuestion {
  name: string;
  field: 'underReplicatedPartitions' | 'offlinePartitions' | 'brokerState';
  wanted: number;
}

const nodesWords = (measurement: ClusterMeasurement, nodes: readonly NodeId[]): string =>
  nodes.length === 1 ? nodes.map((nodeId) => measuredNode(measurement, nodeId)).join() : `brokers ${someOf(nodes)}`;

const checkGauge = (measurement: ClusterMeasurement, nodes: readonly NodeId[], question: GaugeQuestion): GateCheck => {
  const { name, field, wanted } = question;
  const unmeasurable: string[] = [];
  const wrong: string[] = [];
  for (const nodeId of nodes) {
    const value = measurement.gauges[nodeId]?.[field] ?? null;
    const trouble = measurement.gaugeTrouble[nodeId] ?? 'no fresh sample';
    if (value === null) unmeasurable.push(`${measuredNode(measurement, nodeId)} (${trouble})`);
    else if (value !== wanted) wrong.push(`${value} on ${measuredNode(measurement, nodeId)}`);
  }
  if (wrong.length > 0) return failed(name, `${name} is ${someOf(wrong)} instead of ${wanted}`);
  if (unmeasurable.length > 0) return inconclusive(name, `${name} cannot be measured on ${someOf(unmeasurable)}`);
  return successful(name, `${name} is ${wanted} on ${nodesWords(measurement, nodes)}`);
};

/** The JMX gauges: UnderReplicatedPartitions and BrokerState of every broker, OfflinePartitionsCount of the controller. */
export const checkGauges = (measurement: ClusterMeasurement): GateCheck[] => {
  const { brokers } = measurement;
  const controllerId = activeController(measurement);
  const offlineGauge = 'JMX OfflinePartitionsCount';
  return [
    checkGauge(measurement, brokers, {
      name: 'JMX UnderReplicatedPartitions',
      field: 'underReplicatedPartitions',
      wanted: 0,
    }),
    checkGauge(measurement, brokers, { name: 'JMX BrokerState', field: 'brokerState', wanted: running }),
    controllerId === null
      ? inconclusive(offlineGauge, `${offlineGauge} needs an active controller`)
      : checkGauge(measurement, [controllerId], { name: offlineGauge, field: 'offlinePartitions', wanted: 0 }),
  ];
};

/** Every check that a whole cluster passes. */
export const checkCluster = (measurement: ClusterMeasurement): GateCheck[] => [
  checkBrokersOnline(measurement),
  checkController(measurement),
  ...(measurement.mode === 'kraft' ? [checkQuorum(measurement)] : []),
  ...checkPartitions(measurement),
  ...checkGauges(measurement),
];
