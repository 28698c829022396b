import fc from 'fast-check';
import { nextAlarm } from '../../../src/domain/policy/alarm';
import type { Alarm } from '../../../src/domain/policy/alarm';
import type { AlarmTimes } from '../../../src/domain/policy/approval-policy';

const times = (
  remindEveryMs: number | null,
  escalateAfterMs: number | null,
  expireAfterMs: number | null,
): AlarmTimes => ({
  remindEveryMs,
  escalateAfterMs,
  expireAfterMs,
});

/** All alarms of a wait that nobody ends, up to a time. */
const alarms = (given: AlarmTimes, untilMs: number): Alarm[] => {
  const heard: Alarm[] = [];
  for (let next = nextAlarm(given, 0); next !== null && next.afterMs <= untilMs; next = nextAlarm(given, next.afterMs))
    heard.push(next);
  return heard;
};

const words = (given: AlarmTimes, untilMs: number): string[] =>
  alarms(given, untilMs).map(({ kind, afterMs }) => `${kind} ${afterMs}`);

describe('the alarms of a wait', () => {
  it.each<[string, AlarmTimes, string[]]>([
    ['none', times(null, null, null), []],
    ['reminders again and again', times(3, null, null), ['reminder 3', 'reminder 6', 'reminder 9']],
    ['an escalation once', times(null, 5, null), ['escalation 5']],
    ['an expiry', times(null, null, 7), ['expiry 7']],
    ['all in their order', times(4, 6, 9), ['reminder 4', 'escalation 6', 'reminder 8', 'expiry 9']],
    ['the gravest of one moment', times(3, 6, 9), ['reminder 3', 'escalation 6', 'expiry 9']],
    ['an expiry before anything else', times(4, 6, 2), ['expiry 2', 'reminder 4', 'escalation 6', 'reminder 8']],
  ])('are %s', (_, given, expected) => {
    expect(words(given, 9)).toEqual(expected);
  });

  it('come one after the other, and never twice at one moment', () => {
    const time = fc.option(fc.integer({ min: 1, max: 50 }));
    fc.assert(
      fc.property(time, time, time, (remind, escalate, expire) => {
        const at = alarms(times(remind, escalate, expire), 200).map(({ afterMs }) => afterMs);
        expect(at).toEqual([...new Set(at)].sort((a, b) => a - b));
      }),
    );
  });
});
