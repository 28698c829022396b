import { GrowingNumbers } from './growing-numbers';

/** Where a record lies in its topic's log. */
export interface RecordPlace {
  partition: number;
  offset: number;
}

/** A record that the producer was told is safe; `atMs` is any clock that only goes forward. */
export interface Acknowledged extends RecordPlace {
  /** The record's own number, counted from 0 by the producer. */
  value: number;
  atMs: number;
}

/** A record that the consumer was handed. */
export interface Consumed extends RecordPlace {
  value: number;
}

/** An acknowledged record that was not consumed. */
export interface LostRecord extends RecordPlace {
  value: number;
}

/** The books of the traffic at one moment. */
export interface LedgerBalance {
  acknowledged: number;
  /** Different records consumed, acknowledged or not. */
  consumed: number;
  /** Acknowledged and not consumed: in flight while traffic runs, lost once the consumer has drained. */
  outstanding: number;
  /** Records that were consumed from more than one place of the log: written twice. */
  duplicated: number;
  /** Places of the log that were consumed more than once: normal after a consumer's rebalance. */
  redelivered: number;
  /** The longest time between two acknowledgements while traffic ran. */
  maxProduceGapMs: number;
  /** What the producer gave up on, by message. */
  producerErrors: { message: string; count: number }[];
}

// Twelve partitions are usual; offsets below 2^40 leave room for 8191 partitions in an exact double.
const OFFSETS_PER_PARTITION = 2 ** 40;
// A broken producer may fail in many ways; the first ones tell enough.
const MAX_DIFFERENT_ERRORS = 50;
const NOWHERE = -1;

/**
 * Double-entry books of records: every acknowledgement against every consumption. Holds about 20 bytes a record, so an
 * hour at 600 records a second takes 50 MB. Pure: clock readings are handed in.
 */
export class Ledger {
  private readonly acknowledgedAt = new GrowingNumbers();
  private readonly consumedAt = new GrowingNumbers();
  private readonly deliveries = new Map<number, GrowingNumbers>();
  private readonly duplicates = new Set<number>();
  private readonly errors = new Map<string, number>();
  private highestValue = -1;
  private acknowledgedCount = 0;
  private consumedCount = 0;
  private outstandingCount = 0;
  private redeliveredCount = 0;
  private lastAcknowledgedMs: number | null = null;
  private maxGapMs = 0;

  /** Books an acknowledgement; a second one for the same record changes nothing. */
  acknowledge(record: Acknowledged): void {
    this.endGap(record.atMs);
    this.lastAcknowledgedMs = record.atMs;
    if (this.acknowledgedAt.get(record.value) !== NOWHERE) return;
    this.acknowledgedAt.set(record.value, pack(record));
    this.highestValue = Math.max(this.highestValue, record.value);
    this.acknowledgedCount++;
    if (this.consumedAt.get(record.value) === NOWHERE) this.outstandingCount++;
  }

  /** Books a consumption, which may come before its acknowledgement does. */
  consume(record: Consumed): void {
    this.countDelivery(record);
    const first = this.consumedAt.get(record.value);
    if (first === NOWHERE) {
      this.consumedAt.set(record.value, pack(record));
      this.consumedCount++;
      if (this.acknowledgedAt.get(record.value) !== NOWHERE) this.outstandingCount--;
    } else if (first !== pack(record)) this.duplicates.add(record.value);
  }

  /** Books a record that the producer gave up on. */
  fail(message: string): void {
    const known = this.errors.has(message) || this.errors.size < MAX_DIFFERENT_ERRORS;
    const key = known ? message : 'other errors';
    this.errors.set(key, (this.errors.get(key) ?? 0) + 1);
  }

  /** Ends the measurement of gaps when the producer is asked to stop: a stall that lasts until then counts as well. */
  endGap(atMs: number): void {
    if (this.lastAcknowledgedMs === null) return;
    this.maxGapMs = Math.max(this.maxGapMs, atMs - this.lastAcknowledgedMs);
  }

  /** Milliseconds since the last acknowledgement; null before the first one. */
  sinceLastAcknowledgedMs(nowMs: number): number | null {
    return this.lastAcknowledgedMs === null ? null : nowMs - this.lastAcknowledgedMs;
  }

  /** The books as they are now. */
  balance(): LedgerBalance {
    return {
      acknowledged: this.acknowledgedCount,
      consumed: this.consumedCount,
      outstanding: this.outstandingCount,
      duplicated: this.duplicates.size,
      redelivered: this.redeliveredCount,
      maxProduceGapMs: Math.round(this.maxGapMs),
      producerErrors: [...this.errors].map(([message, count]) => ({ message, count })),
    };
  }

  /** The first `limit` records that were acknowledged and not consumed, with the place that the producer was told. */
  outstanding(limit: number): LostRecord[] {
    const lost: LostRecord[] = [];
    if (this.outstandingCount === 0) return lost;
    for (let value = 0; value <= this.highestValue && lost.length < limit; value++) {
      const place = this.acknowledgedAt.get(value);
      if (place !== NOWHERE && this.consumedAt.get(value) === NOWHERE) lost.push({ value, ...unpack(place) });
    }
    return lost;
  }

  private countDelivery({ partition, offset }: RecordPlace): void {
    const counts = this.deliveries.get(partition) ?? new GrowingNumbers();
    this.deliveries.set(partition, counts);
    const earlier = Math.max(0, counts.get(offset));
    counts.set(offset, earlier + 1);
    if (earlier === 1) this.redeliveredCount++;
  }
}

function pack({ partition, offset }: RecordPlace): number {
  return partition * OFFSETS_PER_PARTITION + offset;
}

function unpack(place: number): RecordPlace {
  return { partition: Math.floor(place / OFFSETS_PER_PARTITION), offset: place % OFFSETS_PER_PARTITION };
}
