/**
 * An end leaves a parked node as it is: what it parked for may be the reason not to start it. One that is down stays so, and
 * whoever ends the upgrade must know which one it is, and how it is brought back.
 */
import { nodeWords } from '../cluster/node-words';
import { startCommand } from '../plan/upgrade-plan';
import type { UpgradePlan } from '../plan/upgrade-plan';
import type { Trouble, UpgradeState } from './upgrade-state';

const howToStart = ({ outlook }: UpgradePlan): string => {
  if (outlook === undefined) return '';
  const environment = outlook.commands === null ? ', with the environment of its service' : '';
  return `: \`${startCommand(outlook)}\`${environment}`;
};

/** A second process beside one that is there would be an outage of its own: each says what to look at first. */
const stateOf = ({ type }: Trouble): string => {
  if (type === 'StopTimedOut') return 'is shutting down and is not brought back: when its process has ended';
  if (type === 'StartTimedOut') return 'runs but does not listen, and is left so: when its process was ended';
  if (type === 'RestartEndedByHand')
    return 'may be down, and is left as it is: when you are sure that no process of it runs';
  return 'is down and stays so: when you are sure that no process of it runs';
};

/** The node that an end leaves down, and what to do, without a full stop; null when there is none. */
export const leftDown = ({ plan, parked }: Pick<UpgradeState, 'plan' | 'parked'>): string | null => {
  if (plan === null || parked?.nodeIsDown !== true) return null;
  const node = plan.nodes.find(({ nodeId }) => nodeId === parked.nodeId);
  if (node === undefined) return null;
  const who = `${nodeWords(node.roles, node.nodeId)} (${node.address})`;
  return `${who} ${stateOf(parked)}, start it by hand there${howToStart(plan)}`;
};
