import type { NodeId } from '../cluster/cluster';
import type { FeatureProgress, NodeTiming, UpgradeOutcome, UpgradeState } from './upgrade-state';

/** What the workflow returns: how it ended and where the time went. The full record is its timeline. */
export interface UpgradeResult {
  workflowId: string;
  cluster: string;
  outcome: UpgradeOutcome;
  message: string;
  fromVersion: string;
  toVersion: string;
  fromProtocol: string;
  toProtocol: string;
  nodes: { nodeId: NodeId; binaries: NodeTiming | null; protocol: NodeTiming | null; rollback: NodeTiming | null }[];
  /** KRaft: the features and where they ended. */
  features: { feature: string; from: string; to: string; state: FeatureProgress['state'] }[];
}

const planFacts = (state: UpgradeState): Pick<UpgradeResult, 'fromVersion' | 'fromProtocol' | 'toProtocol'> => ({
  fromVersion: state.plan?.fromVersion ?? '',
  fromProtocol: state.plan?.fromProtocol ?? '',
  toProtocol: state.plan?.toProtocol ?? '',
});

const featureFacts = ({ plan, features }: UpgradeState): UpgradeResult['features'] =>
  Object.entries(features).flatMap(([name, { state }]) =>
    (plan?.finalization ?? [])
      .filter(({ feature }) => feature === name)
      .map(({ feature, fromName, toName }) => ({ feature, from: fromName, to: toName, state })),
  );

/** The result as a projection of the final state. */
export const upgradeResult = (state: UpgradeState, workflowId: string): UpgradeResult => ({
  workflowId,
  cluster: state.cluster,
  outcome: state.ended?.outcome ?? 'aborted',
  message: state.ended?.message ?? '',
  ...planFacts(state),
  toVersion: state.target,
  nodes: (state.plan?.nodes ?? []).map(({ nodeId }) => ({
    nodeId,
    binaries: state.nodes.binaries[nodeId]?.timing ?? null,
    protocol: state.nodes.protocol[nodeId]?.timing ?? null,
    rollback: state.nodes.rollback[nodeId]?.timing ?? null,
  })),
  features: featureFacts(state),
});
