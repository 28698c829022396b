/**
 * Which consumer groups stand still already, before anything is touched? Records arrive on a partition that the group has
 * committed on, and no commit comes. A plan has seconds, not minutes, so this is a warning, never a verdict.
 */
import type { LagTracker } from './lag-tracker';
import { lagOf, type PartitionProgress } from './topic-progress';

/** A group that has not committed for a while although records arrive. */
export interface StandingGroup {
  group: string;
  /** For how long records have been arriving without a commit (ms). */
  forMs: number;
  /** Records not yet committed, over the partitions that stand. */
  lag: number;
  partitions: string[];
}

const pendingMs = ({ pendingSinceMs, lastSeenMs }: PartitionProgress): number | null =>
  pendingSinceMs === null ? null : lastSeenMs - pendingSinceMs;

/** Groups with a partition on which records have been arriving for at least `minMs` without a commit. */
export const standingStill = (tracker: LagTracker, minMs: number): StandingGroup[] => {
  const found: StandingGroup[] = [];
  for (const group of tracker.groups()) {
    const standing: StandingGroup = { group, forMs: 0, lag: 0, partitions: [] };
    for (const [topic, partition, progress] of tracker.partitions(group)) {
      const forMs = pendingMs(progress);
      if (forMs === null || forMs < minMs) continue;
      standing.forMs = Math.max(standing.forMs, forMs);
      standing.lag += lagOf(progress);
      standing.partitions.push(`${topic}-${partition}`);
    }
    if (standing.partitions.length > 0) found.push(standing);
  }
  return found;
};

/** May a longer look still show a group that stands: is one behind whose last commit is not long enough ago? */
export const mayStand = (tracker: LagTracker, minMs: number): boolean => {
  for (const group of tracker.groups()) {
    for (const [, , progress] of tracker.partitions(group)) {
      const forMs = pendingMs(progress);
      if (lagOf(progress) > 0 && (forMs === null || forMs < minMs)) return true;
    }
  }
  return false;
};
