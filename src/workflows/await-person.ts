import { condition } from '@temporalio/workflow';
import { nextAlarm } from '../domain/policy/alarm';
import type { AlarmTimes } from '../domain/policy/approval-policy';
import type { AlarmKind } from '../domain/policy/alarm';

interface PersonWait {
  /** What is waited for, for the summary of the timer. */
  what: string;
  times: AlarmTimes;
  answered: () => boolean;
  onAlarm: (alarm: AlarmKind, waitedMs: number) => void;
}

/**
 * Waits until a person has answered; makes itself heard at its times. Resolves to `expired` when nobody answered in time,
 * which answers nothing: it is for the caller to keep the gate closed.
 */
export const awaitPerson = async ({ what, times, answered, onAlarm }: PersonWait): Promise<'answered' | 'expired'> => {
  const sinceMs = Date.now();
  for (let alarm = nextAlarm(times, 0); alarm !== null; alarm = nextAlarm(times, alarm.afterMs)) {
    const { kind, afterMs } = alarm;
    const summary = `${kind} for ${what}`;
    if (await condition(answered, Math.max(1, sinceMs + afterMs - Date.now()), { summary })) return 'answered';
    if (kind === 'expiry') return 'expired';
    onAlarm(kind, afterMs);
  }
  await condition(answered);
  return 'answered';
};
