/**
 * Does the lag of a partition grow since a restart? Told by the trend of its points (one per commit, see lag-points),
 * never by one of them.
 *
 * A window of points begins after the tolerance for rebalancing, and covers growingAfterMs and at least four points. It
 * grows when
 *   a. its end is clearly above its beginning: by 500 records, and by what arrives in five seconds, and
 *   b. each half has a quarter of that growth or more (a burst, or a backlog being worked off, is no trend), and
 *   c. no point of the second half is at or below the beginning.
 * What grew before the restart at the same rate is `growing-before`. What was not watched before it cannot be excused.
 * While there is no such window yet, a lag that is clearly above all before the restart, and highest at its newest point,
 * is `rising`: the next node must not be touched until it is known, or its restart would find the growth there "before".
 */
import type { LagPoint } from './lag-points';
import type { ConsumerLagPolicy } from '../policy/policy';

/** What the lag of a partition does that commits, if it does not simply go on. */
export interface LagGrowth {
  status: 'rising' | 'growing-before' | 'growing';
  from: LagPoint;
  to: LagPoint;
  /** Records a second by which the lag grew before the restart; null when it was not watched for long enough. */
  before: number | null;
}

/** When the restart was, and when the partition was last looked at. */
export interface TrendTimes {
  restartedAtMs: number;
  lastSeenMs: number;
}

interface Stretch {
  first: LagPoint;
  middle: LagPoint;
  last: LagPoint;
  points: readonly LagPoint[];
}

/** Three would let one point decide about both halves. */
const LEAST_POINTS = 4;

/** max.poll.records of Java consumers: what one has in its hands is no lag to speak of. */
export const LEAST_GROWTH = 500;

/** A sample sees a commit up to one interval late, and records arrive meanwhile: so much of them is noise (ms). */
const NOISE_MS = 5_000;
const NOISE_SAMPLES = 3;

/** Part of the growth that each half of a window must have; an even growth has one half in each. */
const LEAST_SHARE = 0.25;

/** Traffic is uneven: up to this many times as fast as before counts as the same rate. */
const SAME_RATE = 1.5;

/** The shortest stretch at the end of the points that is long enough. */
const stretchOf = (points: readonly LagPoint[], leastMs: number, leastPoints: number): Stretch | null => {
  const last = points.at(-1);
  const start = points.findLastIndex(
    ({ atMs }, index) => Number(last?.atMs) - atMs >= leastMs && points.length - index >= leastPoints,
  );
  const found = start === -1 ? [] : points.slice(start);
  const [first, middle] = [found[0], found[Math.floor(found.length / 2)]];
  return first === undefined || middle === undefined || last === undefined
    ? null
    : { first, middle, last, points: found };
};

/** Records a second by which the lag grew from one point to the other. */
export const lagRate = (from: LagPoint, to: LagPoint): number =>
  ((to.lag - from.lag) * 1_000) / Math.max(1, to.atMs - from.atMs);

const isClearlyAbove = (to: LagPoint, from: LagPoint, { sampleIntervalMs }: ConsumerLagPolicy): boolean => {
  const arrivedPerMs = (to.end - from.end) / Math.max(1, to.atMs - from.atMs);
  const noise = arrivedPerMs * Math.max(NOISE_MS, NOISE_SAMPLES * sampleIntervalMs);
  return to.lag - from.lag >= Math.max(LEAST_GROWTH, noise);
};

/** Conditions a to c. */
const grows = ({ first, middle, last, points }: Stretch, policy: ConsumerLagPolicy): boolean => {
  const share = LEAST_SHARE * (last.lag - first.lag);
  return (
    isClearlyAbove(last, first, policy) &&
    middle.lag - first.lag >= share &&
    last.lag - middle.lag >= share &&
    points.slice(Math.floor(points.length / 2)).every(({ lag }) => lag > first.lag)
  );
};

const isSameRate = (from: LagPoint, to: LagPoint, before: number | null): boolean =>
  before !== null && lagRate(from, to) <= SAME_RATE * before;

/** Suspected growth, for which the window is still too short; three points, as the first ones show the restart itself. */
const risingOf = (since: readonly LagPoint[], before: Stretch, policy: ConsumerLagPolicy): LagGrowth | null => {
  const to = since.at(-1);
  if (to === undefined || since.length < 3 || since.some(({ lag }) => lag > to.lag)) return null;
  const highest = before.points.reduce((one, other) => (other.lag >= one.lag ? other : one));
  const rate = lagRate(before.first, before.last);
  const suspicious = isClearlyAbove(to, highest, policy) && !isSameRate(before.last, to, rate);
  return suspicious ? { status: 'rising', from: highest, to, before: rate } : null;
};

/** What the lag of a partition does since the restart, by its points; null when nothing speaks for growth. */
export const lagGrowth = (
  points: readonly LagPoint[],
  { restartedAtMs, lastSeenMs }: TrendTimes,
  policy: ConsumerLagPolicy,
): LagGrowth | null => {
  const { growingAfterMs, rebalanceToleranceMs } = policy;
  const toleratedUntilMs = restartedAtMs + rebalanceToleranceMs;
  const earlier = points.filter(({ atMs }) => atMs <= restartedAtMs);
  const before = stretchOf(earlier, growingAfterMs / 2, 2);
  const judged = points.filter(({ atMs }) => atMs >= toleratedUntilMs);
  const window = stretchOf(judged, growingAfterMs, LEAST_POINTS);
  if (window !== null) {
    if (!grows(window, policy)) return null;
    const rate = before === null ? null : lagRate(before.first, before.last);
    const status = isSameRate(window.first, window.last, rate) ? 'growing-before' : 'growing';
    return { status, from: window.first, to: window.last, before: rate };
  }
  // A group that commits too rarely for a window by then is not held for ever.
  if (before === null || lastSeenMs > toleratedUntilMs + 2 * growingAfterMs) return null;
  return risingOf(points.slice(earlier.length), before, policy);
};
