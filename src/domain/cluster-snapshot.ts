import type { ClusterMode, ConfigValue, HostFacts, MetadataView, NodeId } from './cluster';
import type { UpgradePolicy } from './policy';

/** What a running broker says of itself. */
export interface RunningBroker {
  /** The version that runs, by JMX app-info; null when it could not be measured. */
  version: string | null;
  /** Why the version could not be measured. */
  versionTrouble: string | null;
  /** Effective configuration by key, from DescribeConfigs asked of that broker. */
  config: Record<string, ConfigValue>;
}

/** Everything a plan is made from: read-only facts of one moment. */
export interface ClusterSnapshot {
  cluster: string;
  mode: ClusterMode;
  nodes: { id: NodeId; address: string; kafka: string }[];
  policy: UpgradePolicy;
  disasterRecoveryProbe: string | null;
  definitionSha256: string;
  paths: { config: string; current: string; releases: string };
  hosts: HostFacts[];
  running: Record<NodeId, RunningBroker>;
  views: MetadataView[];
  minInsyncReplicas: Record<string, number>;
}
