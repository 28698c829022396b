import type { UpgradeEvent } from './upgrade-state';
import type { WaitingFor } from './upgrade-status';

const openedBy: Record<WaitingFor['kind'], UpgradeEvent['type']> = {
  approval: 'gate-opened',
  parked: 'parked',
  paused: 'paused',
};

/** Since when a person is waited for (ms since the epoch); null when the events do not tell. */
export const waitingSince = (events: readonly UpgradeEvent[], kind: WaitingFor['kind']): number | null =>
  events.findLast(({ type }) => type === openedBy[kind])?.atMs ?? null;
