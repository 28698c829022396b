/**
 * For how long has everything been measured to be healthy? The soak of a gate ends when that is long enough.
 *
 *   1. Every two good samples after each other add the time between them, but not when it is longer than the heartbeat
 *      time-out: nobody measured then (the workers were down, or handed over).
 *   2. Such a gap adds nothing and takes nothing away: it is no bad sample, and a deploy of the workers must not cost a soak.
 *   3. One bad sample starts the soak again; when, and why, is remembered.
 */
import { clockWords } from '../common/clock-words';
import { isRecord } from '../common/is-record';

/** The heartbeat time-out of the gates (ms): a worker that is silent for longer is not measuring. */
const longestGapMs = 15_000;

/** Evidence stays bounded: the last of them say how it goes, the count says how often. */
const restartsKept = 10;
const reasonLength = 300;

/** The soak began again. */
export interface SoakRestart {
  /** When the bad sample was taken (ms since the epoch). */
  atMs: number;
  /** What failed, with its figures. */
  reason: string;
}

/** How often the soak of a gate began again, and why the last times. */
export interface SoakRestarts {
  soakRestarts: SoakRestart[];
  soakRestartCount: number;
}

/** The state of a soak; JSON-safe, as heartbeats carry it to the next attempt. */
export interface Soak extends SoakRestarts {
  /** Measured healthy time (ms); null while something is wrong, or before the first sample. */
  healthyMs: number | null;
  /** When the last sample was taken (ms since the epoch); null before the first. */
  sampledAtMs: number | null;
}

/** Before the first sample. */
export const freshSoak: Soak = { healthyMs: null, sampledAtMs: null, soakRestarts: [], soakRestartCount: 0 };

/** Rules 1 and 2. A clock that was set back adds nothing. */
export const afterGood = (soak: Soak, atMs: number): Soak => {
  const gapMs = Math.max(0, atMs - (soak.sampledAtMs ?? atMs));
  const measuredMs = gapMs > longestGapMs ? 0 : gapMs;
  return { ...soak, healthyMs: soak.healthyMs === null ? 0 : soak.healthyMs + measuredMs, sampledAtMs: atMs };
};

/** Rule 3. */
export const afterBad = (soak: Soak, atMs: number, reason: string): Soak => {
  if (soak.healthyMs === null) return { ...soak, sampledAtMs: atMs };
  const restart = { atMs, reason: reason.length > reasonLength ? `${reason.slice(0, reasonLength)}…` : reason };
  return {
    healthyMs: null,
    sampledAtMs: atMs,
    soakRestarts: [...soak.soakRestarts, restart].slice(-restartsKept),
    soakRestartCount: soak.soakRestartCount + 1,
  };
};

const ordinal = (count: number): string => {
  const suffix = count % 100 > 10 && count % 100 < 14 ? undefined : ['th', 'st', 'nd', 'rd'][count % 10];
  return `${count}${suffix ?? 'th'}`;
};

/** Why the soak that goes on now is not the first one; null when it is. */
export const restartWords = ({ soakRestarts, soakRestartCount }: SoakRestarts): string | null => {
  const last = soakRestarts.at(-1);
  return last === undefined
    ? null
    : `the soak began again at ${clockWords(last.atMs)}: ${last.reason}; ${ordinal(soakRestartCount)} time`;
};

/** One line for each time that the soak began again, for the evidence of a step. */
export const restartLines = ({ soakRestarts, soakRestartCount }: SoakRestarts): string[] => {
  const untold = soakRestartCount - soakRestarts.length;
  const lines = soakRestarts.map(({ atMs, reason }) => `the soak began again at ${clockWords(atMs)}: ${reason}`);
  return untold > 0 ? [`the soak began again ${untold} times before that`, ...lines] : lines;
};

const isNumberOrNull = (value: unknown): value is number | null => value === null || typeof value === 'number';

const isRestart = (value: unknown): value is SoakRestart =>
  isRecord(value) && typeof value['atMs'] === 'number' && typeof value['reason'] === 'string';

/** The soak that an earlier attempt left behind in its heartbeat; a fresh one when it left none. */
export const soakOf = (left: unknown): Soak => {
  if (!isRecord(left)) return freshSoak;
  const { healthyMs, sampledAtMs, soakRestarts, soakRestartCount } = left;
  const isWhole =
    isNumberOrNull(healthyMs) &&
    isNumberOrNull(sampledAtMs) &&
    Array.isArray(soakRestarts) &&
    typeof soakRestartCount === 'number';
  return isWhole
    ? { healthyMs, sampledAtMs, soakRestarts: soakRestarts.filter(isRestart), soakRestartCount }
    : freshSoak;
};
