/**
 * An end leaves a parked node as it is: what it parked for may be the reason not to start it. One that is down stays so, and
 * whoever ends the upgrade must know which one it is, and how it is brought back.
 */
import type { NodeId } from '../cluster/cluster';
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
  if (type === 'HostLost')
    return 'is not known to be up, as its host does not answer: when it does and no process of it runs';
  return 'is down and stays so: when you are sure that no process of it runs';
};

const downWords = (plan: UpgradePlan, nodeId: NodeId, trouble: Trouble): string[] => {
  const node = plan.nodes.find((planned) => planned.nodeId === nodeId);
  if (node === undefined) return [];
  const who = `${nodeWords(node.roles, node.nodeId)} (${node.address})`;
  return [`${who} ${stateOf(trouble)}, start it by hand there${howToStart(plan)}`];
};

/**
 * Every node that an end leaves down or that is not known to be up, and what to do, without a full stop; null when there is
 * none. Whatever is parked now, and in whatever order it came.
 */
export const leftDown = ({ plan, down }: Pick<UpgradeState, 'plan' | 'down'>): string | null => {
  if (plan === null) return null;
  const words = Object.entries(down).flatMap(([nodeId, trouble]) => downWords(plan, Number(nodeId), trouble));
  return words.length === 0 ? null : words.join('; ');
};
