/** A plan and events of a KRaft upgrade: controllers 101 to 103 and brokers 1 to 3, from 3.9.2 to 4.3.0. */
import { makeFinalization } from '../../src/domain/levels/finalization';
import type { RequestedFeatures } from '../../src/domain/levels/finalization';
import { orderRules } from '../../src/domain/plan/roll-order';
import type { PlannedNode, UpgradePhase, UpgradePlan } from '../../src/domain/plan/upgrade-plan';
import type {
  FeatureProgress,
  NodeProgress,
  UpgradeEventBody,
  UpgradeState,
} from '../../src/domain/upgrade/upgrade-state';
import { requireVersion } from '../../src/domain/cluster/version';
import { item, planMade, samplePlan, sampleTiming, stateOf } from './upgrade-fixture';

const controllerIds = [101, 102, 103];
const brokerIds = [1, 2, 3];

const node = (nodeId: number): PlannedNode => ({
  nodeId,
  roles: [controllerIds.includes(nodeId) ? 'controller' : 'broker'],
  address: `kafka@10.0.0.${nodeId}:22`,
  kafka: `10.0.0.${nodeId}:${controllerIds.includes(nodeId) ? 9093 : 9092}`,
  version: '3.9.2',
  protocol: null,
  logDirectories: ['/var/lib/kafka'],
  leaders: controllerIds.includes(nodeId) ? 0 : 4,
});

/** What the product itself would raise from metadata.version 21 (3.9-IV0). */
export const kraftFinalization = (requested: RequestedFeatures = {}): UpgradePlan['finalization'] =>
  makeFinalization({
    target: requireVersion('4.3.0', 'target'),
    finalized: { 'metadata.version': 21 },
    requested,
    minIsrToWrite: '2',
  });

const sampleOutlook = samplePlan().outlook;

const unchanged = { changes: [], fromSha256: 'a'.repeat(64), toSha256: 'a'.repeat(64), diff: '' };

/** A KRaft plan that is easy to read in assertions; overrides replace whole fields. */
export const kraftPlan = (overrides: Partial<UpgradePlan> = {}): UpgradePlan => ({
  ...samplePlan(),
  cluster: 'orders-kraft',
  mode: 'kraft',
  fromVersion: '3.9.2',
  toVersion: '4.3.0',
  fromProtocol: '3.9-IV0',
  toProtocol: '4.3-IV0',
  nodes: [...controllerIds, ...brokerIds].map(node),
  canary: 102,
  orderRule: orderRules.kraft,
  steps: {
    binaries: [...controllerIds, ...brokerIds].map((nodeId) => ({
      nodeId,
      needed: true,
      edit: unchanged,
      fromVersion: '3.9.2',
      toVersion: '4.3.0',
      protocol: null,
    })),
    protocol: [],
  },
  finalization: kraftFinalization(),
  findings: [],
  mustAccept: [],
  ...(sampleOutlook === undefined ? {} : { outlook: { ...sampleOutlook, controllerId: 101 } }),
  ...overrides,
});

/** A node's progress in one roll, with the sample's times when it is done. */
export const rolled = (
  phase: UpgradePhase,
  nodeId: number,
  state: NodeProgress['state'],
): UpgradeEventBody & { type: 'node' } => ({
  type: 'node',
  phase,
  nodeId,
  progress: { state, detail: '', timing: state === 'done' ? sampleTiming : null },
});

/** A feature's progress, in the workflow's words. */
export const featureAt = (
  feature: string,
  state: FeatureProgress['state'],
  detail: string,
): UpgradeEventBody & { type: 'feature' } => ({ type: 'feature', feature, progress: { state, detail } });

/** Events up to the second node: controller 102 done, controller 101 rolling. */
export const midKraftRoll = (plan = kraftPlan()): UpgradeEventBody[] => [
  planMade(plan),
  item(1, 'done', 'plan approved, 0 findings acknowledged'),
  item(2, 'done', '6 files backed up and read back; disaster recovery: confirmed by kim: restore test of Monday'),
  item(3, 'not-applicable', 'KRaft: metadata.version stays at 3.9-IV0 until item 8, no file holds it'),
  item(4, 'running', 'onto 4.3.0'),
  rolled('binaries', 102, 'done'),
  rolled('binaries', 101, 'rolling'),
];

/** Every node runs 4.3.0; the gate of the features is the next thing. */
export const everyNodeRuns = (plan = kraftPlan()): UpgradeEventBody[] => [
  ...midKraftRoll(plan),
  ...plan.nodes.map(({ nodeId }) => rolled('binaries', nodeId, 'done')),
  item(4, 'done', '6 nodes restarted onto 4.3.0'),
  item(5, 'done', 'every node runs 4.3.0'),
  item(6, 'not-applicable', 'KRaft: the level of the cluster is metadata.version, see item 8'),
  item(7, 'not-applicable', 'KRaft: a raised feature needs no restart'),
];

/** Events up to the second feature: metadata.version is raised, transaction.version on its way. */
export const midFinalization = (): UpgradeEventBody[] => [
  ...everyNodeRuns(),
  featureAt('metadata.version', 'raised', '3.9-IV0 → 4.3-IV0'),
  item(8, 'running', 'transaction.version 0 → 2, 2 of 5'),
  featureAt('transaction.version', 'raising', '0 → 2'),
];

/** The state of the KRaft cluster's upgrade after these events. */
export const kraftStateAfter = (...events: UpgradeEventBody[]): UpgradeState =>
  stateOf({ cluster: 'orders-kraft', target: '4.3.0' }, events);
