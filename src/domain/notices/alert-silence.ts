/**
 * When are the alerts of a cluster silenced? Only while nodes are really being touched: an alert while an upgrade waits for
 * a person, a pause or a window is news. The silence has a short life and is made longer by whoever keeps it, so that it
 * lapses by itself when nobody does, whatever happened to the upgrade.
 */
import { isRolling } from '../upgrade/is-rolling';
import type { UpgradeState } from '../upgrade/upgrade-state';

/** How long a silence lasts when nobody makes it longer (ms): a broker that takes its time, not a night. */
export const silenceLifeMs = 15 * 60_000;

/** How often it is made longer (ms): two of these may fail before it lapses, and a history holds few of them. */
export const silenceRenewalMs = 5 * 60_000;

const waits = ({ openGate, parked, paused, closedWindow, ending }: UpgradeState): boolean =>
  openGate !== null || parked !== null || paused || closedWindow !== null || ending !== null;

/** Items in which nodes are restarted, or measured right afterwards: a roll, the health after it, the second roll. */
const touchingItems = [4, 5, 7] as const;

/** Are nodes being touched, so that alerts about them are no news? A node in progress is finished also in a pause. */
export const isTouchingNodes = (state: UpgradeState): boolean => {
  if (state.ended !== null) return false;
  if (isRolling(state)) return true;
  return !waits(state) && touchingItems.some((item) => state.items[item].state === 'running');
};
