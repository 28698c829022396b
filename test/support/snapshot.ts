import type { UpgradeRequest } from '../../src/domain/plan/request';
import type { ConfigValue, HostFacts, NodeId } from '../../src/domain/cluster/cluster';
import type { ClusterSnapshot, RunningNode } from '../../src/domain/checks/cluster-snapshot';
import { defaultPolicy } from '../../src/domain/policy/policy';
import { noRisks } from '../../src/domain/checks/risk-facts';
import { partitionOf, quorumOf, viewOf } from './healthy-measurement';

/** What an operator asks for, with everything else left to its default. */
export const request: UpgradeRequest = {
  cluster: 'orders-prod',
  target: '3.8.1',
  requester: null,
  ticket: null,
  canary: null,
  features: {},
  takeOver: false,
};

/** A digest that is easy to compare: what it is a digest of. */
export const readableSha256 = (text: string): string => `sha256(${text})`;

export const setting = (value: string | null, source: ConfigValue['source'] = 'static-broker'): ConfigValue => ({
  value,
  source,
  sensitive: false,
});

export const runningBroker = (overrides: { version?: string | null; protocol?: string | null } = {}): RunningNode => ({
  version: '3.7.2',
  versionTrouble: null,
  features: null,
  config: {
    'inter.broker.protocol.version': setting(
      overrides.protocol === undefined ? '3.7-IV4' : overrides.protocol,
      'default',
    ),
    'log.dirs': setting('/data/a, /data/b'),
  },
  ...(overrides.version === undefined ? {} : { version: overrides.version }),
});

export const hostFacts = (nodeId: NodeId, overrides: Partial<HostFacts> = {}): HostFacts => ({
  nodeId,
  hostname: `kafka-${nodeId}`,
  properties: `broker.id=${nodeId}\nzookeeper.connect=zk:2181\n`,
  propertiesSha256: '',
  currentRelease: '/opt/kafka_2.13-3.7.2',
  installedVersion: '3.7.2',
  targetRelease: { directory: '/opt/kafka_2.13-3.8.1', version: '3.8.1' },
  javaVersion: '17.0.15',
  process: { pid: nodeId, startTicks: 1 },
  missingFiles: [],
  clockSkewSeconds: 0,
  stopTimeoutSeconds: null,
  managers: [],
  leases: { own: null, others: [] },
  ...overrides,
});

/** What was read of a healthy cluster of three brokers on 3.7.2, unpinned; broker 1 is the active controller. */
export const snapshot = (overrides: Partial<ClusterSnapshot> = {}): ClusterSnapshot => {
  const ids = [1, 2, 3];
  const partitions = [partitionOf('orders', [1, 2, 3]), partitionOf('orders', [2, 3, 1], 1)];
  return {
    cluster: 'orders-prod',
    mode: 'zookeeper',
    nodes: ids.map((id) => ({ id, roles: ['broker'], address: `kafka@10.0.0.${id}:22`, kafka: `10.0.0.${id}:9092` })),
    policy: defaultPolicy,
    disasterRecoveryProbe: null,
    definitionSha256: 'd'.repeat(64),
    definition: { settings: { cluster: 'orders-prod' }, nodes: {} },
    owner: 'temporal-A/default/kafka-upgrade/orders-prod',
    paths: {
      config: '/etc/kafka/server.properties',
      current: '/opt/kafka',
      releases: '/opt/kafka_2.13-{version}',
      state: '/var/lib/kafka-upgrade/orders-prod',
    },
    serviceCommands: null,
    logging: { known: true, log4j: null, log4j2: null, options: null },
    hosts: ids.map((id) => hostFacts(id)),
    running: Object.fromEntries(ids.map((id) => [id, runningBroker()])),
    views: ids.map((id) => viewOf(id, ids, partitions)),
    waysBack: [],
    minInsyncReplicas: { orders: 2 },
    quorum: null,
    registered: null,
    zkMigrationState: null,
    clusterMinIsr: null,
    risks: noRisks,
    ...overrides,
  };
};

/** The snapshot with one host or broker changed. */
export const withNode = (
  nodeId: NodeId,
  change: { host?: Partial<HostFacts>; running?: RunningNode },
  base = snapshot(),
): ClusterSnapshot => ({
  ...base,
  hosts: base.hosts.map((host) => (host.nodeId === nodeId ? { ...host, ...change.host } : host)),
  running: { ...base.running, ...(change.running === undefined ? {} : { [nodeId]: change.running }) },
});

const kraftProperties = (id: NodeId): string =>
  `process.roles=broker,controller\nnode.id=${id}\ncontroller.quorum.voters=1@k1:9093,2@k2:9093,3@k3:9093\nlog.dirs=/data\n`;

/** A healthy KRaft cluster of three combined nodes on 3.9.2 with metadata.version 3.9-IV0 (21); node 1 leads. */
export const kraftSnapshot = (overrides: Partial<ClusterSnapshot> = {}): ClusterSnapshot => {
  const base = snapshot();
  const ids = base.nodes.map(({ id }) => id);
  const node: RunningNode = {
    version: '3.9.2',
    versionTrouble: null,
    features: { observedBy: 1, finalized: { 'metadata.version': 21 }, finalizedEpoch: 5 },
    config: {
      'log.dirs': setting('/data'),
      'min.insync.replicas': setting('2'),
      // Brokers of 3.x still report it, unset.
      'inter.broker.protocol.version': setting('3.9-IV0', 'default'),
    },
  };
  return {
    ...base,
    mode: 'kraft',
    nodes: base.nodes.map((defined) => ({ ...defined, roles: ['broker', 'controller'] })),
    hosts: ids.map((id) =>
      hostFacts(id, {
        properties: kraftProperties(id),
        currentRelease: '/opt/kafka_2.13-3.9.2',
        installedVersion: '3.9.2',
        targetRelease: { directory: '/opt/kafka_2.13-4.3.0', version: '4.3.0' },
      }),
    ),
    running: Object.fromEntries(ids.map((id) => [id, node])),
    quorum: quorumOf([1, 2, 3]),
    registered: { brokers: ids, controllers: ids },
    zkMigrationState: 0,
    ...overrides,
  };
};

/** The nodes of the KRaft cluster at another level of metadata.version. */
export const finalizedAt = (level: number): ClusterSnapshot['running'] => {
  const { running } = kraftSnapshot();
  const features = { observedBy: 1, finalized: { 'metadata.version': level }, finalizedEpoch: 1 };
  return Object.fromEntries(Object.entries(running).map(([id, node]) => [id, { ...node, features }]));
};
