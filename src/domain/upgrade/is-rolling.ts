import type { UpgradeState } from './upgrade-state';

/** Is a node being restarted now? */
export const isRolling = ({ nodes }: Pick<UpgradeState, 'nodes'>): boolean =>
  Object.values(nodes).some((phase) => Object.values(phase).some(({ state }) => state === 'rolling'));
