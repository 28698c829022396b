/**
 * Which node is restarted next?
 *
 *   1. A node that is down: nothing else may be stopped before it is back.
 *   2. Group by group. KRaft: controllers (combined nodes are controllers) before brokers, as Kafka's own upgrade tests do;
 *      a rollback takes the same way back. ZooKeeper: one group.
 *   3. In a group the canary first, then by id; the active controller only when no other node of the group is left.
 *
 * Properties that must hold:
 *   P1. Every node that needs the step is chosen exactly once.
 *   P2. The node that is the active controller *now* is chosen only when it is the last one of its group, even when the
 *       controller moved since the plan was made; the canary is no exception, unless an operator named it.
 *   P3. The reason for the choice is recorded with it.
 *   P4. No broker is chosen while a controller of its phase still needs the step.
 *
 * One controller move less: each restart of the active controller makes every broker find a new one.
 *
 * Source of the order: tests/kafkatest/tests/core/upgrade_test.py of Kafka; the documentation does not say.
 */
import type { ClusterMode, NodeId, NodeRole } from '../cluster/cluster';

export interface NextNode {
  nodeId: NodeId;
  reason: string;
}

/** Nodes that are equals in the order, and what they are called in a reason. */
export interface RollGroup {
  name: string;
  nodes: readonly NodeId[];
}

export interface RollOrderInput {
  remaining: readonly NodeId[];
  groups: readonly RollGroup[];
  canary: NodeId;
  /** The operator named the canary, so it goes first even as the active controller. */
  canaryNamed?: boolean;
  /** The active controller as measured last; null when unknown. */
  controllerId: NodeId | null;
  /** Nodes that do not run now. */
  down?: readonly NodeId[];
}

const nextOfGroup = (input: RollOrderInput, { name, nodes }: RollGroup): NextNode | null => {
  const { canary, canaryNamed, controllerId } = input;
  const remaining = input.remaining.filter((nodeId) => nodes.includes(nodeId));
  const others = remaining.filter((nodeId) => nodeId !== controllerId).sort((a, b) => a - b);
  if (canaryNamed === true && remaining.includes(canary)) {
    return { nodeId: canary, reason: 'the canary goes first, as the request says' };
  }
  if (others.includes(canary)) return { nodeId: canary, reason: 'the canary goes first; not the active controller' };
  const [first] = others;
  if (first !== undefined) {
    const here = controllerId === null || nodes.includes(controllerId);
    const last = here ? `; the active controller (${controllerId ?? 'unknown'}) goes last` : '';
    return { nodeId: first, reason: `lowest id of the ${name} left${last}` };
  }
  const [last] = remaining;
  return last === undefined ? null : { nodeId: last, reason: 'the active controller goes last' };
};

/** The next node and why; null when none remains. */
export const nextNode = (input: RollOrderInput): NextNode | null => {
  const down = input.remaining.find((nodeId) => input.down?.includes(nodeId) === true);
  if (down !== undefined) return { nodeId: down, reason: 'it is down: nothing else may be stopped before it is back' };
  for (const group of input.groups) {
    const next = nextOfGroup(input, group);
    if (next !== null) return next;
  }
  return null;
};

/** A node as the order sees it. */
interface OrderedNode {
  nodeId: NodeId;
  roles: readonly NodeRole[];
}

/** The groups in the order of an upgrade, or of the way back. */
export const rollGroups = (
  mode: ClusterMode,
  nodes: readonly OrderedNode[],
  direction: 'upgrade' | 'rollback',
): RollGroup[] => {
  const of = (wanted: (roles: readonly NodeRole[]) => boolean): NodeId[] =>
    nodes.filter(({ roles }) => wanted(roles)).map(({ nodeId }) => nodeId);
  if (mode === 'zookeeper') return [{ name: 'brokers', nodes: of(() => true) }];
  const groups = [
    { name: 'controllers', nodes: of((roles) => roles.includes('controller')) },
    { name: 'brokers', nodes: of((roles) => !roles.includes('controller')) },
  ];
  return direction === 'upgrade' ? groups : groups.reverse();
};

/** The nodes that go first: the first group that has any. */
export const firstGroup = (groups: readonly RollGroup[]): RollGroup =>
  groups.reduce((first, group) => (first.nodes.length > 0 ? first : group));

/** The rule in words, for the plan. */
export const orderRules: Record<ClusterMode, string> = {
  zookeeper: 'The canary first, then by id; the active controller, as measured before each restart, last.',
  kraft:
    'Controllers first (combined nodes are controllers), then brokers. Among controllers the canary first, then by id; the active controller, as measured before each restart, last of them.',
};

/** The same on the way to an older release. */
export const orderRulesDown: Record<ClusterMode, string> = {
  zookeeper: orderRules.zookeeper,
  kraft:
    'Brokers first, then controllers (combined nodes are controllers): the way up, backwards. In each group the canary first, then by id; the active controller, as measured before each restart, last.',
};

interface CanaryCandidate {
  nodeId: NodeId;
  leaders: number;
}

/** The canary when none is named: of the first group, not the active controller, the fewest leaders, then the lowest id. */
export const chooseCanary = (
  nodes: readonly CanaryCandidate[],
  groups: readonly RollGroup[],
  controllerId: NodeId | null,
): NodeId => {
  const { nodes: first } = firstGroup(groups);
  const isBetter = (a: CanaryCandidate, b: CanaryCandidate): boolean =>
    (Number(a.nodeId === controllerId) - Number(b.nodeId === controllerId) ||
      a.leaders - b.leaders ||
      a.nodeId - b.nodeId) < 0;
  return nodes
    .filter(({ nodeId }) => first.includes(nodeId))
    .reduce((best, node) => (isBetter(node, best) ? node : best)).nodeId;
};
