import type { UpgradeEnding } from '../client/ending';
import type { StatusPhase } from '../domain/upgrade/upgrade-status';
import type { Style } from './style';

/** Where an upgrade stands, in words, and their colour. */
export interface PhaseWords {
  words: string;
  paint: keyof Style;
}

const known: Record<StatusPhase | UpgradeEnding['outcome'], PhaseWords> = {
  planning: { words: 'planning', paint: 'active' },
  'awaiting-approval': { words: 'waiting for approval', paint: 'attention' },
  preparing: { words: 'preparing', paint: 'active' },
  'rolling-binaries': { words: 'rolling to the new binaries', paint: 'active' },
  'rolling-protocol': { words: 'rolling to the new protocol', paint: 'active' },
  finalizing: { words: 'raising features', paint: 'active' },
  'rolling-back': { words: 'putting the old binaries back', paint: 'attention' },
  verifying: { words: 'verifying', paint: 'active' },
  'waiting-for-window': { words: 'waiting for the maintenance window', paint: 'attention' },
  parked: { words: 'parked: needs a person', paint: 'bad' },
  paused: { words: 'paused', paint: 'attention' },
  ending: { words: 'ending', paint: 'attention' },
  completed: { words: 'completed', paint: 'good' },
  'rolled-back': { words: 'rolled back', paint: 'attention' },
  rejected: { words: 'rejected', paint: 'bad' },
  aborted: { words: 'aborted', paint: 'bad' },
  failed: { words: 'failed', paint: 'bad' },
  cancelled: { words: 'cancelled', paint: 'bad' },
  terminated: { words: 'terminated', paint: 'bad' },
};

const isKnown = (phase: string): phase is keyof typeof known => phase in known;

/** On the way to an older release. */
const down = new Map<string, string>([
  ['rolling-binaries', 'rolling to the older binaries'],
  ['rolling-back', 'putting the newer binaries back'],
]);

/** A phase in words; one of a newer worker is shown as it is. */
export const phaseWords = (phase: string, { downgrade }: { downgrade?: boolean } = {}): PhaseWords => {
  const { words, paint } = isKnown(phase) ? known[phase] : { words: phase, paint: 'active' as const };
  return { words: (downgrade === true ? down.get(phase) : undefined) ?? words, paint };
};
