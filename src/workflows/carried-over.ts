import type { Fence } from '../domain/upgrade/node-roll';
import type { UpgradeEvent, UpgradeState } from '../domain/upgrade/upgrade-state';
import type { Undelivered } from './notifier';
import type { SilenceMemory } from './silence-keeper';

/** What one run of the workflow hands to the next. Where the upgrade stands is in its state, and nowhere else. */
export interface CarriedOver {
  state: UpgradeState;
  /** The end of the timeline; all of it stays in the runs before. */
  recentEvents: UpgradeEvent[];
  /** How many events there were in all runs so far. */
  eventCount: number;
  fence: Fence | null;
  hostsChanged: boolean;
  searchable: boolean;
  undelivered: Undelivered[];
  silence: SilenceMemory;
}

/** As many as whoever looks asks for at most: what opened the gate that waits now is among them. */
export const maxRecentEvents = 50;
