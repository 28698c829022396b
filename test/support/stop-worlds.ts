/**
 * Small clusters as they truly are, and what a measurement shows of them; made at random, most of them nearly whole. What
 * a stop does to one is told by taking the node away, not by the rules of the product.
 */
import fc from 'fast-check';
import type { StopRules } from '../../src/domain/health/assess-stop';
import type { NodeGauges, NodeId, PartitionState, QuorumView } from '../../src/domain/cluster/cluster';
import type { ClusterMeasurement } from '../../src/domain/health/measurement';
import { goodGauges, quorumOf, viewOf } from './healthy-measurement';

interface WorldPartition {
  topic: string;
  replicas: NodeId[];
  /** Replicas that are out of sync although their node is up. */
  lagging: NodeId[];
}

/** A cluster with its faults. */
export interface StopWorld {
  brokers: NodeId[];
  /** None in ZooKeeper mode; the brokers themselves where nodes are combined. */
  controllers: NodeId[];
  partitions: WorldPartition[];
  minIsr: Record<string, number>;
  down: NodeId[];
  /** Voters that are up and have not caught up. */
  lateVoters: NodeId[];
  /** Nodes whose gauges cannot be read. */
  mute: NodeId[];
  /** A broker whose metadata cache still shows everything whole. */
  stale: NodeId | null;
  /** A topic whose min.insync.replicas could not be read. */
  unreadTopic: string | null;
}

/** All nodes of a world, once. */
export const nodesOf = ({ brokers, controllers }: StopWorld): NodeId[] => [...new Set([...brokers, ...controllers])];

/** The in-sync replicas of a partition. */
export const isrOf = ({ down }: StopWorld, { replicas, lagging }: WorldPartition): NodeId[] =>
  replicas.filter((id) => !down.includes(id) && !lagging.includes(id));

/** Voters that are up and have everything. */
export const caughtUpVoters = ({ controllers, down, lateVoters }: StopWorld): NodeId[] =>
  controllers.filter((id) => !down.includes(id) && !lateVoters.includes(id));

/** Does the quorum have a leader: a majority of its voters that is up? */
export const hasMajority = (world: StopWorld): boolean => caughtUpVoters(world).length * 2 > world.controllers.length;

const stateOf = (world: StopWorld, partition: WorldPartition, index: number): PartitionState => {
  const isr = isrOf(world, partition);
  return { topic: partition.topic, partition: index, leader: isr[0] ?? null, replicas: partition.replicas, isr };
};

const whole = (world: StopWorld): StopWorld => ({
  ...world,
  down: [],
  partitions: world.partitions.map((partition) => ({ ...partition, lagging: [] })),
});

const activeControllerOf = (world: StopWorld): NodeId | null => {
  if (world.controllers.length > 0) return hasMajority(world) ? (caughtUpVoters(world)[0] ?? null) : null;
  return world.brokers.find((id) => !world.down.includes(id)) ?? null;
};

const quorumSeen = (world: StopWorld): QuorumView | null => {
  const leaderId = activeControllerOf(world);
  if (world.controllers.length === 0 || leaderId === null) return null;
  const fresh = caughtUpVoters(world);
  const quorum = quorumOf(world.controllers, { leaderId });
  return {
    ...quorum,
    voters: quorum.voters.map((voter) => (fresh.includes(voter.id) ? voter : { ...voter, lastCaughtUpMs: 1_000 })),
  };
};

const gaugesSeen = (world: StopWorld, nodeId: NodeId): NodeGauges | null => {
  if (world.down.includes(nodeId) || world.mute.includes(nodeId)) return null;
  const states = world.partitions.map((partition, index) => stateOf(world, partition, index));
  const missing = states.filter(({ leader, isr, replicas }) => leader === nodeId && isr.length < replicas.length);
  return {
    ...goodGauges,
    underReplicatedPartitions: missing.length,
    offlinePartitions: states.filter(({ leader }) => leader === null).length,
  };
};

/** What one look shows of a world. */
export const measurementOf = (world: StopWorld): ClusterMeasurement => {
  const up = world.brokers.filter((id) => !world.down.includes(id));
  const views = up.map((id) => {
    const seen = id === world.stale ? whole(world) : world;
    const registered = world.brokers.filter((other) => !seen.down.includes(other));
    const partitions = seen.partitions.map((partition, index) => stateOf(seen, partition, index));
    return { ...viewOf(id, registered, partitions), controllerId: activeControllerOf(world) };
  });
  return {
    mode: world.controllers.length === 0 ? 'zookeeper' : 'kraft',
    brokers: world.brokers,
    controllers: world.controllers,
    views,
    unreachable: world.brokers.filter((id) => world.down.includes(id)).map((nodeId) => ({ nodeId, why: 'no answer' })),
    quorum: quorumSeen(world),
    quorumTrouble: null,
    minInsyncReplicas: Object.fromEntries(
      Object.entries(world.minIsr).filter(([topic]) => topic !== world.unreadTopic),
    ),
    gauges: Object.fromEntries(nodesOf(world).map((id) => [id, gaugesSeen(world, id)])),
    gaugeTrouble: {},
  };
};

const topics = ['a', 'b', 'c'];

const idsFrom = (first: NodeId, count: number): NodeId[] => Array.from({ length: count }, (_, index) => first + index);

const anyShape: fc.Arbitrary<Pick<StopWorld, 'brokers' | 'controllers'>> = fc
  .record({
    brokers: fc.integer({ min: 1, max: 5 }),
    controllers: fc.constantFrom(1, 2, 3, 3, 4, 5),
    mode: fc.constantFrom('zookeeper', 'combined', 'isolated'),
  })
  .map(({ brokers, controllers, mode }) => {
    const ids = idsFrom(1, brokers);
    const isolated = mode === 'isolated' ? idsFrom(101, controllers) : [];
    return { brokers: ids, controllers: mode === 'combined' ? ids : isolated };
  });

/** Now and then some of these; mostly none. */
const seldom = (ids: readonly NodeId[], oneIn: number): fc.Arbitrary<NodeId[]> =>
  fc
    .nat(oneIn)
    .chain((dice) => (dice === 0 ? fc.subarray([...ids], { maxLength: Math.min(2, ids.length) }) : fc.constant([])));

/** Any world, and any stop in it. */
export const anyStop: fc.Arbitrary<{ world: StopWorld; rules: StopRules }> = anyShape.chain((shape) => {
  const { brokers, controllers } = shape;
  const nodes = [...new Set([...brokers, ...controllers])];
  const anyPartition = fc
    .tuple(fc.constantFrom(...topics), fc.shuffledSubarray(brokers, { minLength: 1 }))
    .chain(([topic, replicas]) => seldom(replicas, 14).map((lagging) => ({ topic, replicas, lagging })));
  const world = fc.record({
    brokers: fc.constant(brokers),
    controllers: fc.constant(controllers),
    partitions: fc.array(anyPartition, { maxLength: 5 }),
    minIsr: fc.record({ a: fc.integer({ min: 1, max: 3 }), b: fc.constantFrom(1, 2), c: fc.constant(1) }),
    down: seldom(nodes, 5),
    lateVoters: seldom(controllers, 7),
    mute: seldom(nodes, 9),
    // Of fewer than three views one alone would tell; then nothing could contradict it.
    stale: brokers.length < 4 ? fc.constant(null) : fc.option(fc.constantFrom(...brokers)),
    unreadTopic: fc.option(fc.constantFrom(...topics), { freq: 12 }),
  });
  const rules = fc.record({
    nodeId: fc.constantFrom(...nodes),
    minIsrMargin: fc.constantFrom(0, 0, 1),
    accepted: fc.subarray([...topics, 'controller-quorum']),
    maybeSick: fc.boolean(),
  });
  // What a rollback is for: the node itself is down, and nothing else.
  const ownFault = fc.nat(7).map((dice) => dice === 0);
  return fc.record({ world, rules, ownFault }).map(({ ownFault: own, ...stop }) => ({
    ...stop,
    world: own ? { ...stop.world, down: [stop.rules.nodeId] } : stop.world,
  }));
});
