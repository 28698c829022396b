/**
 * The order that is to be expected, before anything is measured again: the rules of roll-order.ts with the active
 * controller as it was when the plan was made. The workflow itself chooses each next node anew.
 */
import { nextNode, rollGroups } from './roll-order';
import type { NextNode } from './roll-order';
import type { PlannedPhase, UpgradePlan } from './upgrade-plan';

/** Why the canary stands where it stands; `reason` is that of the order's own rules. */
const canaryReason = ({ nodes, canary, canaryNamed, outlook }: UpgradePlan, reason: string): string => {
  if (canaryNamed) return 'the canary: named in the request';
  const leaders = nodes.filter(({ nodeId }) => nodeId === canary).map((node) => node.leaders);
  const controllerId = outlook?.controllerId ?? null;
  if (controllerId === canary) return reason;
  const others = controllerId === null ? '' : 'not the active controller, ';
  return `the canary: ${others}leads the fewest partitions (${leaders.join()})`;
};

/** The nodes that a phase restarts, in the order to be expected, each with the reason for its place. */
export const plannedOrder = (plan: UpgradePlan, phase: PlannedPhase): NextNode[] => {
  const { canary, canaryNamed, outlook } = plan;
  const groups = rollGroups(plan.mode, plan.nodes, plan.downgrade === true ? 'rollback' : 'upgrade');
  const controllerId = outlook?.controllerId ?? null;
  let remaining = plan.steps[phase].filter(({ needed }) => needed).map(({ nodeId }) => nodeId);
  const order: NextNode[] = [];
  for (;;) {
    const next = nextNode({ remaining, groups, canary, canaryNamed, controllerId });
    if (next === null) return order;
    const { nodeId, reason } = next;
    order.push({ nodeId, reason: nodeId === canary ? canaryReason(plan, reason) : reason });
    remaining = remaining.filter((left) => left !== nodeId);
  }
};
