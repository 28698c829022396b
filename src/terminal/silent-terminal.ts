import { plain } from '../render/style';
import type { Terminal } from './terminal';

/** A terminal that shows nothing and asks nobody: for upgrades that programs drive. */
export const silentTerminal: Terminal = {
  out: () => undefined,
  err: () => undefined,
  draw: () => undefined,
  interactive: false,
  drawable: false,
  view: { style: plain, width: 100 },
  screen: () => ({ rows: 40, columns: 101 }),
  ask: () => Promise.reject(new Error('nobody is asked')),
};
