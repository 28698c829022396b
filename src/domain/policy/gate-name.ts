import type { NodeId } from '../cluster/cluster';
import type { FeatureGate } from '../levels/finalization';

/** Where the policy wants to be asked before each node. */
export type NodeGate = `node-${NodeId}`;

/** The points where the upgrade waits for a person; a feature that cannot be taken back has a gate of its own. */
export type GateName = 'plan' | 'canary' | NodeGate | FeatureGate;
