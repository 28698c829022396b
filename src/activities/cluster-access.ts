import type { ClusterDefinition } from '../config/definition';
import type { NodeId } from '../domain/cluster/cluster';
import type { LagAssessment, LagAssessmentInput } from '../domain/lag/lag';
import type { PlannedSettings } from '../domain/policy/definition-settings';
import type { LagTracker } from '../domain/lag/lag-tracker';
import type { ConsumerLagPolicy } from '../domain/policy/policy';
import type { BrokerHost } from '../hosts/broker-host';
import type { GaugeReader } from '../jmx/gauge-reader';
import type { KafkaAdmin } from '../kafka/kafka-admin';
import type { KafkaReader } from '../kafka/kafka-reader';
import type { AlertSilencer } from '../notify/alert-silencer';
import type { NoticeSender } from '../notify/notice-sender';

/** Watches the consumer groups of one cluster in the background. */
export interface LagMonitor {
  /**
   * Resolves once a complete sample is there that began at `sinceMs` (ms since the epoch) or later and is younger than the
   * sampling interval, at once when it is; otherwise with one that is taken now, complete or not.
   */
  freshSample(sinceMs: number, signal?: AbortSignal): Promise<void>;
  /** Resolves with the next sample that the background takes, or one that is taken now. */
  nextSample(signal?: AbortSignal): Promise<void>;
  /** What the samples so far say. */
  state(): LagTracker;
  /** Judges the groups since a restart, by the policy of the definition or the one given; times in ms since the epoch. */
  assess(input: LagAssessmentInput, policy?: ConsumerLagPolicy): LagAssessment;
}

/** Everything that reaches one cluster: warm connections that outlive the activities. */
export interface ClusterAccess {
  definition: ClusterDefinition;
  /** Of the definition as it is written: what a plan is bound to. */
  definitionSha256: string;
  /** The same as a plan keeps it. */
  settings: PlannedSettings;
  host(nodeId: NodeId): BrokerHost;
  kafka: KafkaReader;
  admin: KafkaAdmin;
  gauges: GaugeReader;
  lag: LagMonitor;
  /** Does the Kafka listener of this node accept connections now? Never rejects. */
  isListening(nodeId: NodeId): Promise<boolean>;
}

/** Opens clusters by the name of their definition. */
export interface ClusterDirectory {
  /**
   * Reads the definition anew each time; rejects with `UnknownCluster` or `InvalidDefinition`. When a definition is
   * wanted that was opened here before, nothing is read: its connections are still warm, whatever became of the file.
   */
  open(cluster: string, wantedSha256?: string): Promise<ClusterAccess>;
  /** The definition alone, read anew each time; opens no connection. Rejects as `open` does. */
  definition(cluster: string): Promise<ClusterDefinition>;
}

/** What the activities are built on. */
export interface ActivityDependencies {
  clusters: ClusterDirectory;
  notices: NoticeSender;
  silencer: AlertSilencer;
  /** Of a plan. */
  sha256: (text: string) => string;
  /** Of the bytes of a server.properties, as the hosts compute it. */
  propertiesSha256: (text: string) => string;
  /** Who we are to other upgrades of the same cluster: Temporal's own cluster id and the namespace. */
  temporal: { clusterId: string; namespace: string; searchAttributes: string[] };
}
