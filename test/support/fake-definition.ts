import type { ClusterDefinition } from '../../src/config/definition';
import type { NodeId, NodeRole } from '../../src/domain/cluster/cluster';
import type { UpgradePolicy } from '../../src/domain/policy/policy';
import type { FakeTopic } from './world-model';

/** Times so short that a test costs milliseconds, and deadlines long enough for a busy machine. */
const fastPolicy: UpgradePolicy = {
  pollIntervalMs: 2,
  soakMs: 5,
  healthyDeadlineMs: 250,
  stopTimeoutMs: 150,
  startTimeoutMs: 250,
  minIsrMargin: 0,
  preferredLeaders: 'leave',
  endToEndTopic: null,
  consumerLag: {
    sampleIntervalMs: 10,
    stalledAfterMs: 50,
    growingAfterMs: 50,
    rebalanceToleranceMs: 50,
    ignoredGroups: [],
    ignoredTopics: [],
  },
};

export interface WorldOptions {
  /** Default `zookeeper`; isolated controllers have the ids 101 to 103. */
  mode?: 'zookeeper' | 'kraft' | 'kraft-isolated';
  /** The release that runs at first, and the one beside it; default 3.7.2 and 3.8.1. */
  releases?: [from: string, to: string];
  cluster?: string;
  nodeCount?: number;
  policy?: Partial<UpgradePolicy>;
  topics?: FakeTopic[];
  probe?: boolean;
  /** Who is told of what, and which alerts are silenced; default nobody and none. */
  outside?: Pick<ClusterDefinition, 'notifications' | 'alertSilence'>;
}

/** The definition of a model with these nodes. */
export const fakeDefinition = (
  seeds: readonly { id: NodeId; roles: NodeRole[] }[],
  { cluster = 'orders-prod', mode = 'zookeeper', probe = false, policy, outside }: WorldOptions,
): ClusterDefinition => ({
  cluster,
  mode: mode === 'zookeeper' ? 'zookeeper' : 'kraft',
  nodes: seeds.map(({ id, roles }) => ({
    id,
    host: `10.0.0.${id}`,
    roles,
    sshPort: 22,
    kafka: `10.0.0.${id}:9092`,
    jmx: '127.0.0.1:9999',
  })),
  ssh: { user: 'kafka', privateKeyFile: null, knownHostsFile: '/etc/known_hosts', connectTimeoutMs: 1_000 },
  paths: {
    config: '/etc/kafka/server.properties',
    current: '/opt/kafka',
    releases: '/opt/kafka_2.13-{version}',
    state: '/var/lib/kafka-upgrade/orders-prod',
    logs: '/var/log/kafka',
  },
  service: { type: 'scripts', environment: {}, logging: { log4j: null, log4j2: null } },
  gauges: { source: 'jmxtool' },
  disasterRecovery: { probe: probe ? { command: 'check-dr', node: 1, timeoutMs: 1_000 } : null },
  policy: { ...fastPolicy, ...policy },
  written: { cluster },
  ...outside,
});
