import type { LagSample, TopicOffsets } from '../../src/domain/lag/lag-sample';
import { type LagTracker, trackerOf } from '../../src/domain/lag/lag-tracker';
import type { PartitionProgress } from '../../src/domain/lag/topic-progress';

/** A sample as a test writes it: group → `topic-partition` → offsets. */
export interface PlainSample {
  atMs: number;
  missing: string[];
  groups: Record<string, Record<string, { committed: number | null; end: number }>>;
}

interface Lists extends TopicOffsets {
  committed: (number | null)[];
  ends: number[];
}

const topicsOf = (partitions: PlainSample['groups'][string]): Map<string, TopicOffsets> => {
  const topics = new Map<string, Lists>();
  for (const [name, { committed, end }] of Object.entries(partitions)) {
    const dash = name.lastIndexOf('-');
    const offsets = topics.get(name.slice(0, dash)) ?? { committed: [], ends: [] };
    topics.set(name.slice(0, dash), offsets);
    offsets.committed[Number(name.slice(dash + 1))] = committed;
    offsets.ends[Number(name.slice(dash + 1))] = end;
  }
  return topics;
};

/** The same as the product takes it. */
export const lagSample = ({ atMs, missing, groups }: PlainSample): LagSample => ({
  atMs,
  missing,
  groups: new Map(Object.entries(groups).map(([group, partitions]) => [group, topicsOf(partitions)])),
});

/**
 * A sample a second, from second `from` to second `to`. Ten records a second arrive on one partition; the group commits at every
 * fifth second, up to second `until`.
 */
export const committingUntil = (until: number, from: number, to: number): PlainSample[] =>
  Array.from({ length: to - from + 1 }, (_, index) => {
    const second = from + index;
    const offsets = { committed: Math.floor(Math.min(second, until) / 5) * 50, end: second * 10 };
    return { atMs: second * 1_000, missing: [], groups: { app: { 'orders-3': offsets } } };
  });

/** The state after these samples. */
export const watched = (samples: readonly PlainSample[]): LagTracker => trackerOf(samples.map(lagSample));

const plain = (progress: PartitionProgress): PartitionProgress => ({
  committed: progress.committed,
  end: progress.end,
  firstSeenMs: progress.firstSeenMs,
  lastSeenMs: progress.lastSeenMs,
  committedMoved: progress.committedMoved,
  endMoved: progress.endMoved,
  pendingSinceMs: progress.pendingSinceMs,
  lagSpread: progress.lagSpread,
  points: progress.points,
});

/** What a tracker knows: group → `topic-partition` → progress. */
export const progressOf = (tracker: LagTracker): Record<string, Record<string, PartitionProgress>> =>
  Object.fromEntries(
    [...tracker.groups()].map((group) => [
      group,
      Object.fromEntries(
        [...tracker.partitions(group)].map(([topic, partition, progress]) => [
          `${topic}-${partition}`,
          plain(progress),
        ]),
      ),
    ]),
  );

/** What a sample holds, as a test writes it; partitions without an end are left out. */
export const plainGroups = (groups: LagSample['groups']): PlainSample['groups'] =>
  Object.fromEntries(
    [...groups].map(([group, topics]) => [
      group,
      Object.fromEntries(
        [...topics].flatMap(([topic, { committed, ends }]) =>
          committed.flatMap((offset, partition) => {
            const end = ends[partition];
            return offset === undefined || end === undefined
              ? []
              : [[`${topic}-${partition}`, { committed: offset, end }] as const];
          }),
        ),
      ),
    ]),
  );
