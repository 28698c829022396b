/**
 * I1 over any cluster with any faults. What a stop may do is told here by taking the node away and looking at what clients
 * and controllers are left with; the rules of the product are not asked.
 */
import fc from 'fast-check';
import { assessStop } from '../../../src/domain/health/assess-stop';
import type { StopRules } from '../../../src/domain/health/assess-stop';
import type { NodeId } from '../../../src/domain/cluster/cluster';
import { anyStop, caughtUpVoters, hasMajority, isrOf, measurementOf, nodesOf } from '../../support/stop-worlds';
import type { StopWorld } from '../../support/stop-worlds';

const isAllowed = (world: StopWorld, rules: StopRules): boolean =>
  assessStop(measurementOf(world), rules).status === 'successful';

const stopped = (world: StopWorld, nodeId: NodeId): StopWorld => ({ ...world, down: [...world.down, nodeId] });

/** Can producers with acks=all write to every partition that could be written before, without an excuse? */
const lostPartitions = (world: StopWorld, { nodeId, accepted }: StopRules): string[] => {
  const after = stopped(world, nodeId);
  return world.partitions.flatMap((partition) => {
    const { topic, replicas } = partition;
    const minIsr = world.minIsr[topic] ?? 0;
    const hopeless = replicas.length - 1 < minIsr;
    const excused = !replicas.includes(nodeId) || (hopeless && accepted.includes(topic));
    const left = isrOf(after, partition).length;
    return excused || (left >= minIsr && left > 0) ? [] : [`${topic}: ${left} of ${minIsr} left`];
  });
};

/** In-sync replicas that are missing beside those of the node, over all partitions. */
const missingReplicas = (world: StopWorld, beside: NodeId | null): number =>
  world.partitions.reduce((sum, partition) => {
    const isr = isrOf(world, partition);
    return sum + partition.replicas.filter((id) => id !== beside && !isr.includes(id)).length;
  }, 0);

/** Partitions of the node that keep their minimum without it, but not the margin that there is room for. */
const shortOfMargin = (world: StopWorld, { nodeId, minIsrMargin }: StopRules): string[] =>
  world.partitions.flatMap((partition) => {
    const { topic, replicas } = partition;
    const [minIsr, possible] = [world.minIsr[topic] ?? 0, replicas.length - 1];
    const left = isrOf(world, partition).filter((id) => id !== nodeId).length;
    const short = replicas.includes(nodeId) && possible >= minIsr && left < Math.min(minIsr + minIsrMargin, possible);
    return short ? [`${topic}: ${left} left`] : [];
  });

const quorumReasons = (world: StopWorld, { nodeId, accepted }: StopRules, own: NodeId | null): string[] => {
  const { controllers } = world;
  if (controllers.length === 0) return [];
  const late = controllers.filter((id) => !caughtUpVoters(world).includes(id) && id !== own);
  const fragile = controllers.includes(nodeId) && controllers.length < 3;
  return [
    ...late.map((id) => `voter ${id} is late`),
    ...(hasMajority(world) ? [] : ['no leader']),
    ...(fragile && !accepted.includes('controller-quorum') ? ['the quorum is fragile'] : []),
    ...(fragile || hasMajority(stopped(world, nodeId)) ? [] : ['no majority left']),
  ];
};

/** Everything that forbids this stop; the node's own trouble is none in a rollback. */
const reasons = (world: StopWorld, rules: StopRules): string[] => {
  const own = rules.maybeSick ? rules.nodeId : null;
  const measured = [...world.brokers, ...caughtUpVoters(world).slice(0, 1)];
  return [
    ...world.down.filter((id) => id !== own).map((id) => `${id} is down`),
    ...world.mute.filter((id) => id !== own && measured.includes(id)).map((id) => `${id} is mute`),
    ...(missingReplicas(world, own) > 0 ? ['replicas are missing'] : []),
    ...(world.partitions.some((partition) => isrOf(world, partition).length === 0) ? ['a partition is offline'] : []),
    ...(world.partitions.some(({ topic }) => topic === world.unreadTopic) ? ['min.insync.replicas is not known'] : []),
    ...shortOfMargin(world, rules),
    ...lostPartitions(world, rules),
    ...quorumReasons(world, rules, own),
  ];
};

/** How often a stop is allowed: a property that never sees one says nothing. */
const counting = (check: (world: StopWorld, rules: StopRules) => void) => {
  let allowed = 0;
  return {
    property: fc.property(anyStop, ({ world, rules }) => {
      if (!isAllowed(world, rules)) return;
      allowed += 1;
      check(world, rules);
    }),
    allowed: () => allowed,
  };
};

describe('I1: whenever a stop is allowed, over random clusters and faults,', () => {
  it('every partition can be written afterwards, but for what can never be and was accepted by name', () => {
    const { property, allowed } = counting((world, rules) => {
      expect(lostPartitions(world, rules)).toEqual([]);
    });
    fc.assert(property, { numRuns: 2_000 });
    expect(allowed()).toBeGreaterThan(300);
  });

  it('the controllers elect a leader afterwards, unless a quorum of one or two was accepted by name', () => {
    const { property, allowed } = counting((world, rules) => {
      const accepted = world.controllers.length < 3 && rules.accepted.includes('controller-quorum');
      const spared = world.controllers.length === 0 || hasMajority(stopped(world, rules.nodeId));
      expect(spared || accepted).toBe(true);
    });
    fc.assert(property, { numRuns: 2_000 });
    expect(allowed()).toBeGreaterThan(300);
  });

  it('no other node is down, out of sync or unmeasured; in a rollback the node itself may be', () => {
    let sick = 0;
    const { property } = counting((world, rules) => {
      if (world.down.includes(rules.nodeId)) sick += 1;
      expect(reasons(world, rules)).toEqual([]);
    });
    fc.assert(property, { numRuns: 3_000 });
    expect(sick).toBeGreaterThan(30);
  });

  it('no second node may be stopped while the first is away, whatever is accepted', () => {
    const { property } = counting((world, rules) => {
      const after = stopped({ ...world, down: world.down.filter((id) => id !== rules.nodeId) }, rules.nodeId);
      const accepted = ['*', 'controller-quorum'];
      for (const nodeId of nodesOf(world).filter((id) => id !== rules.nodeId))
        expect(isAllowed(after, { ...rules, nodeId, accepted })).toBe(false);
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});

describe('I1: a stop is refused', () => {
  it('only for a reason: what is whole and can be spared may be stopped', () => {
    let without = 0;
    fc.assert(
      fc.property(anyStop, ({ world, rules }) => {
        const given = { ...rules, maybeSick: false };
        if (reasons(world, given).length > 0) return;
        without += 1;
        expect(assessStop(measurementOf(world), given)).toMatchObject({ status: 'successful' });
      }),
      { numRuns: 2_000 },
    );
    expect(without).toBeGreaterThan(300);
  });

  it('all the more with one more fault', () => {
    const faults: ((world: StopWorld, id: NodeId) => StopWorld)[] = [
      (world, id) => ({ ...world, down: [...new Set([...world.down, id])] }),
      (world, id) => ({ ...world, mute: [...new Set([...world.mute, id])] }),
      (world, id) => ({ ...world, lateVoters: [...new Set([...world.lateVoters, id])] }),
      (world, id) => ({
        ...world,
        partitions: world.partitions.map((partition) => ({ ...partition, lagging: [...partition.lagging, id] })),
      }),
    ];
    fc.assert(
      fc.property(anyStop, fc.constantFrom(...faults), fc.nat(9), ({ world, rules }, fault, offset) => {
        const nodes = nodesOf(world);
        const worse = fault(world, nodes[offset % nodes.length] ?? 0);
        const given = { ...rules, maybeSick: false };
        expect(isAllowed(worse, given) && !isAllowed(world, given)).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it('in words that name what was seen, never with an empty message', () => {
    fc.assert(
      fc.property(anyStop, ({ world, rules }) => {
        const { status, message, checks } = assessStop(measurementOf(world), rules);
        expect(message).not.toBe('');
        expect(message).not.toMatch(/undefined|NaN|Infinity|\[object/);
        expect(checks.some((check) => check.status !== 'successful')).toBe(status !== 'successful');
      }),
      { numRuns: 1_000 },
    );
  });
});
