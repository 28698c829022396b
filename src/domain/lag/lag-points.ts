/**
 * The lag of a partition over time, kept small: a point at a commit at most every five seconds, and the older the fewer.
 * Only commits are looked at, because between two of them lag rises for every consumer: a saw whose teeth say nothing.
 */

/** The lag of one partition right after a commit. */
export interface LagPoint {
  atMs: number;
  lag: number;
  /** Log end offset: two of them tell how much arrives. */
  end: number;
}

/** The commit interval of Java consumers (auto.commit.interval.ms): points nearer to each other say nothing new (ms). */
const POINT_EVERY_MS = 5_000;

/** Never thinned out: they tell how the lag goes now, and cover the default time of a trend (60 s). */
const RECENT_POINTS = 14;

/** Older points keep a distance of this part of their age: enough to tell how the lag went before a restart. */
const DISTANCE_BY_AGE = 0.15;

/** The longest that a gate usually takes, twice (ms); what was earlier says nothing about a restart. */
const KEPT_FOR_MS = 30 * 60_000;

/** Older ages differ by 15 % from point to point, from 65 s to half an hour: 24 points, and one at each end. */
export const MOST_LAG_POINTS = RECENT_POINTS + 26;

const thinned = (points: readonly LagPoint[], nowMs: number): LagPoint[] => {
  const kept: LagPoint[] = [];
  points.forEach((point, index) => {
    const ageMs = nowMs - point.atMs;
    const earlier = kept.at(-1);
    const isFar = earlier === undefined || point.atMs - earlier.atMs >= DISTANCE_BY_AGE * ageMs;
    const isRecent = points.length - index <= RECENT_POINTS;
    if (ageMs <= KEPT_FOR_MS && (isRecent || isFar)) kept.push(point);
  });
  return kept;
};

/** The points with one more. Of those within five seconds only the lowest is kept, with the time of the first. */
export const withLagPoint = (points: readonly LagPoint[], point: LagPoint): readonly LagPoint[] => {
  const newest = points.at(-1);
  if (newest === undefined || point.atMs - newest.atMs >= POINT_EVERY_MS)
    return thinned([...points, point], point.atMs);
  return point.lag < newest.lag ? [...points.slice(0, -1), { ...newest, lag: point.lag }] : points;
};
