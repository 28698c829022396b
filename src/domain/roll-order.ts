/**
 * Which node is restarted next?
 *
 *   1. The canary of the phase, while it still needs the step.
 *   2. Any other node that needs the step, lowest id first, except the active controller.
 *   3. The active controller, when no other node is left.
 *
 * Properties that must hold:
 *   P1. Every node that needs the step is chosen exactly once.
 *   P2. The node that is the active controller *now* is chosen only when it is the last one, even when the controller
 *       moved since the plan was made; the canary is no exception, unless an operator named it.
 *   P3. The reason for the choice is recorded with it.
 *
 * One controller move less: each restart of the active controller makes every broker find a new one.
 */
import type { NodeId } from './cluster';

export interface NextNode {
  nodeId: NodeId;
  reason: string;
}

export interface RollOrderInput {
  remaining: readonly NodeId[];
  canary: NodeId;
  /** The operator named the canary, so it goes first even as the active controller. */
  canaryNamed?: boolean;
  /** The active controller as measured last; null when unknown. */
  controllerId: NodeId | null;
}

/** The next node and why; null when none remains. */
export const nextNode = (input: RollOrderInput): NextNode | null => {
  const { remaining, canary, canaryNamed, controllerId } = input;
  const others = remaining.filter((nodeId) => nodeId !== controllerId).sort((a, b) => a - b);
  if (canaryNamed === true && remaining.includes(canary)) {
    return { nodeId: canary, reason: 'the canary goes first, as the request says' };
  }
  if (others.includes(canary)) return { nodeId: canary, reason: 'the canary goes first; not the active controller' };
  const [first] = others;
  if (first !== undefined) {
    const last = `the active controller (${controllerId ?? 'unknown'}) goes last`;
    return { nodeId: first, reason: `lowest id of ${others.length} left; ${last}` };
  }
  const [last] = remaining;
  return last === undefined ? null : { nodeId: last, reason: 'the active controller goes last' };
};

/** The canary when none is named: not the active controller, the fewest leaders, then the lowest id. */
export const chooseCanary = (
  nodes: readonly { nodeId: NodeId; leaders: number }[],
  controllerId: NodeId | null,
): NodeId | null => {
  const preferred = [...nodes].sort(
    (a, b) =>
      Number(a.nodeId === controllerId) - Number(b.nodeId === controllerId) ||
      a.leaders - b.leaders ||
      a.nodeId - b.nodeId,
  );
  return preferred[0]?.nodeId ?? null;
};
