/** When does a wait for a person make itself heard? */
import type { AlarmTimes } from './approval-policy';

/** What is only said; an expiry also closes the gate. */
export type AlarmKind = 'reminder' | 'escalation';

export interface Alarm {
  kind: AlarmKind | 'expiry';
  /** Since the wait began (ms). */
  afterMs: number;
}

/**
 * The next alarm later than `afterMs` of a wait; null when none comes any more. What falls on the same moment comes as the
 * gravest of them: an expiry is an escalation, an escalation is a reminder.
 */
export const nextAlarm = (
  { remindEveryMs, escalateAfterMs, expireAfterMs }: AlarmTimes,
  afterMs: number,
): Alarm | null => {
  const reminder = remindEveryMs === null ? null : (Math.floor(afterMs / remindEveryMs) + 1) * remindEveryMs;
  const candidates: [Alarm['kind'], number | null][] = [
    ['expiry', expireAfterMs],
    ['escalation', escalateAfterMs],
    ['reminder', reminder],
  ];
  return candidates.reduce<Alarm | null>((first, [kind, atMs]) => {
    if (atMs === null || atMs <= afterMs) return first;
    return first === null || atMs < first.afterMs ? { kind, afterMs: atMs } : first;
  }, null);
};
