/** The restart of one node in one phase: what goes in, its steps, and how it may end. */
import type { GateVerdict } from '../health/gate';
import type { Trouble, NodeTiming } from './upgrade-state';
import type { NodeId, NodeRole } from '../cluster/cluster';
import type { UpgradePolicy } from '../policy/policy';
import type { UpgradePhase } from '../plan/upgrade-plan';

/** The steps of one restart, in their order. */
export const nodeSteps = ['restarting', 'catching-up', 'settled'] as const;
/** What the step `restarting` is at, by its heartbeats. */
export const restartingSteps = ['stopping', 'starting', 'restoring'] as const;
export type NodeStepName = (typeof nodeSteps)[number] | (typeof restartingSteps)[number];

/** Which run changes the hosts, and the number that all its changes so far are below (I5). */
export interface Fence {
  clusterId: string;
  owner: string;
  runId: string;
  epoch: number;
  step: number;
}

export interface RollNodeInput {
  cluster: string;
  definitionSha256: string;
  phase: UpgradePhase;
  /** Of a plan that leads to an older release. */
  downgrade?: true;
  nodeId: NodeId;
  /** What a person accepted by name: topics that a restart makes unavailable, a controller quorum without majority. */
  accepted: string[];
  /** The first fence of this restart; it uses this step number and the one after it. */
  fence: Fence;
  /** Where an earlier try was left. */
  resume: RollResume;
  step: RollStep;
  policy: UpgradePolicy;
}

/** What the node must become; a digest of the plan's step (the plan itself would be repeated in every history). */
export interface RollStep {
  edit: { changes: { key: string; value: string | null }[]; fromSha256: string; toSha256: string };
  fromVersion: string;
  toVersion: string;
  /** inter.broker.protocol.version that it must run; null on KRaft. */
  protocol: string | null;
  roles: NodeRole[];
  logDirectories: string[];
}

/**
 * Where a try begins: with the restart, which goes on from what the host shows; or at the last gate, because the node runs
 * what was planned and only has to become healthy.
 */
export type RollResume = ({ at: 'gate' } | { at: 'health' }) & {
  /** The stop that an earlier try has made, until the node is healthy again. */
  after?: StopMade;
};

/** A stop, as what follows has to remember it, however often it is tried again. */
export interface StopMade {
  /** When that restart began (ms): consumer groups are held against this, not against the latest try. */
  restartedAtMs: number;
  clean: boolean;
}

export const fromTheGate: RollResume = { at: 'gate' };

export type RollNodeOutcome =
  | { status: 'rolled'; timing: NodeTiming; evidence: string[]; controllerId: NodeId | null; uncleanStop: boolean }
  /** `isUp` only when it was seen to run; a node that was down before stays so until then. */
  | { status: 'parked'; trouble: Trouble; isUp: boolean; evidence: string[]; resume: RollResume }
  /** It runs this release, but people ended the upgrade before it was healthy. */
  | { status: 'left'; version: string; evidence: string[] }
  /** People ended the upgrade before it was stopped. */
  | { status: 'cancelled' };

/** Answer of the `status` query of a restart in progress. */
export interface RollNodeStatus {
  nodeId: NodeId;
  phase: UpgradePhase;
  /** Of a plan that leads to an older release. */
  downgrade?: true;
  step: NodeStepName;
  sinceMs: number;
  evidence: string[];
}

/** Where the time of a restart went; the overhead is what remains beside the floor and the waits of the policy. */
export const restartTiming = (times: Omit<NodeTiming, 'overheadMs'>): NodeTiming => ({
  ...times,
  overheadMs: Math.max(0, times.totalMs - times.stopMs - times.startMs - times.policyWaitMs),
});

/** One sentence on a node that was put back on its old release. */
export const backOn = (nodeId: NodeId, version: string, verdict: GateVerdict): string =>
  verdict.status === 'successful'
    ? `The old release ${version} was put back and broker ${nodeId} is healthy on it.`
    : `The old release ${version} was put back and runs, but broker ${nodeId} is not healthy yet: ${verdict.message}.`;
