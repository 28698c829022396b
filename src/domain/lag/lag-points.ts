/**
 * The lag of a partition over time, kept small: a point at a commit at most every five seconds, and the older the fewer.
 * Only commits are looked at, because between two of them lag rises for every consumer: a saw whose teeth say nothing.
 */

import { numberAt } from '../common/number-at';

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

/** Numbers of a point. */
const WIDTH = 3;

/** The first room for points; it doubles when it is too small. */
const FIRST_ROOM = 4;

/**
 * The points of some partitions, in one array without an object for any of them: a large cluster has millions. Times and ends
 * are kept as distances from the first of each partition, which four bytes hold exactly up to 4.6 hours and 16.7 million
 * records, and beyond that to 1 in 16 million: nothing to a trend.
 */
export class LagPoints {
  private room = FIRST_ROOM;
  private readonly counts: Uint8Array;
  private readonly first: Float64Array;
  private points: Float32Array;

  constructor(private readonly rows: number) {
    this.counts = new Uint8Array(rows);
    this.first = new Float64Array(rows * 2);
    this.points = new Float32Array(rows * FIRST_ROOM * WIDTH);
  }

  /** One more point of a partition. Of those within five seconds only the lowest is kept, with the time of the first. */
  add(row: number, { atMs, lag, end }: LagPoint): void {
    const count = numberAt(this.counts, row);
    if (count === 0) {
      this.first[row * 2] = atMs;
      this.first[row * 2 + 1] = end;
    }
    const newest = this.at(row, count - 1);
    const age = atMs - numberAt(this.first, row * 2);
    if (count > 0 && age - this.number(newest) < POINT_EVERY_MS) {
      if (lag < this.number(newest + 1)) this.points[newest + 1] = lag;
      return;
    }
    const kept = this.thinned(row, count, age);
    if (kept === this.room) this.widen();
    const place = this.at(row, kept);
    this.points[place] = age;
    this.points[place + 1] = lag;
    this.points[place + 2] = end - numberAt(this.first, row * 2 + 1);
    this.counts[row] = kept + 1;
  }

  /** The points of a partition, oldest first. */
  of(row: number): LagPoint[] {
    const [atMs, end] = [numberAt(this.first, row * 2), numberAt(this.first, row * 2 + 1)];
    return Array.from({ length: numberAt(this.counts, row) }, (_, index) => {
      const place = this.at(row, index);
      return { atMs: atMs + this.number(place), lag: this.number(place + 1), end: end + this.number(place + 2) };
    });
  }

  /** How far the lags of a partition are apart: the highest less the lowest; 0 without points. */
  spread(row: number): number {
    let [lowest, highest] = [Number.POSITIVE_INFINITY, 0];
    for (let index = 0; index < numberAt(this.counts, row); index += 1) {
      const lag = this.number(this.at(row, index) + 1);
      lowest = Math.min(lowest, lag);
      highest = Math.max(highest, lag);
    }
    return Math.max(0, highest - lowest);
  }

  /** Forgets the points of a partition. */
  clear(row: number): void {
    this.counts[row] = 0;
  }

  /** The same points with room for more partitions. */
  grown(rows: number): LagPoints {
    const points = new LagPoints(rows);
    points.room = this.room;
    points.points = new Float32Array(rows * this.room * WIDTH);
    points.points.set(this.points);
    points.counts.set(this.counts);
    points.first.set(this.first);
    return points;
  }

  private at(row: number, index: number): number {
    return (row * this.room + index) * WIDTH;
  }

  private number(place: number): number {
    return numberAt(this.points, place);
  }

  /** Drops what is too old or too near to its neighbour, now that another point comes; how many stay. */
  private thinned(row: number, count: number, nowAge: number): number {
    let kept = 0;
    for (let index = 0; index < count; index += 1) {
      const place = this.at(row, index);
      const ageMs = nowAge - this.number(place);
      const isFar = kept === 0 || this.number(place) - this.number(this.at(row, kept - 1)) >= DISTANCE_BY_AGE * ageMs;
      const isRecent = count + 1 - index <= RECENT_POINTS;
      if (ageMs > KEPT_FOR_MS || !(isRecent || isFar)) continue;
      if (kept !== index) this.points.copyWithin(this.at(row, kept), place, place + WIDTH);
      kept += 1;
    }
    return kept;
  }

  private widen(): void {
    const before = this.room;
    const points = this.points;
    this.room = Math.min(MOST_LAG_POINTS, before * 2);
    this.points = new Float32Array(this.rows * this.room * WIDTH);
    for (let row = 0; row < this.rows; row += 1)
      this.points.set(points.subarray(row * before * WIDTH, (row + 1) * before * WIDTH), row * this.room * WIDTH);
  }
}
