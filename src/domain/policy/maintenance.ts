/**
 * May something new be started now? Maintenance windows and a freeze, in the time zones in which people wrote them. What
 * was begun inside a window is finished outside of it: a broker that is down is never left down.
 *
 * The rules of time zones change by law, and come with the machine; workflows therefore ask an activity.
 */
import { DateTime } from 'luxon';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** Open on these days from a local time to another; one that ends before it begins ends on the next day. */
export interface MaintenanceWindow {
  days: Weekday[];
  /** `HH:MM`, local. */
  from: string;
  /** `HH:MM`, local; `24:00` is the end of the day. */
  to: string;
  /** IANA name, for example `Europe/Berlin`. */
  timeZone: string;
}

export interface MaintenancePolicy {
  /** Empty: always open. */
  windows: MaintenanceWindow[];
  /** Nothing is started before this moment (ms since the epoch); null: no freeze. */
  freezeUntilMs: number | null;
}

export type MaintenanceState = { open: true } | { open: false; why: 'freeze' | 'window'; opensAtMs: number };

/** Outside of a maintenance window, or frozen: in a sentence, and until when. */
export interface ClosedWindow {
  words: string;
  opensAtMs: number;
}

interface Interval {
  fromMs: number;
  toMs: number;
}

/** Every window recurs weekly; two weeks hold the next opening whatever the day. */
const daysAhead = 14;

/** Of `HH:MM`. */
const clockOf = (time: string): { hour: number; minute: number } => ({
  hour: Number(time.slice(0, 2)),
  minute: Number(time.slice(3)),
});

/** The moment of a local time on a day; one that a change of clocks skips is as much later as the clock jumps. */
const momentOf = (day: DateTime, time: string): number => {
  const { hour, minute } = clockOf(time);
  const date = hour === 24 ? day.plus({ days: 1 }) : day;
  return date.set({ hour: hour % 24, minute, second: 0, millisecond: 0 }).toMillis();
};

const intervalOn = (day: DateTime, { from, to }: MaintenanceWindow): Interval => ({
  fromMs: momentOf(day, from),
  toMs: momentOf(to <= from ? day.plus({ days: 1 }) : day, to),
});

/** From yesterday on, whose window may reach into today. */
const intervals = (window: MaintenanceWindow, atMs: number): Interval[] => {
  const today = DateTime.fromMillis(atMs, { zone: window.timeZone }).startOf('day');
  return Array.from({ length: daysAhead + 1 }, (_, index) => today.plus({ days: index - 1 }))
    .filter(({ weekday }) => window.days.some((day) => weekdays.indexOf(day) === weekday - 1))
    .map((day) => intervalOn(day, window));
};

/** The first moment not before this one at which a window is open. */
const openingFrom = ({ windows }: MaintenancePolicy, atMs: number): number => {
  if (windows.length === 0) return atMs;
  const openings = windows
    .flatMap((window) => intervals(window, atMs))
    .filter(({ toMs }) => toMs > atMs)
    .map(({ fromMs }) => Math.max(fromMs, atMs));
  return Math.min(...openings);
};

/** Is it open at this moment, and if not, why, and when is it? */
export const maintenanceAt = (policy: MaintenancePolicy, atMs: number): MaintenanceState => {
  const frozenUntilMs = policy.freezeUntilMs ?? atMs;
  const opensAtMs = openingFrom(policy, Math.max(atMs, frozenUntilMs));
  if (opensAtMs <= atMs) return { open: true };
  return { open: false, why: frozenUntilMs > atMs ? 'freeze' : 'window', opensAtMs };
};

/** Is this the name of a time zone? */
export const isTimeZone = (name: string): boolean => DateTime.fromMillis(0, { zone: name }).isValid;

/** The window as people say it. */
const windowWords = ({ days, from, to, timeZone }: MaintenanceWindow): string =>
  `${days.length === weekdays.length ? 'daily' : days.join(', ')} ${from}-${to} ${timeZone}`;

/** `2026-11-27 22:00 (Europe/Berlin)`: a moment as the people of that place write it. */
const momentWords = (atMs: number, timeZone: string): string =>
  `${DateTime.fromMillis(atMs, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm')} (${timeZone})`;

/** What holds an upgrade back at this moment, in a sentence, and until when; null when nothing does. */
export const closedWindow = (policy: MaintenancePolicy, atMs: number): ClosedWindow | null => {
  const state = maintenanceAt(policy, atMs);
  if (state.open) return null;
  const { why, opensAtMs } = state;
  const opens = momentWords(opensAtMs, policy.windows[0]?.timeZone ?? 'UTC');
  const windows = policy.windows.map(windowWords).join('; ');
  const words =
    why === 'freeze'
      ? `Frozen by the cluster definition: nothing new is started before ${opens}.`
      : `Outside of the maintenance windows (${windows}): nothing new is started before ${opens}.`;
  return { words, opensAtMs };
};

/** The windows of a policy in words, for the plan; empty when it is always open. */
export const maintenanceWords = ({ windows, freezeUntilMs }: MaintenancePolicy): string[] => [
  ...windows.map(windowWords),
  ...(freezeUntilMs === null ? [] : [`frozen until ${momentWords(freezeUntilMs, windows[0]?.timeZone ?? 'UTC')}`]),
];
