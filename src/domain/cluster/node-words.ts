import type { NodeId, NodeRole } from './cluster';

/** A node in a sentence: `broker 2`, also when it is a controller, too; `controller 101` when it is only that. */
export const nodeWords = (roles: readonly NodeRole[], nodeId: NodeId): string =>
  `${roles.includes('broker') ? 'broker' : 'controller'} ${nodeId}`;

/** The same at the start of a sentence. */
export const capitalized = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
