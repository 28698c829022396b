import type { ClusterMode, NodeId, NodeRole } from '../cluster/cluster';
import type { FeatureStep } from '../levels/finalization';
import type { Finding } from '../checks/finding';
import type { PlannedChannel } from '../policy/planned-channel';
import type { PropertyChange } from '../settings/server-properties';
import type { UpgradePolicy } from '../policy/policy';
import type { PlannedSettings } from '../policy/definition-settings';

/** The two rolls of the procedure: new binaries at the old protocol, then (ZooKeeper mode only) the new protocol. */
export type PlannedPhase = 'binaries' | 'protocol';

/** A roll of any kind: the planned ones, and the one that puts the old binaries back. */
export type UpgradePhase = PlannedPhase | 'rollback';

export const phaseTitles: Record<UpgradePhase, string> = {
  binaries: 'new binaries',
  protocol: 'new protocol',
  rollback: 'old binaries back',
};

/** The titles of the rolls of this plan: on the way down the binaries are not new. */
export const phaseTitlesOf = ({ downgrade }: { downgrade?: true }): Record<UpgradePhase, string> =>
  downgrade === true ? { ...phaseTitles, binaries: 'older binaries', rollback: 'newer binaries back' } : phaseTitles;

/** An edit of one node's server.properties from a known content to a known content. */
export interface FileEdit {
  changes: PropertyChange[];
  /** SHA-256 of the file before and after the edit; any other content is drift (I9). */
  fromSha256: string;
  toSha256: string;
  /** Unified diff with secrets masked. */
  diff: string;
}

/** What one phase does to one node. */
export interface NodeStep {
  nodeId: NodeId;
  /** False when this node already is (and runs) what this phase wants. */
  needed: boolean;
  edit: FileEdit;
  fromVersion: string;
  toVersion: string;
  /** inter.broker.protocol.version that the node must *run* after this step; null on KRaft. */
  protocol: string | null;
}

export interface PlannedNode {
  nodeId: NodeId;
  roles: NodeRole[];
  /** `user@host:port` of SSH. */
  address: string;
  kafka: string;
  version: string;
  /** inter.broker.protocol.version that runs; null on KRaft. */
  protocol: string | null;
  /** Directories of log.dirs, where a clean stop of a broker leaves its marker. */
  logDirectories: string[];
  leaders: number;
}

/** What the plan foresees beside its rules: for people to read; nothing is decided by it. */
export interface PlanOutlook {
  /** The active controller when the plan was made; null when it was not known. */
  controllerId: NodeId | null;
  /** Paths on every host, as in the definition. */
  paths: { config: string; current: string; releases: string; state: string };
  /** An operator's own commands; null where Kafka's scripts and SIGTERM do it. */
  commands: { start: string; stop: string } | null;
}

/** How Kafka is started on a host. */
export const startCommand = ({ paths, commands }: PlanOutlook): string =>
  commands?.start ?? `${paths.current}/bin/kafka-server-start.sh -daemon ${paths.config}`;

/** The immutable plan: what will be done, in which order, by which rules. Approvals are bound to its hash. */
export interface UpgradePlan {
  cluster: string;
  clusterId: string;
  mode: ClusterMode;
  fromVersion: string;
  toVersion: string;
  /** The target is older than what runs: the binaries alone are put back, no level moves. Left out on the way up. */
  downgrade?: true;
  /** inter.broker.protocol.version, on KRaft metadata.version, before and after. */
  fromProtocol: string;
  toProtocol: string;
  nodes: PlannedNode[];
  canary: NodeId;
  /** An operator named the canary; then it goes first even as the active controller. */
  canaryNamed: boolean;
  /** The rule by which the next node is chosen, in words. */
  orderRule: string;
  /** On KRaft there is no second roll: `protocol` is empty, and `finalization` takes its place. */
  steps: Record<PlannedPhase, NodeStep[]>;
  /** KRaft: the features that are raised one by one after every node runs the new binary. */
  finalization: FeatureStep[];
  findings: Finding[];
  /**
   * To be accepted by name, because no one-at-a-time roll can protect it: topics that fall under min.insync.replicas, and
   * `controller-quorum` when one controller down leaves no majority, and `deprecated-clients` when some are cut off.
   */
  mustAccept: string[];
  disasterRecovery: { probe: string | null };
  policy: UpgradePolicy;
  /** Not in plans of upgrades that began before there was one: no workflow may depend on it. */
  outlook?: PlanOutlook;
  /** Who is told of what; where that leads stays on the worker. Left out when nobody is. */
  notifications?: PlannedChannel[];
  /** Alerts are silenced while nodes are touched. Left out when they are not. */
  silencesAlerts?: true;
  /** SHA-256 of the cluster definition as it is written; a definition that changes during the run stops it. */
  definitionSha256: string;
  /** What was written there, to say what changed. */
  definition: PlannedSettings;
}

/** The first eight digits of a plan hash: what people type. */
export const shortHash = (planHash: string): string => planHash.slice(0, 8);

/** What the level of the cluster is called in this mode. */
export const levelWords = ({ mode }: Pick<UpgradePlan, 'mode'>): string =>
  mode === 'kraft' ? 'metadata.version' : 'protocol';

/** The findings that end an upgrade before it starts. */
export const blockers = (plan: UpgradePlan): Finding[] =>
  plan.findings.filter((finding) => finding.severity === 'blocker');
