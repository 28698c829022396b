/** The shape of a validated cluster definition. The zod schema (schema.ts) is checked against it at compile time. */
import type { ClusterMode, NodeId, NodeRole } from '../domain/cluster';
import type { UpgradePolicy } from '../domain/policy';

export interface NodeDefinition {
  id: NodeId;
  /** As in `process.roles`; always `broker` in ZooKeeper mode. */
  roles: NodeRole[];
  /** Address for SSH. */
  host: string;
  sshPort: number;
  /** `host:port` of the Kafka listener that the worker uses; of an isolated controller its controller listener. */
  kafka: string;
  /** `host:port` of the JMX port *as seen on the host itself*. */
  jmx: string;
}

export interface SshDefinition {
  user: string;
  /** Absolute path of the private key on the worker, or null to use the agent. */
  privateKeyFile: string | null;
  /** Absolute path of the known_hosts file on the worker. */
  knownHostsFile: string;
  connectTimeoutMs: number;
}

export interface PathsDefinition {
  /** server.properties on every host. */
  config: string;
  /** The link that the service starts from, for example /opt/kafka. */
  current: string;
  /** Where releases are, with `{version}` in place of the version. */
  releases: string;
  /** Backups, lease and lock of this product on every host. */
  state: string;
  /** Directory of server.log; default `<current>/logs`. */
  logs: string;
}

/**
 * The logging configuration of the service by the generation that a release needs: Log4j 1 up to 3.9, Log4j 2 from 4.0
 * (KIP-653). Null: what the release itself brings.
 */
export interface LoggingDefinition {
  log4j: string | null;
  log4j2: string | null;
}

export type ServiceDefinition =
  | { type: 'scripts'; environment: Record<string, string>; logging: LoggingDefinition }
  | { type: 'commands'; start: string; stop: string };

/** What can be read as a number or text of a node; `version` stands for the label of a metric. */
export type MetricName =
  'underReplicatedPartitions' | 'offlinePartitions' | 'activeControllers' | 'brokerState' | 'version';

/** Names of metrics where they are not the usual ones. */
export type MetricNames = Partial<Record<MetricName, string | undefined>>;

/** Where the gauges of the nodes are read; of the agents, the address of each node's. */
export type GaugesDefinition =
  | { source: 'jmxtool' }
  | { source: 'jolokia'; urls: Record<NodeId, string> }
  | { source: 'prometheus'; urls: Record<NodeId, string>; metrics: MetricNames };

export interface ClusterDefinition {
  cluster: string;
  mode: ClusterMode;
  nodes: NodeDefinition[];
  ssh: SshDefinition;
  paths: PathsDefinition;
  service: ServiceDefinition;
  gauges: GaugesDefinition;
  disasterRecovery: { probe: { command: string; node: NodeId; timeoutMs: number } | null };
  policy: UpgradePolicy;
}
