import { JmxCsv, type JmxRow } from './jmx-csv';
import type { ClusterMode, NodeGauges, NodeId, NodeRole } from '../domain/cluster/cluster';

/** The counts among the gauges; the rest is the version. */
export type CountGauge = 'underReplicatedPartitions' | 'offlinePartitions' | 'activeControllers' | 'brokerState';

/** The MBean behind each count, which is its attribute `Value`. */
export const countBeans: Record<CountGauge, string> = {
  underReplicatedPartitions: 'kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions',
  brokerState: 'kafka.server:type=KafkaServer,name=BrokerState',
  offlinePartitions: 'kafka.controller:type=KafkaController,name=OfflinePartitionsCount',
  activeControllers: 'kafka.controller:type=KafkaController,name=ActiveControllerCount',
};

const appInfo = (nodeId: NodeId): string => `kafka.server:type=app-info,id=${nodeId}`;

/** What decides which beans a node has. */
export interface GaugedNode {
  nodeId: NodeId;
  mode: ClusterMode;
  roles: readonly NodeRole[];
}

/**
 * The counts that this node has. Every broker in ZooKeeper mode has all of them; on KRaft those of the controller are on
 * controllers only (tried on 3.3 to 4.3).
 */
export const countsOf = ({ mode, roles }: GaugedNode): CountGauge[] => [
  ...(roles.includes('broker') ? (['underReplicatedPartitions', 'brokerState'] as const) : []),
  ...(mode === 'zookeeper' || roles.includes('controller')
    ? (['offlinePartitions', 'activeControllers'] as const)
    : []),
];

/** The MBeans behind `NodeGauges` that this node has; JmxTool waits for all that it is asked for. */
export const gaugeBeans = (node: GaugedNode): string[] => [
  ...countsOf(node).map((gauge) => countBeans[gauge]),
  appInfo(node.nodeId),
];

/** The state of a migration from ZooKeeper (KIP-866), on controllers of 3.4 to 3.9. */
export const migrationBean = 'kafka.controller:type=KafkaController,name=ZkMigrationState';

/** The value in a one-time report of `migrationBean`; null when there is none. */
export const parseMigrationState = (report: string): number | null => {
  const csv = new JmxCsv();
  const rows = report.split('\n').flatMap((line) => csv.read(line) ?? []);
  const [value] = [...(rows[0] ?? [])].flatMap(([column, text]) =>
    column.endsWith('name=ZkMigrationState:Value') ? [Number(text)] : [],
  );
  return value === undefined || Number.isNaN(value) ? null : value;
};

// "-1" and "NaN" are what a gauge says when it cannot say: not a count.
const countOf = (row: JmxRow, column: string): number | null => {
  const text = row.get(column);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
};

/** The gauges in a row; what has no column, or no count in it, is null. Null when even the time is missing. */
export const gaugesOf = (row: JmxRow, nodeId: NodeId): NodeGauges | null => {
  const sampledAtMs = countOf(row, 'time');
  if (sampledAtMs === null) return null;
  return {
    sampledAtMs,
    underReplicatedPartitions: countOf(row, `${countBeans.underReplicatedPartitions}:Value`),
    offlinePartitions: countOf(row, `${countBeans.offlinePartitions}:Value`),
    activeControllers: countOf(row, `${countBeans.activeControllers}:Value`),
    brokerState: countOf(row, `${countBeans.brokerState}:Value`),
    version: row.get(`${appInfo(nodeId)}:Version`) ?? null,
  };
};
