/**
 * Which consumer groups stand still already, before anything is touched? Records arrive on a partition that the group has
 * committed on, and no commit comes. A plan has seconds, not minutes, so this is a warning, never a verdict.
 */
import { lagOf } from './lag-tracker';
import type { LagTracker, PartitionProgress } from './lag-tracker';

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
export const standingStill = ({ groups }: Pick<LagTracker, 'groups'>, minMs: number): StandingGroup[] =>
  Object.entries(groups).flatMap(([group, partitions]) => {
    const standing = Object.entries(partitions).flatMap(([partition, progress]) => {
      const forMs = pendingMs(progress);
      return forMs !== null && forMs >= minMs ? [{ partition, forMs, lag: lagOf(progress) }] : [];
    });
    return standing.length === 0
      ? []
      : [
          {
            group,
            forMs: Math.max(...standing.map(({ forMs }) => forMs)),
            lag: standing.reduce((sum, { lag }) => sum + lag, 0),
            partitions: standing.map(({ partition }) => partition),
          },
        ];
  });

/** May a longer look still show a group that stands: is one behind whose last commit is not long enough ago? */
export const mayStand = ({ groups }: Pick<LagTracker, 'groups'>, minMs: number): boolean =>
  Object.values(groups).some((partitions) =>
    Object.values(partitions).some((progress) => {
      const forMs = pendingMs(progress);
      return lagOf(progress) > 0 && (forMs === null || forMs < minMs);
    }),
  );
