/** Inputs and results of the activities: what travels through the histories. Bounded, JSON-safe, without secrets (I8). */
import type { NodeId, NodeRole } from '../domain/cluster/cluster';
import type { GateVerdict } from '../domain/health/gate';
import type { NodeProblem } from '../domain/health/node-problem';
import type { SoakRestarts } from '../domain/health/soak';
import type { PlannedSettings } from '../domain/policy/definition-settings';
import type { ClosedWindow, MaintenancePolicy } from '../domain/policy/maintenance';
import type { UpgradePolicy } from '../domain/policy/policy';
import type { RestartCause } from '../domain/restart/restart-record';
import type { Fence } from '../domain/upgrade/node-roll';
import type { Notice } from '../domain/notices/notice';
import type { UpgradeRequest } from '../domain/plan/request';
import type { FeatureStep } from '../domain/levels/finalization';
import type { LevelsFound } from '../domain/upgrade/judge-way-back';
import type { FileEdit, UpgradePlan } from '../domain/plan/upgrade-plan';

/** Every activity after planning names the cluster and the definition that the plan was made from. */
export interface ClusterRef {
  cluster: string;
  definitionSha256: string;
  /** The policy of the plan, wherever a step goes by one: it is in force, whatever the defaults of this version are. */
  policy?: UpgradePolicy;
}

export interface CompareDefinitionInput extends ClusterRef {
  definition: PlannedSettings;
}

export interface CompareDefinitionResult {
  words: string;
}

/** A change of hosts, with the number that fences it (I5). */
export interface FencedInput extends ClusterRef {
  fence: Fence;
}

export interface PlanUpgradeResult {
  plan: UpgradePlan;
  planHash: string;
  /** Search attributes that the namespace knows; upserting another would wedge the workflow. */
  searchAttributes: string[];
}

export interface ClaimClusterInput extends ClusterRef {
  clusterId: string;
  workflowId: string;
  runId: string;
  takeOver: boolean;
  /** Where this run owns the cluster already: a number above all that it has given out. */
  step?: number;
}

export interface RaiseLeasesInput extends FencedInput {
  /** False releases the cluster. */
  held: boolean;
}

/** Evidence in lines, one a host or fact. */
export interface EvidenceResult {
  evidence: string[];
}

export interface BackUpInput extends FencedInput {
  label: string;
  /** The content that the plan was made from, by node. */
  nodes: { nodeId: NodeId; sha256: string }[];
}

export interface PinProtocolInput extends FencedInput {
  nodes: { nodeId: NodeId; edit: Pick<FileEdit, 'changes' | 'fromSha256' | 'toSha256'> }[];
}

/** One restart of one node: what it must become, and what it may fall back on. */
export interface RestartNodeInput extends FencedInput {
  nodeId: NodeId;
  roles: NodeRole[];
  /** All attempts and calls of one restart share it; it is in the record that the host keeps. */
  restart: string;
  /** Only carries on what was begun: a node that nobody has asked to stop is left alone. */
  finishing: boolean;
  /** A rollback may stop the node that is itself the reason why the cluster is not whole. */
  maybeSick: boolean;
  accepted: string[];
  logDirectories: string[];
  edit: Pick<FileEdit, 'changes' | 'fromSha256' | 'toSha256'>;
  fromVersion: string;
  toVersion: string;
  /** Only the binary changes: the old release may be put back. */
  mayPutBack: boolean;
  policy: UpgradePolicy;
}

export interface ReadLevelsInput extends ClusterRef {
  /** The release that is to be put back. */
  release: string;
}

/** What is known of the stop that a restart has made. */
export interface StopFigures {
  /** From the request to stop until the process was gone, by the host's clock (ms); 0 when it was gone before. */
  stopMs: number;
  clean: boolean;
}

/** How a restart ended. */
export type RestartEnd =
  /** It listens: with the release of the plan, or, when `putBack` says why, with the one before; `startMs`: since its start. */
  | { status: 'listening'; stop: StopFigures | null; startMs: number; putBack: RestartCause | null }
  /** Nobody has asked it to stop. */
  | { status: 'not-asked' }
  /** The gate stayed closed, by the cluster's health or by a level in force: it was not stopped. `acceptable` is what a person may accept by name to open it. */
  | { status: 'blocked'; type: 'NodeUnhealthy' | 'LevelsForbid'; message: string; acceptable: string[] }
  /** It was not brought back, or that is not known; `stop` is null when it was not stopped. */
  | { status: 'failed'; cause: RestartCause; nodeIsDown: boolean; stop: StopFigures | null };

export type RestartNodeResult = RestartEnd & EvidenceResult;

export interface AwaitNodeInput extends ClusterRef {
  nodeId: NodeId;
  version: string;
  /** null on KRaft. */
  protocol: string | null;
  /** When the restart began, by the workflow's clock: consumer groups must have moved since. */
  restartedAtMs: number;
  /** Consumer groups that people accepted by name: they hold nothing. None where it is left out. */
  acceptedGroups?: string[];
}

export interface AwaitNodeResult extends SoakRestarts {
  verdict: GateVerdict;
  /** How long only waits that the policy asks for remained: consumer groups, soak. */
  policyWaitMs: number;
  controllerId: NodeId | null;
}

export interface AwaitClusterInput extends ClusterRef {
  /** What every node must run; null skips (before the first restart). */
  expected: { nodeId: NodeId; version: string; protocol: string | null }[] | null;
  soak: boolean;
  /** Consumer groups that people accepted by name: they hold nothing. None where it is left out. */
  acceptedGroups?: string[];
}

export interface VerifyNodesInput extends ClusterRef {
  nodes: { nodeId: NodeId; version: string; protocol: string | null; sha256: string }[];
}

export interface VerifyNodesResult extends EvidenceResult {
  problems: NodeProblem[];
}

export interface FinalizeFeatureInput extends FencedInput {
  step: FeatureStep;
  direction: 'raise' | 'lower';
}

export interface FinalizeFeatureResult extends EvidenceResult {
  /** False when the cluster was there already. */
  changed: boolean;
  /** The end of the committed metadata log afterwards: the change is below it. */
  offset: number;
}

export interface AwaitSnapshotsInput extends ClusterRef {
  offset: number;
}

/** What runs now, healthy or not. */
export interface NodesLook {
  /** `version` is null when the node does not run, or does not say. */
  nodes: { nodeId: NodeId; version: string | null; running: boolean }[];
  controllerId: NodeId | null;
}

export interface ProbeResult extends EvidenceResult {
  passed: boolean;
}

/** What a branch of a workflow may hang on, once it is recorded. */
export interface Moment {
  atMs: number;
  /** Events in the history of this run of the workflow. */
  historyLength: number;
  /** Temporal itself asks for a new run. */
  continueAsNewSuggested: boolean;
}

export interface MaintenanceInput {
  maintenance: MaintenancePolicy;
  /** The workflow's time; the worker's counts where it is later. */
  atMs: number;
}

export interface MaintenanceResult {
  closed: ClosedWindow | null;
}

export interface PlanUpgradeInput {
  request: UpgradeRequest;
}

export interface NotifyInput {
  cluster: string;
  /** Name of the channel; where it leads stays on the worker (I8). */
  channel: string;
  notice: Notice;
}

/** The silence belongs to a run: one that is started anew makes its own. */
export interface SilenceInput {
  cluster: string;
  runId: string;
}

/** The activities as the workflows see them. */
export interface UpgradeActivities {
  planUpgrade(input: PlanUpgradeInput): Promise<PlanUpgradeResult>;
  compareDefinition(input: CompareDefinitionInput): Promise<CompareDefinitionResult>;
  readMoment(known: Moment): Promise<Moment>;
  readMaintenance(input: MaintenanceInput): Promise<MaintenanceResult>;
  claimCluster(input: ClaimClusterInput): Promise<Fence>;
  raiseLeases(input: RaiseLeasesInput): Promise<EvidenceResult>;
  probeDisasterRecovery(input: ClusterRef): Promise<ProbeResult>;
  backUpConfiguration(input: BackUpInput): Promise<EvidenceResult>;
  pinProtocol(input: PinProtocolInput): Promise<EvidenceResult>;
  restartNode(input: RestartNodeInput): Promise<RestartNodeResult>;
  awaitNodeHealthy(input: AwaitNodeInput): Promise<AwaitNodeResult>;
  awaitClusterHealthy(input: AwaitClusterInput): Promise<AwaitNodeResult>;
  verifyNodes(input: VerifyNodesInput): Promise<VerifyNodesResult>;
  finalizeFeature(input: FinalizeFeatureInput): Promise<FinalizeFeatureResult>;
  awaitSnapshots(input: AwaitSnapshotsInput): Promise<EvidenceResult>;
  readLevels(input: ReadLevelsInput): Promise<LevelsFound>;
  lookAtNodes(input: ClusterRef): Promise<NodesLook>;
  reportClients(input: ClusterRef): Promise<EvidenceResult>;
  notify(input: NotifyInput): Promise<void>;
  silenceAlerts(input: SilenceInput): Promise<EvidenceResult>;
  liftSilence(input: SilenceInput): Promise<EvidenceResult>;
}
