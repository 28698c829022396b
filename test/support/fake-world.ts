/**
 * A model of a Kafka cluster behind the product's ports: hosts with files, links, leases and processes, and what the
 * brokers would answer. It keeps a log of every change, so that invariants can be asserted over it.
 */
import { Context } from '@temporalio/activity';
import { createActivities } from '../../src/activities';
import type { ClusterAccess, ActivityDependencies } from '../../src/activities/cluster-access';
import type { UpgradeActivities } from '../../src/activities/contract';
import type { ClusterDefinition } from '../../src/config/definition';
import type {
  Lease,
  MetadataView,
  NodeGauges,
  NodeId,
  NodeRole,
  QuorumView,
  RegisteredNodes,
} from '../../src/domain/cluster/cluster';
import { UpgradeError } from '../../src/domain/common/failure';
import type { LagAssessment } from '../../src/domain/lag/lag';
import { LagTracker } from '../../src/domain/lag/lag-tracker';
import { propertiesSha256 } from '../../src/hosts/properties-bytes';
import { plannedSettings, type PlannedSettings } from '../../src/domain/policy/definition-settings';
import { sha256 } from '../../src/worker/cluster-directory';
import { FakeClusters } from './fake-clusters';
import { fakeDefinition, type WorldOptions } from './fake-definition';
import { FakeHost } from './fake-host';
import { FakeOutside } from './fake-outside';
import { withoutStalled } from './fake-lag';
import { fakeAdmin, fakeGauges, fakeKafka } from './fake-ports';
import type { FakeNode, FakeTopic, WorldEvent, WorldModel } from './world-model';

export type ActivityName = keyof UpgradeActivities;

const activityNames = [
  'planUpgrade',
  'readMoment',
  'readMaintenance',
  'claimCluster',
  'raiseLeases',
  'probeDisasterRecovery',
  'backUpConfiguration',
  'pinProtocol',
  'restartNode',
  'awaitNodeHealthy',
  'awaitClusterHealthy',
  'verifyNodes',
  'finalizeFeature',
  'readLevels',
  'compareDefinition',
  'lookAtNodes',
  'awaitSnapshots',
  'reportClients',
  'notify',
  'silenceAlerts',
  'liftSilence',
] as const satisfies ActivityName[];

export interface ActivityCall {
  name: ActivityName;
  input: unknown;
  attempt: number;
}

const settledLag: LagAssessment = {
  settled: true,
  groups: [],
  stalled: [],
  growing: [],
  rising: [],
  waiting: [],
  notMeasured: [],
  sentences: [],
};

const identityOf = (id: NodeId, roles: NodeRole[], kraft: boolean): string[] =>
  kraft
    ? [`process.roles=${roles.join(',')}`, `node.id=${id}`, 'controller.quorum.voters=1@10.0.0.1:9093']
    : [`broker.id=${id}`, 'zookeeper.connect=10.0.0.9:2181'];

interface NodeSeed {
  id: NodeId;
  roles: NodeRole[];
  kraft: boolean;
  releases: [from: string, to: string];
}

const makeNode = ({ id, roles, kraft, releases }: NodeSeed): FakeNode => ({
  id,
  roles,
  properties: [...identityOf(id, roles, kraft), '# kept as it is', 'log.dirs=/var/lib/kafka', ''].join('\n'),
  link: releases[0],
  installed: releases,
  lease: null,
  otherLeases: [],
  process: { pid: 100 + id, startTicks: 1, version: releases[0], protocol: '3.7-IV4', stopping: false },
  cleanMarker: false,
  onStop: 'exit',
  record: null,
  starting: false,
  startFault: () => 'none',
  underReplicated: 0,
});

export class FakeWorld implements ClusterAccess, WorldModel {
  readonly definition: ClusterDefinition;
  definitionSha256 = 'd'.repeat(64);
  readonly log: WorldEvent[] = [];
  readonly activityCalls: ActivityCall[] = [];
  readonly portCalls: string[] = [];
  /** Faults and observations: called before a port's method; what it throws, the method throws. */
  readonly portHooks = new Map<string, (nodeId: NodeId) => void | Promise<void>>();
  /** Called before an activity; what it throws, the activity throws. */
  readonly activityHooks = new Map<ActivityName, (attempt: number, input: unknown) => void | Promise<void>>();
  readonly nodes: Map<NodeId, FakeNode>;
  readonly topics: FakeTopic[];
  readonly deaf = new Set<NodeId>();
  readonly ledBy = new Map<string, NodeId>();
  readonly records: string[] = [];
  controllerId: NodeId | null = 1;
  probeExitCode = 0;
  lagAssessment: LagAssessment = settledLag;
  searchAttributes: string[] = [];
  /** KRaft: finalized features; 21 is 3.9-IV0. */
  features: Record<string, number> = { 'metadata.version': 21 };
  clusterDefaults: Record<string, string> = {};
  registered: RegisteredNodes = { brokers: [], controllers: [] };
  newestSnapshot: number | null = 100;
  refuseFeature: WorldModel['refuseFeature'] = () => null;
  readonly outside = new FakeOutside();
  readonly clusters = new FakeClusters(this);
  readonly kafka = fakeKafka(this);
  readonly admin = fakeAdmin(this);
  readonly gauges = fakeGauges(this);
  readonly lag: ClusterAccess['lag'];
  private readonly hosts: Map<NodeId, FakeHost>;
  private lastPid = 1_000;

  constructor(options: WorldOptions = {}) {
    const ids = Array.from({ length: options.nodeCount ?? 3 }, (_, index) => index + 1);
    const mode = options.mode ?? 'zookeeper';
    const releases = options.releases ?? ['3.7.2', '3.8.1'];
    const brokerRoles: NodeRole[] = mode === 'kraft' ? ['broker', 'controller'] : ['broker'];
    const seeds = [
      ...ids.map((id) => ({ id, roles: brokerRoles })),
      ...(mode === 'kraft-isolated' ? [101, 102, 103].map((id) => ({ id, roles: ['controller' as const] })) : []),
    ];
    this.nodes = new Map(
      seeds.map(({ id, roles }) => [id, makeNode({ id, roles, kraft: mode !== 'zookeeper', releases })]),
    );
    if (mode === 'kraft-isolated') this.controllerId = 101;
    this.hosts = new Map([...this.nodes].map(([id, node]) => [id, new FakeHost(this, node)]));
    this.topics = options.topics ?? [
      { name: 'orders', replicas: ids.slice(0, 3), minIsr: Math.min(2, ids.length - 1) },
    ];
    this.lag = {
      freshSample: () => this.call('freshSample', 0),
      nextSample: () => this.call('nextSample', 0),
      state: () => new LagTracker(),
      assess: ({ acceptedGroups = [] }) => withoutStalled(this.lagAssessment, acceptedGroups),
    };
    this.definition = fakeDefinition(seeds, options);
  }

  get settings(): PlannedSettings {
    return plannedSettings(this.definition.written, sha256);
  }

  node(nodeId: NodeId): FakeNode {
    const node = this.nodes.get(nodeId);
    if (node === undefined) throw new Error(`the model has no node ${nodeId}`);
    return node;
  }

  host(nodeId: NodeId): FakeHost {
    const host = this.hosts.get(nodeId);
    if (host === undefined) throw new UpgradeError('InvalidDefinition', `no node ${nodeId}`);
    return host;
  }

  isListening(nodeId: NodeId): Promise<boolean> {
    return Promise.resolve(this.isUp(nodeId) && !this.deaf.has(nodeId));
  }

  isUp(nodeId: NodeId): boolean {
    const { process } = this.node(nodeId);
    return process !== null && !process.stopping;
  }

  /** Lets a hook see the call of a port, and fail it. */
  async call(method: string, nodeId: NodeId): Promise<void> {
    this.portCalls.push(`${method} ${nodeId}`);
    await this.portHooks.get(method)?.(nodeId);
  }

  nextPid(): number {
    this.lastPid += 1;
    return this.lastPid;
  }

  note(kind: WorldEvent['kind'], nodeId: NodeId | null, detail: string, lease: Lease | null = null): void {
    const nodes = [...this.nodes.values()];
    const down = nodes.filter(({ id, underReplicated }) => !this.isUp(id) || underReplicated !== 0).map(({ id }) => id);
    const running = Object.fromEntries(nodes.flatMap(({ id, process }) => (process ? [[id, process.version]] : [])));
    this.log.push({ kind, nodeId, detail, lease, down, running });
  }

  /** What broker `nodeId` would answer to a Metadata request. */
  view(nodeId: NodeId): MetadataView {
    const up = [...this.nodes.values()]
      .filter(({ id, roles }) => roles.includes('broker') && this.isUp(id) && !this.deaf.has(id))
      .map(({ id }) => id);
    return {
      observedBy: nodeId,
      clusterId: 'kafka-cluster-A',
      controllerId: this.controllerId !== null && up.includes(this.controllerId) ? this.controllerId : (up[0] ?? null),
      brokers: up.map((id) => ({ id, host: `10.0.0.${id}`, port: 9092, rack: null })),
      partitions: this.topics.map(({ name, replicas }) => {
        const isr = replicas.filter((id) => up.includes(id));
        return { topic: name, partition: 0, leader: this.ledBy.get(name) ?? isr[0] ?? null, replicas, isr };
      }),
    };
  }

  /** What the active controller would answer to DescribeQuorum: the first live controller leads when the leader is down. */
  quorum(askedNode: NodeId): QuorumView {
    const voters = [...this.nodes.values()].filter(({ roles }) => roles.includes('controller')).map(({ id }) => id);
    const up = voters.filter((id) => this.isUp(id) && !this.deaf.has(id));
    const leads = this.controllerId !== null && up.includes(this.controllerId) ? this.controllerId : (up[0] ?? null);
    const leaderId = up.length * 2 > voters.length ? leads : null;
    return {
      observedBy: askedNode,
      leaderId,
      leaderEpoch: 1,
      highWatermark: 100,
      voters: voters.map((id) => ({
        id,
        logEndOffset: up.includes(id) ? 100 : 50,
        lastFetchMs: up.includes(id) ? 1_000_000 : 900_000,
        lastCaughtUpMs: up.includes(id) ? 1_000_000 : 900_000,
      })),
      observers: [],
    };
  }

  sample(nodeId: NodeId): NodeGauges | null {
    const { process, underReplicated } = this.node(nodeId);
    if (process === null || underReplicated === null || this.deaf.has(nodeId)) return null;
    return {
      sampledAtMs: Date.now(),
      underReplicatedPartitions: underReplicated,
      offlinePartitions: 0,
      activeControllers: nodeId === this.controllerId ? 1 : 0,
      brokerState: process.stopping ? 6 : 3,
      version: process.version,
    };
  }

  dependencies(): ActivityDependencies {
    const temporal = { clusterId: 'temporal-A', namespace: 'default', searchAttributes: this.searchAttributes };
    const { notices, silencer } = this.outside;
    return { clusters: this.clusters, notices, silencer, sha256, propertiesSha256, temporal };
  }

  /** The product's own activities over this model, each call recorded. */
  activities(): Record<ActivityName, (input: never) => Promise<unknown>> {
    const real = createActivities(this.dependencies());
    const recorded = (name: ActivityName) => {
      return async (input: never): Promise<unknown> => {
        const { attempt, isLocal } = Context.current().info;
        if (!isLocal) this.activityCalls.push({ name, input, attempt });
        await this.activityHooks.get(name)?.(attempt, input);
        return real[name](input);
      };
    };
    return Object.fromEntries(activityNames.map((name) => [name, recorded(name)])) as unknown as ReturnType<
      FakeWorld['activities']
    >; // as: fromEntries loses the keys
  }

  /** Changes of one kind, in order, as `kind node: detail`. */
  changes(...kinds: WorldEvent['kind'][]): string[] {
    return this.log
      .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
      .map(({ kind, nodeId, detail }) => (nodeId === null ? `${kind} ${detail}` : `${kind} ${nodeId}: ${detail}`));
  }
}
