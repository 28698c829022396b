import type { UpgradeEvent } from './upgrade-state';
import type { WaitingFor } from './upgrade-status';

const openedBy: Record<WaitingFor['kind'], readonly UpgradeEvent['type'][]> = {
  approval: ['gate-opened', 'gate-reopened'],
  parked: ['parked'],
  paused: ['paused'],
};

/** Since when a person is waited for (ms since the epoch); null when the events do not tell. */
export const waitingSince = (events: readonly UpgradeEvent[], kind: WaitingFor['kind']): number | null =>
  events.findLast(({ type }) => openedBy[kind].includes(type))?.atMs ?? null;
