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
  if (type === 'HostLost')
    return 'is not known to be up, as its host does not answer: when it does and no process of it runs';
  return 'is down and stays so: when you are sure that no process of it runs';
};

interface NodeDown {
  /** The node and its host in a sentence. */
  who: string;
  trouble: Trouble;
}

const nodesDown = ({ plan, down }: Pick<UpgradeState, 'plan' | 'down'>): NodeDown[] =>
  Object.entries(down).flatMap(([id, trouble]) => {
    const node = plan?.nodes.find(({ nodeId }) => nodeId === Number(id));
    return node === undefined ? [] : [{ who: `${nodeWords(node.roles, node.nodeId)} (${node.address})`, trouble }];
  });

const standing = ({ type }: Trouble): string => {
  if (type === 'StopTimedOut') return 'is shutting down';
  if (type === 'StartTimedOut') return 'runs, but does not listen';
  return type === 'HostLost' ? 'is not known to be up: its host does not answer' : 'is down';
};

/** Every node that is down or not known to be up, each in a sentence of a few words; until its start is proven. */
export const downWords = (state: Pick<UpgradeState, 'plan' | 'down'>): string[] =>
  nodesDown(state).map(({ who, trouble }) => `${who} ${standing(trouble)}`);

/**
 * Every node that an end leaves down or that is not known to be up, and what to do, without a full stop; null when there is
 * none. Whatever is parked now, and in whatever order it came.
 */
export const leftDown = (state: Pick<UpgradeState, 'plan' | 'down'>): string | null => {
  const { plan } = state;
  if (plan === null) return null;
  const words = nodesDown(state).map(
    ({ who, trouble }) => `${who} ${stateOf(trouble)}, start it by hand there${howToStart(plan)}`,
  );
  return words.length === 0 ? null : words.join('; ');
};
