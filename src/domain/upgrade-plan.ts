import type { ClusterMode, NodeId } from './cluster';
import type { Finding } from './finding';
import type { PropertyChange } from './server-properties';
import type { UpgradePolicy } from './policy';

/** The two rolls of the procedure: new binaries at the old protocol, then the new protocol. */
export type UpgradePhase = 'binaries' | 'protocol';

export const phaseTitles: Record<UpgradePhase, string> = {
  binaries: 'new binaries, protocol pinned',
  protocol: 'new protocol',
};

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
  /** inter.broker.protocol.version that the node must *run* after this step. */
  protocol: string;
}

export interface PlannedNode {
  nodeId: NodeId;
  /** `user@host:port` of SSH. */
  address: string;
  kafka: string;
  version: string;
  protocol: string;
  /** Directories of log.dirs, where a clean stop leaves its marker. */
  logDirectories: string[];
  leaders: number;
}

/** The immutable plan: what will be done, in which order, by which rules. Approvals are bound to its hash. */
export interface UpgradePlan {
  cluster: string;
  clusterId: string;
  mode: ClusterMode;
  fromVersion: string;
  toVersion: string;
  fromProtocol: string;
  toProtocol: string;
  nodes: PlannedNode[];
  canary: NodeId;
  /** An operator named the canary; then it goes first even as the active controller. */
  canaryNamed: boolean;
  /** The rule by which the next node is chosen, in words. */
  orderRule: string;
  steps: Record<UpgradePhase, NodeStep[]>;
  findings: Finding[];
  /** Topics with partitions that no one-at-a-time roll can keep at min.insync.replicas; to be accepted by name. */
  unprotectableTopics: string[];
  disasterRecovery: { probe: string | null };
  policy: UpgradePolicy;
  /** SHA-256 of the resolved cluster definition; a definition that changes during the run stops it. */
  definitionSha256: string;
}

/** The first eight digits of a plan hash: what people type. */
export const shortHash = (planHash: string): string => planHash.slice(0, 8);

/** The findings that end an upgrade before it starts. */
export const blockers = (plan: UpgradePlan): Finding[] =>
  plan.findings.filter((finding) => finding.severity === 'blocker');
