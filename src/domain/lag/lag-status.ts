/**
 * What one partition of a consumer group does since a restart.
 *
 * R is when the restart began. "Pending" means: records have arrived since the last commit. For every partition that a
 * group has committed on:
 *   1. Not seen in a sample that began after R, or not for a while: `not-measured`.
 *   2. No commit: `steady`. No lag: `caught-up` when something moved since R, else `steady`.
 *   3. Lag, nothing pending: `moving` when a commit moved since R. Else `waiting` when commits moved shortly before R
 *      (a backlog was being worked off), but for stalledAfterMs at most. Else `steady`: nothing comes, nothing goes.
 *   4. Pending, and a commit moved since R: `moving`, and `stalled` when pending for more than stalledAfterMs.
 *   5. Pending long before R: for stalledAfterMs, or for three commit intervals when no commit was ever seen to move:
 *      `stalled-before`. Not the restart's doing; it is reported and holds nothing.
 *   6. Otherwise `waiting`, and `stalled` when pending for more than stalledAfterMs since R.
 *   7. What is `moving` may yet fall behind: `rising`, `growing` or `growing-before`, as told in lag-trend.
 */
import { lagOf, type PartitionProgress } from './topic-progress';
import { LEAST_GROWTH, lagGrowth, type LagGrowth } from './lag-trend';
import type { ConsumerLagPolicy } from '../policy/policy';

/** From harmless to grave: the worst partition speaks for its group. */
export const lagGravity = [
  'steady',
  'caught-up',
  'moving',
  'stalled-before',
  'growing-before',
  'not-measured',
  'rising',
  'waiting',
  'growing',
  'stalled',
] as const;

/** What a group, or one of its partitions, does. */
export type LagStatus = (typeof lagGravity)[number];

/** What the judgement goes by. */
export interface LagRules {
  /** When the restart began (ms since the epoch, by the sampler's clock). */
  restartedAtMs: number;
  nowMs: number;
  policy: ConsumerLagPolicy;
}

/** The verdict on one partition. */
export interface PartitionVerdict {
  status: LagStatus;
  /** The numbers of a trend; null when the status is not about one. */
  growth: LagGrowth | null;
}

/** Java consumers commit every 5 s by default (auto.commit.interval.ms); three of those without a commit say enough. */
const QUIET_MS = 3 * 5_000;

/** A partition not seen for this long (ms), or for this many sample intervals, is not measured any more. */
const STALE_MS = 10_000;
const STALE_SAMPLES = 5;

const isStale = ({ lastSeenMs }: PartitionProgress, { restartedAtMs, nowMs, policy }: LagRules): boolean =>
  lastSeenMs < restartedAtMs || nowMs - lastSeenMs > Math.max(STALE_MS, STALE_SAMPLES * policy.sampleIntervalMs);

/** A commit counts for the time after the restart only if the sample before it began after the restart, too. */
const committedSince = ({ committedMoved }: PartitionProgress, { restartedAtMs }: LagRules): boolean =>
  committedMoved !== null && committedMoved.afterMs >= restartedAtMs;

/** Rule 2. */
const statusWithoutLag = (progress: PartitionProgress, rules: LagRules): LagStatus => {
  const endMoved = progress.endMoved !== null && progress.endMoved.seenMs > rules.restartedAtMs;
  return endMoved || committedSince(progress, rules) ? 'caught-up' : 'steady';
};

/** Rule 3. */
const statusOfBacklog = (progress: PartitionProgress, rules: LagRules): LagStatus => {
  if (committedSince(progress, rules)) return 'moving';
  const { committedMoved, lastSeenMs } = progress;
  const wasMoving = committedMoved !== null && rules.restartedAtMs - committedMoved.seenMs < QUIET_MS;
  return wasMoving && lastSeenMs - rules.restartedAtMs <= rules.policy.stalledAfterMs ? 'waiting' : 'steady';
};

/** Rules 4 to 6. Times run up to the last sample, not up to now: what was not looked at did not stand still. */
const statusOfPending = (progress: PartitionProgress, pendingSinceMs: number, rules: LagRules): LagStatus => {
  const { restartedAtMs, policy } = rules;
  const stalled = progress.lastSeenMs - Math.max(restartedAtMs, pendingSinceMs) > policy.stalledAfterMs;
  if (committedSince(progress, rules)) return stalled ? 'stalled' : 'moving';
  const neverMoved = progress.committedMoved === null;
  const longBefore = neverMoved ? Math.min(QUIET_MS, policy.stalledAfterMs) : policy.stalledAfterMs;
  if (restartedAtMs - pendingSinceMs >= longBefore) return 'stalled-before';
  return stalled ? 'stalled' : 'waiting';
};

const statusByOffsets = (progress: PartitionProgress, rules: LagRules): LagStatus => {
  if (isStale(progress, rules)) return 'not-measured';
  if (progress.committed === null) return 'steady';
  if (lagOf(progress) === 0) return statusWithoutLag(progress, rules);
  const { pendingSinceMs } = progress;
  return pendingSinceMs === null ? statusOfBacklog(progress, rules) : statusOfPending(progress, pendingSinceMs, rules);
};

/** Judges one partition. */
export const partitionVerdict = (progress: PartitionProgress, rules: LagRules): PartitionVerdict => {
  const status = statusByOffsets(progress, rules);
  const times = { restartedAtMs: rules.restartedAtMs, lastSeenMs: progress.lastSeenMs };
  // Of lags so near to each other none is clearly above another: most partitions need no second thought.
  const mayGrow = status === 'moving' && progress.lagSpread >= LEAST_GROWTH;
  const growth = mayGrow ? lagGrowth(progress.points, times, rules.policy) : null;
  return { status: growth?.status ?? status, growth };
};
