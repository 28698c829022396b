import { JmxCsv, type JmxRow } from './jmx-csv';
import type { ClusterMode, NodeGauges, NodeId, NodeRole } from '../domain/cluster';

const underReplicated = 'kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions';
const offline = 'kafka.controller:type=KafkaController,name=OfflinePartitionsCount';
const activeController = 'kafka.controller:type=KafkaController,name=ActiveControllerCount';
const brokerState = 'kafka.server:type=KafkaServer,name=BrokerState';
const appInfo = (nodeId: NodeId): string => `kafka.server:type=app-info,id=${nodeId}`;

/** What decides which beans a node has. */
export interface GaugedNode {
  nodeId: NodeId;
  mode: ClusterMode;
  roles: readonly NodeRole[];
}

/**
 * The MBeans behind `NodeGauges` that this node has; JmxTool waits for all that it is asked for. Every broker in ZooKeeper
 * mode has all of them; on KRaft those of the controller are on controllers only (tried on 3.3 to 4.3).
 */
export const gaugeBeans = ({ nodeId, mode, roles }: GaugedNode): string[] => [
  ...(roles.includes('broker') ? [underReplicated, brokerState] : []),
  ...(mode === 'zookeeper' || roles.includes('controller') ? [offline, activeController] : []),
  appInfo(nodeId),
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
    underReplicatedPartitions: countOf(row, `${underReplicated}:Value`),
    offlinePartitions: countOf(row, `${offline}:Value`),
    activeControllers: countOf(row, `${activeController}:Value`),
    brokerState: countOf(row, `${brokerState}:Value`),
    version: row.get(`${appInfo(nodeId)}:Version`) ?? null,
  };
};
