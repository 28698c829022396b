/** A plan and states of an upgrade of three brokers, made by the product's own reducer. */
import { defaultPolicy } from '../../src/domain/policy/policy';
import type { NodeStep, UpgradePlan } from '../../src/domain/plan/upgrade-plan';
import { initialState, reduce } from '../../src/domain/upgrade/upgrade-state';
import type {
  NodeTiming,
  Trouble,
  UpgradeEvent,
  UpgradeEventBody,
  UpgradeState,
} from '../../src/domain/upgrade/upgrade-state';

export const startedAtMs = Date.UTC(2026, 10, 23, 9, 0, 0);

export const samplePlanHash = `1a2b3c4d${'0'.repeat(56)}`;

const pinDiff = [
  '--- server.properties',
  '+++ server.properties',
  '@@ -10,2 +10,3 @@',
  ' zookeeper.connect=10.0.0.9:2181',
  ' num.partitions=12',
  '+inter.broker.protocol.version=3.7',
  '',
].join('\n');

const step = (nodeId: number, phase: 'binaries' | 'protocol'): NodeStep => ({
  nodeId,
  needed: true,
  edit: {
    changes: [{ key: 'inter.broker.protocol.version', value: phase === 'binaries' ? '3.7' : '3.8' }],
    fromSha256: 'a'.repeat(64),
    toSha256: 'b'.repeat(64),
    diff:
      phase === 'binaries'
        ? pinDiff
        : '@@ -12 +12 @@\n-inter.broker.protocol.version=3.7\n+inter.broker.protocol.version=3.8\n',
  },
  fromVersion: phase === 'binaries' ? '3.7.2' : '3.8.1',
  toVersion: '3.8.1',
  protocol: phase === 'binaries' ? '3.7' : '3.8',
});

const nodeIds = [1, 2, 3];

/** A plan that is easy to read in assertions; overrides replace whole fields. */
export const samplePlan = (overrides: Partial<UpgradePlan> = {}): UpgradePlan => ({
  cluster: 'orders-prod',
  clusterId: 'Zk1vTWcXQvKzPyRtdsGNsQ',
  mode: 'zookeeper',
  fromVersion: '3.7.2',
  toVersion: '3.8.1',
  fromProtocol: '3.7',
  toProtocol: '3.8',
  nodes: nodeIds.map((nodeId) => ({
    nodeId,
    roles: ['broker'],
    address: `kafka@10.0.0.${nodeId}:22`,
    kafka: `10.0.0.${nodeId}:9092`,
    version: '3.7.2',
    protocol: '3.7',
    logDirectories: ['/var/lib/kafka'],
    leaders: nodeId === 2 ? 3 : 5,
  })),
  canary: 2,
  canaryNamed: false,
  orderRule:
    'The canary first, then the broker that leads the fewest partitions; the active controller last. Chosen at run time.',
  steps: {
    binaries: nodeIds.map((nodeId) => step(nodeId, 'binaries')),
    protocol: nodeIds.map((nodeId) => step(nodeId, 'protocol')),
  },
  finalization: [],
  findings: [
    {
      severity: 'note',
      failure: null,
      seen: 'inter.broker.protocol.version is not set on any broker.',
      why: 'The new binary would speak its own protocol at its first start.',
      action: 'Phase 1 pins it to 3.7 before the new binary starts.',
      source: 'Kafka documentation, "Upgrading to 3.8.1"',
    },
    {
      severity: 'needs-acceptance',
      failure: null,
      seen: 'Topic audit-log has replication factor 1.',
      why: 'Its partitions are offline while their broker restarts, whatever the order.',
      action: 'Raise its replication factor, or accept it by name.',
      source: 'Kafka: Partition availability',
    },
  ],
  mustAccept: ['audit-log'],
  disasterRecovery: { probe: null },
  policy: defaultPolicy,
  outlook: {
    controllerId: 1,
    paths: {
      config: '/etc/kafka/server.properties',
      current: '/opt/kafka',
      releases: '/opt/kafka_2.13-{version}',
      state: '/var/lib/kafka-upgrade/orders-prod',
    },
    commands: null,
  },
  definitionSha256: 'd'.repeat(64),
  definition: { settings: { cluster: 'orders-prod', 'policy.soakSeconds': '30' }, nodes: {} },
  ...overrides,
});

export const sampleTiming: NodeTiming = {
  totalMs: 36_200,
  stopMs: 2_400,
  startMs: 2_800,
  policyWaitMs: 30_500,
  overheadMs: 500,
};

/** What went wrong with broker 1 in the first roll. */
export const trouble: Trouble = {
  type: 'StartFailed',
  message: 'Broker 1 did not start.',
  hint: 'Read the tail of the broker log.',
  nodeId: 1,
  phase: 'binaries',
  nodeIsDown: true,
};

export const parked: UpgradeEventBody = { type: 'parked', trouble };
export const paused: UpgradeEventBody = { type: 'paused', by: 'kim', comment: null };
export const aborting: UpgradeEventBody = { type: 'end-requested', outcome: 'aborted', by: 'kim', comment: null };
export const ended: UpgradeEventBody = { type: 'ended', outcome: 'completed', message: 'All 3 brokers run 3.8.1.' };

/** These events, one second apart. */
export const eventsOf = (...bodies: UpgradeEventBody[]): UpgradeEvent[] =>
  bodies.map((body, index) => ({ ...body, atMs: startedAtMs + (index + 1) * 1_000 }));

/** The state of an upgrade of this cluster after these events. */
export const stateOf = (input: { cluster: string; target: string }, events: UpgradeEventBody[]): UpgradeState =>
  eventsOf(...events).reduce<UpgradeState>(
    reduce,
    initialState({ ...input, request: { requester: null, ticket: null }, startedAtMs }),
  );

/** The state of the sample's upgrade after these events. */
export const stateAfter = (...events: UpgradeEventBody[]): UpgradeState =>
  stateOf({ cluster: 'orders-prod', target: '3.8.1' }, events);

export const planMade = (plan = samplePlan()): UpgradeEventBody => ({
  type: 'plan-made',
  plan,
  planHash: samplePlanHash,
});

export const item = (
  number: (UpgradeEventBody & { type: 'item' })['item'],
  state: (UpgradeEventBody & { type: 'item' })['state'],
  detail = '',
): UpgradeEventBody => ({ type: 'item', item: number, state, detail });

/** Events up to the middle of the first roll: broker 2 done, broker 1 rolling. */
export const midFirstRoll: UpgradeEventBody[] = [
  planMade(),
  item(1, 'done', '1 to accept, 1 note'),
  item(2, 'done', 'backed up on 3 hosts; disaster recovery confirmed by kim: restore test of Monday'),
  item(3, 'done', '3.7'),
  item(4, 'running', '1 of 3 brokers'),
  { type: 'node', phase: 'binaries', nodeId: 2, progress: { state: 'done', detail: '', timing: sampleTiming } },
  { type: 'node', phase: 'binaries', nodeId: 1, progress: { state: 'rolling', detail: '', timing: null } },
];
