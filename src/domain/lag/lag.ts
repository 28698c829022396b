/**
 * Have the consumer groups come through the restart of a broker? Judged by offsets, never by group state: brokers show
 * live groups of the new protocol (KIP-848) as dead to older clients, and every group rebalances for a moment.
 *
 * The rules for a partition are in lag-status, those for a trend in lag-trend. A group is as bad as its worst partition.
 * Settled: a complete sample began after the restart R, and no group is stalled, growing, rising, waiting or not measured.
 *
 * Properties that must hold:
 *   L1. Nothing is stalled before stalledAfterMs have passed since R.
 *   L2. A group that commits within every stalledAfterMs after R is never stalled.
 *   L3. A group whose commits moved shortly before R, and that never commits while the log end moves, becomes stalled.
 *   L4. Samples from before R alone never settle anything.
 *   L5. Ignored groups never hold anything, nor do those that were accepted by name.
 *   L6. Nothing is growing before rebalanceToleranceMs + growingAfterMs have passed since R.
 *   L7. A lag that at commits stays below 500 records, or does not rise, is never growing or rising.
 *   L8. A group that kept up before R, and since then commits but keeps falling behind, is rising once that shows, and
 *       growing in the end: a gate does not settle on it in between.
 *   L9. A group that falls behind as fast as it did before R is never growing.
 */
import type { LagSample } from './lag-sample';
import { type LagTracker, trackerOf } from './lag-tracker';
import { lagOf, type PartitionProgress } from './topic-progress';
import { lagGravity, type LagRules, type LagStatus, partitionVerdict, type PartitionVerdict } from './lag-status';
import { type LagGrowth, lagRate } from './lag-trend';
import { anyMatcher } from '../common/pattern';
import type { ConsumerLagPolicy } from '../policy/policy';

export type { LagStatus };

/** The restart in question, and now. */
export type LagAssessmentInput = Omit<LagRules, 'policy'> & {
  /** Groups that people accepted by name as they are: reported, and holding nothing. */
  acceptedGroups?: readonly string[];
};

/** The verdict on one group. */
export interface GroupAssessment {
  group: string;
  status: LagStatus;
  /** Records not yet committed, over all partitions. */
  lag: number;
  /** Partitions in the status of the group, five of them at most. */
  partitions: string[];
  /** What was seen, with the numbers. */
  sentence: string;
}

/** The verdict on all groups. */
export interface LagAssessment {
  /** The groups have come through: nothing is stalled, growing, rising, waiting or not measured. */
  settled: boolean;
  groups: GroupAssessment[];
  stalled: string[];
  growing: string[];
  rising: string[];
  waiting: string[];
  notMeasured: string[];
  /** Of what could not be read, and of every group that does not simply go on, the gravest first. */
  sentences: string[];
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;

interface SeenPartition extends PartitionVerdict {
  topic: string;
  partition: number;
  progress: PartitionProgress;
}

interface Worst {
  status: LagStatus;
  lag: number;
  /** How many partitions are in that status, and the first of them. */
  count: number;
  partitions: SeenPartition[];
}

/** Evidence stays bounded, and a group that is well may have thousands of partitions. */
const PARTITIONS_TOLD = 5;

const gravityOf = Object.fromEntries(lagGravity.map((status, gravity) => [status, gravity])) as Record<
  LagStatus,
  number
>; // as: fromEntries loses the keys, which are all statuses
const gravity = (status: LagStatus): number => gravityOf[status];

const nameOf = ({ topic, partition }: SeenPartition): string => `${topic}-${partition}`;

const perSecond = (rate: number): string => `${rate.toFixed(1)}/s`;

const trendWords = ({ from, to, before }: LagGrowth): string =>
  `lag from ${from.lag} to ${to.lag} in ${seconds(to.atMs - from.atMs)}, ${perSecond(lagRate(from, to))}; before the restart ${before === null ? 'unknown' : perSecond(before)}`;

const exampleWords = (example: SeenPartition): string => {
  const {
    growth,
    progress: { committed, end },
  } = example;
  const name = nameOf(example);
  return growth === null ? `${name} at ${committed ?? 'no commit'} of ${end}` : `${name}: ${trendWords(growth)}`;
};

const sentenceOf = (group: string, { status, lag, count, partitions }: Worst, rules: LagRules): string => {
  const [example] = partitions.slice(0, 1).map(exampleWords);
  const more = count > 1 ? ` and ${count - 1} more partitions` : '';
  const sinceRestart = seconds(Math.max(0, rules.nowMs - rules.restartedAtMs));
  switch (status) {
    case 'stalled':
      return `group ${group} is stalled: no commit for more than ${seconds(rules.policy.stalledAfterMs)} while records arrive (${example}${more}, lag ${lag})`;
    case 'growing':
      return `group ${group} commits, but its lag grows since the restart ${sinceRestart} ago (${example}${more}, lag ${lag})`;
    case 'rising':
      return `group ${group} commits, but its lag is higher than before the restart ${sinceRestart} ago; whether it grows is not known yet (${example}${more}, lag ${lag})`;
    case 'growing-before':
      return `group ${group} fell behind as fast already before the restart and is not counted (${example}${more}, lag ${lag})`;
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

const assessGroup = (group: string, tracker: LagTracker, rules: LagRules): GroupAssessment => {
  const worst: Worst = { status: 'steady', lag: 0, count: 0, partitions: [] };
  for (const [topic, partition, progress] of tracker.partitions(group)) {
    const verdict = partitionVerdict(progress, rules);
    worst.lag += lagOf(progress);
    if (gravity(verdict.status) > gravity(worst.status)) {
      worst.status = verdict.status;
      worst.partitions = [];
      worst.count = 0;
    }
    if (verdict.status !== worst.status) continue;
    worst.count += 1;
    if (worst.count <= PARTITIONS_TOLD) worst.partitions.push({ ...verdict, topic, partition, progress });
  }
  const { status, lag } = worst;
  return { group, status, lag, partitions: worst.partitions.map(nameOf), sentence: sentenceOf(group, worst, rules) };
};

/** Why the samples as a whole say nothing yet; null when they do. */
const incompleteness = (tracker: LagTracker, { restartedAtMs }: LagRules): string | null => {
  if (tracker.completeAtMs !== null && tracker.completeAtMs >= restartedAtMs) return null;
  if (tracker.missing.length === 0) return 'consumer groups have not been looked at since the restart';
  return `consumer groups could not be read completely since the restart: ${tracker.missing.join('; ')}`;
};

/** Does a group in this status hold a gate? */
const isHeld = (status: LagStatus): boolean => gravity(status) >= gravity('not-measured');

/** The verdict on all groups, from the tracker's state. */
export const assessTracked = (
  policy: ConsumerLagPolicy,
  tracker: LagTracker,
  input: LagAssessmentInput,
): LagAssessment => {
  const rules: LagRules = { ...input, policy };
  const isIgnored = anyMatcher(policy.ignoredGroups);
  const groups = [...tracker.groups()]
    .filter((group) => !isIgnored(group))
    .map((group) => assessGroup(group, tracker, rules));
  const acceptedNames = new Set(input.acceptedGroups);
  const accepted = groups.filter(({ group, status }) => acceptedNames.has(group) && isHeld(status));
  const named = (status: LagStatus): string[] =>
    groups.filter((group) => group.status === status && !accepted.includes(group)).map(({ group }) => group);
  const held = {
    stalled: named('stalled'),
    growing: named('growing'),
    rising: named('rising'),
    waiting: named('waiting'),
    notMeasured: named('not-measured'),
  };
  const incomplete = incompleteness(tracker, rules);
  const notable = groups
    .filter(({ status }) => gravity(status) >= gravity('stalled-before'))
    .sort((one, other) => gravity(other.status) - gravity(one.status));
  return {
    settled: incomplete === null && Object.values(held).every((names) => names.length === 0),
    groups,
    ...held,
    sentences: [
      ...(incomplete === null ? [] : [incomplete]),
      ...notable.filter((group) => !accepted.includes(group)).map(({ sentence }) => sentence),
      ...accepted.map(({ sentence }) => `${sentence}, as accepted by name`),
    ],
  };
};

/** The verdict on all groups, from samples in the order of their times. */
export const assessLag = (
  policy: ConsumerLagPolicy,
  samples: readonly LagSample[],
  input: LagAssessmentInput,
): LagAssessment => assessTracked(policy, trackerOf(samples), input);
