import type {
  ClusterMode,
  ConfigValue,
  FeatureView,
  HostFacts,
  MetadataView,
  NodeId,
  NodeRole,
  QuorumView,
  RegisteredNodes,
} from '../cluster/cluster';
import type { FoundRelease } from '../cluster/release';
import type { PlannedChannel } from '../policy/planned-channel';
import type { UpgradePolicy } from '../policy/policy';
import type { PlannedSettings } from '../policy/definition-settings';
import type { RiskFacts } from './risk-facts';
import type { FinalizedLevels } from '../levels/finalization';

/** What a running node says of itself. */
export interface RunningNode {
  /** The version that runs, by JMX app-info; null when it could not be measured. */
  version: string | null;
  /** Why the version could not be measured. */
  versionTrouble: string | null;
  /** Effective configuration by key, from DescribeConfigs asked of that broker; empty for an isolated controller. */
  config: Record<string, ConfigValue>;
  /** KRaft: the features that it knows to be finalized; null when it did not tell. */
  features: FeatureView | null;
}

/** How the service finds its logging configuration. */
export interface ServiceLogging {
  /** False: an operator's own commands start Kafka, and what they set is not known. */
  known: boolean;
  /** The files by generation (`service.logging`), null for the release's own. */
  log4j: string | null;
  log4j2: string | null;
  /** KAFKA_LOG4J_OPTS as the definition sets it for every release, null when it does not. */
  options: string | null;
}

export interface SnapshotNode {
  id: NodeId;
  roles: NodeRole[];
  address: string;
  kafka: string;
}

/** Everything a plan is made from: read-only facts of one moment. */
export interface ClusterSnapshot {
  cluster: string;
  mode: ClusterMode;
  nodes: SnapshotNode[];
  policy: UpgradePolicy;
  disasterRecoveryProbe: string | null;
  /** Who is told of what; left out when nobody is. */
  notifications?: PlannedChannel[];
  /** Are alerts silenced while nodes are touched? Left out when not. */
  silencesAlerts?: true;
  definitionSha256: string;
  definition: PlannedSettings;
  /** Who the upgrade will be to the hosts, `<temporal cluster id>/<namespace>/<workflow id>`; null without Temporal. */
  owner: string | null;
  paths: { config: string; current: string; releases: string; state: string };
  /** An operator's own commands for the service; null where Kafka's scripts and SIGTERM do it. */
  serviceCommands: { start: string; stop: string } | null;
  logging: ServiceLogging;
  hosts: HostFacts[];
  running: Record<NodeId, RunningNode>;
  views: MetadataView[];
  /** What was found of the releases that nodes may be put back on (way-back.ts). */
  waysBack: { nodeId: NodeId; version: string; release: FoundRelease }[];
  minInsyncReplicas: Record<string, number>;
  /** KRaft: the controller quorum, null when it could not be read; always null in ZooKeeper mode. */
  quorum: QuorumView | null;
  /** KRaft: who is registered in the metadata log; null when it could not be read. */
  registered: RegisteredNodes | null;
  /** KRaft 3.4 to 3.9: ZkMigrationState of the active controller (KIP-866); null where there is no such gauge. */
  zkMigrationState: number | null;
  /** min.insync.replicas that holds for all brokers without an own value; null when none is set. */
  clusterMinIsr: string | null;
  risks: RiskFacts;
}

/** The release that a node runs; where it does not say, the one that its link points at. */
export const versionOf = (
  { running }: Pick<ClusterSnapshot, 'running'>,
  { nodeId, installedVersion }: HostFacts,
): string => running[nodeId]?.version ?? installedVersion ?? 'unknown';

/** The finalized features by the node that knows the newest of them. */
export const finalizedLevels = ({ running }: Pick<ClusterSnapshot, 'running'>): FinalizedLevels => {
  const views = Object.values(running).flatMap(({ features }) => features ?? []);
  const newest = views.reduce<FeatureView | null>(
    (best, view) => (best === null || view.finalizedEpoch > best.finalizedEpoch ? view : best),
    null,
  );
  return newest?.finalized ?? {};
};

/** The directories of `log.dirs` that a running broker has; none for an isolated controller, which tells no settings. */
export const logDirectoriesOf = ({ running }: Pick<ClusterSnapshot, 'running'>, nodeId: NodeId): string[] => {
  const config = running[nodeId]?.config;
  const value = config?.['log.dirs']?.value ?? config?.['log.dir']?.value ?? '';
  return value
    .split(',')
    .map((directory) => directory.trim())
    .filter((directory) => directory !== '');
};

/** The node of the definition with this id; every host of a snapshot is one of them. */
export const requireNode = ({ nodes }: Pick<ClusterSnapshot, 'nodes'>, nodeId: NodeId): SnapshotNode => {
  const node = nodes.find(({ id }) => id === nodeId);
  if (node === undefined) throw new Error(`The snapshot has a host of node ${nodeId}, which is not in its definition.`);
  return node;
};
