/**
 * Raising `eligible.leader.replicas.version` rewrites min.insync.replicas (KIP-966; ConfigurationControlManager
 * .maybeGenerateElrSafetyRecords): values of single brokers are deleted, and when the cluster has no value of its own, the
 * *active controller's* static one becomes it. Isolated controllers rarely have one, so 2 silently becomes 1, and lowering
 * the feature does not bring it back.
 *
 *   1. What holds today is the brokers' own effective value. It is written as the cluster's value first.
 *   2. Brokers that disagree cannot be written as one value: a person decides first.
 *   3. Afterwards the effective value of every topic is read again and compared.
 */
import type { NodeId } from '../cluster/cluster';
import { nodesWith } from '../cluster/node-roles';
import type { ClusterSnapshot } from './cluster-snapshot';
import type { FeatureStep } from '../levels/finalization';
import { blocker, warning } from './finding';
import type { Finding } from './finding';
import { eligibleLeaderReplicas } from '../knowledge/feature-levels';

/** The broker setting that this is all about. */
export const minIsrKey = 'min.insync.replicas';

interface BrokerValue {
  id: NodeId;
  /** null when the broker does not tell it. */
  value: string | null;
}

const brokerValues = ({ nodes, running }: ClusterSnapshot): BrokerValue[] =>
  nodesWith('broker', nodes).map((id) => ({ id, value: running[id]?.config[minIsrKey]?.value ?? null }));

/** What all brokers have; null when they disagree, or one of them does not tell. */
const commonValue = (brokers: readonly BrokerValue[]): string | null => {
  const [first, ...others] = brokers.map(({ value }) => value);
  return first !== undefined && others.every((other) => other === first) ? first : null;
};

/** The value to write for the whole cluster before the feature is raised; null when it is there, or brokers disagree. */
export const minIsrToWrite = (snapshot: ClusterSnapshot): string | null => {
  const value = commonValue(brokerValues(snapshot));
  return value === snapshot.clusterMinIsr ? null : value;
};

/** What a person must know before this feature is raised; nothing when the plan does not raise it. */
export const checkElr = (snapshot: ClusterSnapshot, finalization: readonly FeatureStep[]): Finding[] => {
  if (!finalization.some(({ feature }) => feature === eligibleLeaderReplicas)) return [];
  const brokers = brokerValues(snapshot);
  const value = commonValue(brokers);
  const list = brokers.map((broker) => `${broker.value ?? 'not told'} on broker ${broker.id}`).join(', ');
  const source = 'KIP-966; ConfigurationControlManager.maybeGenerateElrSafetyRecords';
  if (value === null) {
    return [
      blocker('PlanBlocked', {
        seen: `min.insync.replicas is not the same on every broker: ${list}.`,
        why: `${eligibleLeaderReplicas} deletes the values of single brokers and leaves one for the whole cluster.`,
        action: `Decide for one value: kafka-configs.sh --entity-type brokers --entity-default --alter --add-config ${minIsrKey}=N, and remove it from single brokers; or leave the feature out.`,
        source,
      }),
    ];
  }
  return [
    warning({
      seen: `${eligibleLeaderReplicas} is asked for; min.insync.replicas is ${value} on every broker${snapshot.clusterMinIsr === null ? ', from their files only' : ''}.`,
      why: 'Raising it deletes the values of single brokers, and without a value for the cluster it takes the one of the active controller: that can lower it silently, for good.',
      action: `Nothing: ${minIsrKey}=${value} is written for the whole cluster first, and every topic is compared afterwards. The value cannot be removed while the feature is on.`,
      source,
    }),
  ];
};
