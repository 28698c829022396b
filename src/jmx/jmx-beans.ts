import type { NodeGauges, NodeId } from '../domain/cluster';

const underReplicated = 'kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions';
const offline = 'kafka.controller:type=KafkaController,name=OfflinePartitionsCount';
const activeController = 'kafka.controller:type=KafkaController,name=ActiveControllerCount';
const brokerState = 'kafka.server:type=KafkaServer,name=BrokerState';
const appInfo = (nodeId: NodeId): string => `kafka.server:type=app-info,id=${nodeId}`;

/** The MBeans behind `NodeGauges`; every broker in ZooKeeper mode has all of them. */
export const gaugeBeans = (nodeId: NodeId): string[] => [
  underReplicated,
  offline,
  activeController,
  brokerState,
  appInfo(nodeId),
];

/** One JmxTool row by column name; the columns are `time` and `BEAN:ATTRIBUTE`. */
export type JmxRow = ReadonlyMap<string, string>;

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
