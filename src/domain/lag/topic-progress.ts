/** How a group gets on with one topic: numbers of all its partitions in one array, without an object for any of them. */
import type { TopicOffsets } from './lag-sample';
import { LagPoints, type LagPoint } from './lag-points';
import { numberAt } from '../common/number-at';

/** A movement lies between two samples: after the first, seen by the second. */
export interface Movement {
  afterMs: number;
  seenMs: number;
}

/** What the samples say of one partition of a group. */
export interface PartitionProgress {
  /** null: the group has no commit on it. */
  readonly committed: number | null;
  /** Log end offset. */
  readonly end: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Last movement of the committed offset; null when it never moved while watched. */
  readonly committedMoved: Movement | null;
  /** Last movement of the log end. */
  readonly endMoved: Movement | null;
  /** Since when records have been arriving without any commit; null when none arrived since the last commit. */
  readonly pendingSinceMs: number | null;
  /** How far the lags at commits are apart. */
  readonly lagSpread: number;
  /** The lag at commits, oldest first; a few of them. */
  readonly points: readonly LagPoint[];
}

/** Of a partition; NaN stands for null. A partition that is not known was never seen last. */
const COMMITTED = 0;
const END = 1;
const FIRST_SEEN = 2;
const LAST_SEEN = 3;
const COMMIT_AFTER = 4;
const COMMIT_SEEN = 5;
const END_AFTER = 6;
const END_SEEN = 7;
const PENDING_SINCE = 8;
const WIDTH = 9;

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** How many records a group has not yet committed on a partition; never negative. */
export const lagOf = ({ committed, end }: Pick<PartitionProgress, 'committed' | 'end'>): number =>
  committed === null ? 0 : Math.max(0, end - committed);

/** A partition as a view of its numbers. */
class PartitionView implements PartitionProgress {
  constructor(
    private readonly numbers: Float64Array,
    private readonly at: number,
    private readonly kept: { points: LagPoints; row: number },
  ) {}

  get committed(): number | null {
    return orNull(this.value(COMMITTED));
  }
  get end(): number {
    return this.value(END);
  }
  get firstSeenMs(): number {
    return this.value(FIRST_SEEN);
  }
  get lastSeenMs(): number {
    return this.value(LAST_SEEN);
  }
  get committedMoved(): Movement | null {
    return this.movement(COMMIT_AFTER, COMMIT_SEEN);
  }
  get endMoved(): Movement | null {
    return this.movement(END_AFTER, END_SEEN);
  }
  get pendingSinceMs(): number | null {
    return orNull(this.value(PENDING_SINCE));
  }
  get lagSpread(): number {
    return this.kept.points.spread(this.kept.row);
  }
  get points(): readonly LagPoint[] {
    return this.kept.points.of(this.kept.row);
  }

  private value(field: number): number {
    return numberAt(this.numbers, this.at + field);
  }

  private movement(after: number, seen: number): Movement | null {
    const seenMs = this.value(seen);
    return Number.isNaN(seenMs) ? null : { afterMs: this.value(after), seenMs };
  }
}

/** The partitions of one topic, by number. */
export class TopicProgress {
  private rows = 0;
  private numbers = new Float64Array(0);
  private points = new LagPoints(0);

  /**
   * What a sample that began at `atMs` saw; partitions without a log end were not measured. False when it measured none.
   */
  observe({ committed, ends }: TopicOffsets, atMs: number): boolean {
    let measured = false;
    if (committed.length > this.rows) this.grow(committed.length);
    for (let row = 0; row < committed.length; row += 1) {
      const offset = committed[row];
      const end = ends[row];
      if (offset === undefined || end === undefined) continue;
      measured = true;
      this.see(row, { committed: offset ?? Number.NaN, end, atMs });
    }
    return measured;
  }

  /** Forgets partitions that were seen last before this (ms since the epoch); true when none is left. */
  forget(beforeMs: number): boolean {
    let known = 0;
    for (let row = 0; row < this.rows; row += 1) {
      const at = row * WIDTH;
      if (this.value(at + LAST_SEEN) <= beforeMs) this.numbers.fill(Number.NaN, at, at + WIDTH);
      else if (!Number.isNaN(this.value(at + LAST_SEEN))) known += 1;
    }
    return known === 0;
  }

  /** Every known partition, by number. */
  *partitions(): Generator<[partition: number, progress: PartitionProgress]> {
    for (let row = 0; row < this.rows; row += 1) {
      const at = row * WIDTH;
      if (Number.isNaN(this.value(at + LAST_SEEN))) continue;
      yield [row, new PartitionView(this.numbers, at, { points: this.points, row })];
    }
  }

  private value(place: number): number {
    return numberAt(this.numbers, place);
  }

  private grow(rows: number): void {
    const numbers = new Float64Array(rows * WIDTH).fill(Number.NaN);
    numbers.set(this.numbers);
    this.numbers = numbers;
    this.points = this.points.grown(rows);
    this.rows = rows;
  }

  private see(row: number, seen: { committed: number; end: number; atMs: number }): void {
    const at = row * WIDTH;
    const { numbers } = this;
    const { committed, end, atMs } = seen;
    const lastSeenMs = this.value(at + LAST_SEEN);
    if (Number.isNaN(lastSeenMs)) this.meet(row, atMs);
    else this.move(at, seen, lastSeenMs);
    // Without a commit to see, the first look tells no lag to compare with, unless there is none.
    const isNew = Number.isNaN(lastSeenMs);
    const commitMoved = !isNew && !Object.is(committed, this.value(at + COMMITTED));
    const settled = commitMoved || !(end > committed);
    if (settled && !Number.isNaN(committed)) this.points.add(row, { atMs, lag: Math.max(0, end - committed), end });
    numbers[at + COMMITTED] = committed;
    numbers[at + END] = end;
    numbers[at + LAST_SEEN] = atMs;
  }

  private meet(row: number, atMs: number): void {
    this.points.clear(row);
    this.numbers[row * WIDTH + FIRST_SEEN] = atMs;
  }

  private move(at: number, seen: { committed: number; end: number; atMs: number }, lastSeenMs: number): void {
    const { numbers } = this;
    const { committed, end, atMs } = seen;
    const commitMoves = !Object.is(committed, this.value(at + COMMITTED));
    const endMoves = end !== this.value(at + END);
    if (commitMoves) {
      numbers[at + COMMIT_AFTER] = lastSeenMs;
      numbers[at + COMMIT_SEEN] = atMs;
    }
    if (endMoves) {
      numbers[at + END_AFTER] = lastSeenMs;
      numbers[at + END_SEEN] = atMs;
    }
    if (commitMoves || !(end > committed)) numbers[at + PENDING_SINCE] = Number.NaN;
    else if (endMoves && Number.isNaN(this.value(at + PENDING_SINCE))) numbers[at + PENDING_SINCE] = atMs;
  }
}
