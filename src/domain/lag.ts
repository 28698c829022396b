/**
 * Have the consumer groups come through the restart of a broker? Judged by offsets, never by group state: brokers show
 * live groups of the new protocol (KIP-848) as dead to older clients, and every group rebalances for a moment.
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
 * A group is as bad as its worst partition. Settled: a complete sample began after R, and no group is stalled, waiting
 * or not measured.
 *
 * Properties that must hold:
 *   L1. Nothing is stalled before stalledAfterMs have passed since R.
 *   L2. A group that commits within every stalledAfterMs after R is never stalled.
 *   L3. A group whose commits moved shortly before R, and that never commits while the log end moves, becomes stalled.
 *   L4. Samples from before R alone never settle anything.
 *   L5. Ignored groups never hold anything.
 */
import type { LagSample, LagTracker, PartitionProgress } from './lag-tracker';
import { emptyLagTracker, lagOf, observe } from './lag-tracker';
import { anyMatcher } from './pattern';
import type { ConsumerLagPolicy } from './policy';

/** From harmless to grave: the worst partition speaks for its group. */
const gravity = ['steady', 'caught-up', 'moving', 'stalled-before', 'not-measured', 'waiting', 'stalled'] as const;

export type LagStatus = (typeof gravity)[number];

export interface LagAssessmentInput {
  /** When the restart began (ms since the epoch, by the sampler's clock). */
  restartedAtMs: number;
  nowMs: number;
}

export interface GroupAssessment {
  group: string;
  status: LagStatus;
  /** Records not yet committed, over all partitions. */
  lag: number;
  /** Partitions in the status of the group. */
  partitions: string[];
  /** What was seen, with the numbers. */
  sentence: string;
}

export interface LagAssessment {
  /** The groups have come through: nothing is stalled, waiting or not measured. */
  settled: boolean;
  groups: GroupAssessment[];
  stalled: string[];
  waiting: string[];
  notMeasured: string[];
  /** Of every group that does not simply go on, and of what could not be read. */
  sentences: string[];
}

/** Java consumers commit every 5 s by default (auto.commit.interval.ms); three of those without a commit say enough. */
const QUIET_MS = 3 * 5_000;

/** A partition not seen for this long (ms), or for this many sample intervals, is not measured any more. */
const STALE_MS = 10_000;
const STALE_SAMPLES = 5;

interface Rules extends LagAssessmentInput {
  policy: ConsumerLagPolicy;
}

const isStale = ({ lastSeenMs }: PartitionProgress, { restartedAtMs, nowMs, policy }: Rules): boolean =>
  lastSeenMs < restartedAtMs || nowMs - lastSeenMs > Math.max(STALE_MS, STALE_SAMPLES * policy.sampleIntervalMs);

/** A commit counts for the time after the restart only if the sample before it began after the restart, too. */
const committedSince = ({ committedMoved }: PartitionProgress, { restartedAtMs }: Rules): boolean =>
  committedMoved !== null && committedMoved.afterMs >= restartedAtMs;

/** Rule 2. */
const statusWithoutLag = (progress: PartitionProgress, rules: Rules): LagStatus => {
  const endMoved = progress.endMoved !== null && progress.endMoved.seenMs > rules.restartedAtMs;
  return endMoved || committedSince(progress, rules) ? 'caught-up' : 'steady';
};

/** Rule 3. */
const statusOfBacklog = (progress: PartitionProgress, rules: Rules): LagStatus => {
  if (committedSince(progress, rules)) return 'moving';
  const { committedMoved, lastSeenMs } = progress;
  const wasMoving = committedMoved !== null && rules.restartedAtMs - committedMoved.seenMs < QUIET_MS;
  return wasMoving && lastSeenMs - rules.restartedAtMs <= rules.policy.stalledAfterMs ? 'waiting' : 'steady';
};

/** Rules 4 to 6. Times run up to the last sample, not up to now: what was not looked at did not stand still. */
const statusOfPending = (progress: PartitionProgress, pendingSinceMs: number, rules: Rules): LagStatus => {
  const { restartedAtMs, policy } = rules;
  const stalled = progress.lastSeenMs - Math.max(restartedAtMs, pendingSinceMs) > policy.stalledAfterMs;
  if (committedSince(progress, rules)) return stalled ? 'stalled' : 'moving';
  const neverMoved = progress.committedMoved === null;
  const longBefore = neverMoved ? Math.min(QUIET_MS, policy.stalledAfterMs) : policy.stalledAfterMs;
  if (restartedAtMs - pendingSinceMs >= longBefore) return 'stalled-before';
  return stalled ? 'stalled' : 'waiting';
};

const statusOf = (progress: PartitionProgress, rules: Rules): LagStatus => {
  if (isStale(progress, rules)) return 'not-measured';
  if (progress.committed === null) return 'steady';
  if (lagOf(progress) === 0) return statusWithoutLag(progress, rules);
  const { pendingSinceMs } = progress;
  return pendingSinceMs === null ? statusOfBacklog(progress, rules) : statusOfPending(progress, pendingSinceMs, rules);
};

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;

interface Worst {
  status: LagStatus;
  lag: number;
  partitions: [name: string, progress: PartitionProgress][];
}

const sentenceOf = (group: string, { status, lag, partitions }: Worst, rules: Rules): string => {
  const [example] = partitions.map(([name, { committed, end }]) => `${name} at ${committed ?? 'no commit'} of ${end}`);
  const more = partitions.length > 1 ? ` and ${partitions.length - 1} more partitions` : '';
  const sinceRestart = seconds(Math.max(0, rules.nowMs - rules.restartedAtMs));
  switch (status) {
    case 'stalled':
      return `group ${group} is stalled: no commit for more than ${seconds(rules.policy.stalledAfterMs)} while records arrive (${example}${more}, lag ${lag})`;
    case 'waiting':
      return `group ${group} has not committed since the restart ${sinceRestart} ago (${example}${more}, lag ${lag})`;
    case 'not-measured':
      return `group ${group} could not be read since the restart ${sinceRestart} ago (${example}${more} when last seen)`;
    case 'stalled-before':
      return `group ${group} stood still already before the restart and is not counted (${example}${more}, lag ${lag})`;
    case 'moving':
      return `group ${group} commits (lag ${lag})`;
    case 'caught-up':
      return `group ${group} has caught up`;
    case 'steady':
      return `group ${group} has nothing to do (lag ${lag})`;
  }
};

const assessGroup = (group: string, partitions: Record<string, PartitionProgress>, rules: Rules): GroupAssessment => {
  const worst: Worst = { status: 'steady', lag: 0, partitions: [] };
  for (const entry of Object.entries(partitions)) {
    const status = statusOf(entry[1], rules);
    worst.lag += lagOf(entry[1]);
    if (gravity.indexOf(status) > gravity.indexOf(worst.status)) {
      worst.status = status;
      worst.partitions = [];
    }
    if (status === worst.status) worst.partitions.push(entry);
  }
  const { status, lag } = worst;
  const names = worst.partitions.map(([name]) => name);
  return { group, status, lag, partitions: names, sentence: sentenceOf(group, worst, rules) };
};

/** Why the samples as a whole say nothing yet; null when they do. */
const incompleteness = (tracker: LagTracker, { restartedAtMs }: Rules): string | null => {
  if (tracker.completeAtMs !== null && tracker.completeAtMs >= restartedAtMs) return null;
  if (tracker.missing.length === 0) return 'consumer groups have not been looked at since the restart';
  return `consumer groups could not be read completely since the restart: ${tracker.missing.join('; ')}`;
};

/** The verdict on all groups, from the tracker's state. */
export const assessTracked = (
  policy: ConsumerLagPolicy,
  tracker: LagTracker,
  input: LagAssessmentInput,
): LagAssessment => {
  const rules: Rules = { ...input, policy };
  const isIgnored = anyMatcher(policy.ignoredGroups);
  const groups = Object.entries(tracker.groups)
    .filter(([group]) => !isIgnored(group))
    .map(([group, partitions]) => assessGroup(group, partitions, rules));
  const named = (status: LagStatus): string[] =>
    groups.filter((group) => group.status === status).map(({ group }) => group);
  const [stalled, waiting, notMeasured] = [named('stalled'), named('waiting'), named('not-measured')];
  const incomplete = incompleteness(tracker, rules);
  const notable = groups.filter(({ status }) => gravity.indexOf(status) >= gravity.indexOf('stalled-before'));
  return {
    settled: incomplete === null && stalled.length + waiting.length + notMeasured.length === 0,
    groups,
    stalled,
    waiting,
    notMeasured,
    sentences: [...(incomplete === null ? [] : [incomplete]), ...notable.map(({ sentence }) => sentence)],
  };
};

/** The verdict on all groups, from samples in the order of their times. */
export const assessLag = (
  policy: ConsumerLagPolicy,
  samples: readonly LagSample[],
  input: LagAssessmentInput,
): LagAssessment => assessTracked(policy, samples.reduce(observe, emptyLagTracker), input);
