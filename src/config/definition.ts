/** The shape of a validated cluster definition. The zod schema (schema.ts) is checked against it at compile time. */
import type { ClusterMode, NodeId, NodeRole } from '../domain/cluster/cluster';
import type { PlannedChannel } from '../domain/policy/planned-channel';
import type { UpgradePolicy } from '../domain/policy/policy';
import type { WrittenSettings } from '../domain/policy/definition-settings';

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
  /**
   * Backups, lease, lock and logs of this product on every host, of this cluster alone: nodes of several clusters may share
   * a host. The directory that is written down, and in it one called like the cluster.
   */
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

/** A secret by where it is on the worker; what is no secret as it is (I8). */
export type SecretValue = { value: string } | { environment: string } | { file: string };

/** Where notices go, and in which words; templates are null for our own. */
export interface ChannelDefinition extends PlannedChannel {
  type: 'webhook' | 'slack';
  url: SecretValue;
  title: string | null;
  text: string | null;
  headers: { name: string; value: SecretValue }[];
}

/** A matcher as the Alertmanager takes it. */
export interface AlertMatcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual: boolean;
}

export interface AlertSilenceDefinition {
  /** Address without a slash at its end. */
  alertmanager: string;
  matchers: AlertMatcher[];
  basic: { user: string; password: SecretValue } | null;
  bearer: SecretValue | null;
}

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
  /** Left out when nobody is told. No part of what a plan is bound to: a channel may be mended while an upgrade runs. */
  notifications?: ChannelDefinition[];
  /** Left out when no alerts are silenced; as little a part of it. */
  alertSilence?: AlertSilenceDefinition;
  /** What is written, without a default: what a plan is bound to. */
  written: WrittenSettings;
}
