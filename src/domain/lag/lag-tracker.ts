/**
 * What a series of lag samples says, kept small: for every partition of every consumer group the last offsets and when
 * they moved. Samples themselves need not be kept.
 */
import { type LagPoint, withLagPoint } from './lag-points';

/** Offsets of one partition of a group. */
export interface PartitionOffsets {
  /** null: the group has no commit on it. */
  committed: number | null;
  /** Log end offset. */
  end: number;
}

/** One look at all consumer groups. */
export interface LagSample {
  /** When the reading *began* (ms since the epoch): what it holds was read then or a little later. */
  atMs: number;
  /** What could not be read and why, in words; only when this is empty does absence mean "gone". Bounded. */
  missing: string[];
  /** Group → `topic-partition` → offsets. A group or partition that could not be read is left out. */
  groups: Record<string, Record<string, PartitionOffsets>>;
}

/** A movement lies between two samples: after the first, seen by the second. */
export interface Movement {
  afterMs: number;
  seenMs: number;
}

export interface PartitionProgress extends PartitionOffsets {
  firstSeenMs: number;
  lastSeenMs: number;
  /** Last movement of the committed offset; null when it never moved while watched. */
  committedMoved: Movement | null;
  /** Last movement of the log end. */
  endMoved: Movement | null;
  /** Since when records have been arriving without any commit; null when none arrived since the last commit. */
  pendingSinceMs: number | null;
  /** The lag at commits, oldest first; a few of them. */
  points: readonly LagPoint[];
}

export interface LagTracker {
  /** Time of the newest sample; null before the first. */
  sampledAtMs: number | null;
  /** Time of the newest sample in which nothing was missing. */
  completeAtMs: number | null;
  /** What the newest sample could not read. */
  missing: string[];
  groups: Record<string, Record<string, PartitionProgress>>;
}

/**
 * A group or partition that complete samples no longer show is forgotten after this long (ms), not at once: a broker that
 * has just become coordinator lists nothing, without an error, until it has loaded its groups (measured on 3.7.2).
 */
const FORGET_AFTER_MS = 15_000;

/** The state before the first sample. */
export const emptyLagTracker: LagTracker = { sampledAtMs: null, completeAtMs: null, missing: [], groups: {} };

/** How many records this group has not yet committed on a partition; never negative. */
export const lagOf = ({ committed, end }: PartitionOffsets): number =>
  committed === null ? 0 : Math.max(0, end - committed);

/** Groups and topics may have any name, `constructor` too: look-ups see own entries only. */
const entryOf = <T>(record: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** Without a commit to see, the first look tells no lag to compare with, unless there is none. */
const firstSight = (seen: PartitionOffsets, atMs: number): PartitionProgress => {
  const { committed, end } = seen;
  const times = { firstSeenMs: atMs, lastSeenMs: atMs, pendingSinceMs: null };
  const points = committed !== null && lagOf(seen) === 0 ? [{ atMs, lag: 0, end }] : [];
  return { committed, end, ...times, committedMoved: null, endMoved: null, points };
};

const advance = (known: PartitionProgress, seen: PartitionOffsets, atMs: number): PartitionProgress => {
  const { committed, end } = seen;
  const movement: Movement = { afterMs: known.lastSeenMs, seenMs: atMs };
  const committedMoves = committed !== known.committed;
  const endMoves = end !== known.end;
  const settled = committedMoves || lagOf(seen) === 0;
  return {
    committed,
    end,
    firstSeenMs: known.firstSeenMs,
    lastSeenMs: atMs,
    committedMoved: committedMoves ? movement : known.committedMoved,
    endMoved: endMoves ? movement : known.endMoved,
    pendingSinceMs: settled ? null : (known.pendingSinceMs ?? (endMoves ? atMs : null)),
    points: settled && committed !== null ? withLagPoint(known.points, { atMs, lag: lagOf(seen), end }) : known.points,
  };
};

const observeGroup = (
  known: Record<string, PartitionProgress>,
  seen: Record<string, PartitionOffsets>,
  { atMs, missing }: LagSample,
): Record<string, PartitionProgress> => {
  const group: [string, PartitionProgress][] = [];
  for (const [partition, progress] of Object.entries(known)) {
    const stays = missing.length > 0 || atMs - progress.lastSeenMs < FORGET_AFTER_MS;
    if (!Object.hasOwn(seen, partition) && stays) group.push([partition, progress]);
  }
  for (const [partition, offsets] of Object.entries(seen)) {
    const progress = entryOf(known, partition);
    group.push([partition, progress ? advance(progress, offsets, atMs) : firstSight(offsets, atMs)]);
  }
  return Object.fromEntries(group);
};

/** The state after one more sample. Samples must come in the order of their times; an older one is ignored. */
export const observe = (tracker: LagTracker, sample: LagSample): LagTracker => {
  if (tracker.sampledAtMs !== null && sample.atMs <= tracker.sampledAtMs) return tracker;
  const names = new Set([...Object.keys(tracker.groups), ...Object.keys(sample.groups)]);
  const groups: [string, Record<string, PartitionProgress>][] = [];
  for (const name of names) {
    const group = observeGroup(entryOf(tracker.groups, name) ?? {}, entryOf(sample.groups, name) ?? {}, sample);
    if (Object.keys(group).length > 0) groups.push([name, group]);
  }
  const { atMs, missing } = sample;
  const completeAtMs = missing.length === 0 ? atMs : tracker.completeAtMs;
  return { sampledAtMs: atMs, completeAtMs, missing, groups: Object.fromEntries(groups) };
};
