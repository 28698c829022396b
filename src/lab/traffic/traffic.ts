import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../lab-types';
import { until } from '../until';
import type { ClientLine } from './client-lines';
import { checkOnDisk, type CheckedRecord } from './disk-check';
import type { JavaClient } from './java-client';
import { Ledger, type LedgerBalance } from './ledger';
import { ensureTopic } from './topic';
import { startConsumer, startProducer, type ClientSetting } from './verifiable-clients';

/** Which traffic to send through a lab's cluster. */
export interface TrafficOptions {
  lab: Pick<Lab, 'directory' | 'bootstrap' | 'brokers' | 'releaseDirectory'>;
  /** Default 600. */
  ratePerSecond?: number;
  /** Default `orders`; created with 12 partitions when it is not there. */
  topic?: string;
  /** Default `orders-processor`. */
  group?: string;
  log?: (line: string) => void;
  signal?: AbortSignal;
}

/** The books while traffic runs. */
export interface TrafficSnapshot extends LedgerBalance {
  /** How long nothing has been acknowledged; null before the first record. */
  sinceLastAcknowledgedMs: number | null;
  /** How often the consumer's partitions were assigned anew. */
  rebalances: number;
}

/** The books after the consumer has drained all that was acknowledged, or its time was up. */
export interface LedgerReport extends TrafficSnapshot {
  /** Acknowledged and never consumed. */
  lost: number;
  /** The first of them, each looked up in the log once more. */
  lostRecords: CheckedRecord[];
  durationMs: number;
}

/** Live traffic: one real producer, one real consumer, every record booked. */
export interface Traffic {
  readonly topic: string;
  readonly group: string;
  snapshot(): TrafficSnapshot;
  /** Stops the producer, lets the consumer drain, stops it, and closes the books. Safe to call again. */
  finish(): Promise<LedgerReport>;
  /** Ends both clients at once and closes no books: for a lab that is given up. */
  stop(): Promise<void>;
}

const PARTITIONS = 12;
// Two JVM starts and a group's first rebalance on a busy machine.
const START_LIMIT_MS = 60_000;
// The producer's close waits for records in flight, at most its delivery timeout (120 s); a healthy cluster needs 1 s.
const PRODUCER_STOP_MS = 30_000;
const DRAIN_LIMIT_MS = 60_000;
const CONSUMER_STOP_MS = 15_000;
const MAX_LOST_RECORDS = 1000;

/** Starts traffic and resolves when the first records have been consumed; on failure or abort none is left running. */
export async function startTraffic(options: TrafficOptions): Promise<Traffic> {
  const { lab, topic = 'orders', group = 'orders-processor', log = () => undefined } = options;
  const directory = join(lab.directory, 'traffic');
  await mkdir(directory, { recursive: true });
  await ensureTopic({ ...lab, topic, partitions: PARTITIONS, replicas: Math.min(3, lab.brokers.length) });
  options.signal?.throwIfAborted();
  // Seconds since the epoch: grows from run to run and fits the producer's 32-bit prefix until 2038.
  const run = Math.floor(Date.now() / 1000);
  const { releaseDirectory, bootstrap } = lab;
  const books = new Books();
  const setting = {
    releaseDirectory,
    bootstrap,
    topic,
    run,
    directory,
    onLine: (line: ClientLine) => books.book(line),
  };
  const consumer = startConsumer(setting, group);
  const producer = startProducer(setting, options.ratePerSecond ?? 600);
  const stop = async (): Promise<void> => {
    await Promise.all([producer.stop(0), consumer.stop(0)]);
  };
  try {
    await until(() => (firstConsumed(books, { producer, consumer }) ? true : null), {
      what: 'first consumed records',
      timeoutMs: START_LIMIT_MS,
      signal: options.signal,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  log(`traffic runs: topic ${topic}, group ${group}, ${String(options.ratePerSecond ?? 600)} records/s`);
  let report: Promise<LedgerReport> | null = null;
  return {
    topic,
    group,
    snapshot: () => books.snapshot(),
    finish: () => (report ??= finish(books, { producer, consumer, setting, log })),
    stop,
  };
}

interface Clients {
  producer: JavaClient;
  consumer: JavaClient;
}

/** The ledger with the clock and what else is counted from the clients' lines. */
class Books {
  readonly ledger = new Ledger();
  readonly startedMs = performance.now();
  private assignments = 0;

  book(line: ClientLine): void {
    if (line.kind === 'acknowledged') this.ledger.acknowledge({ ...line, atMs: performance.now() });
    else if (line.kind === 'consumed') this.ledger.consume(line);
    else if (line.kind === 'failed') this.ledger.fail(line.message);
    else if (line.kind === 'partitions-assigned') this.assignments++;
  }

  snapshot(): TrafficSnapshot {
    return {
      ...this.ledger.balance(),
      sinceLastAcknowledgedMs: this.ledger.sinceLastAcknowledgedMs(performance.now()),
      rebalances: Math.max(0, this.assignments - 1),
    };
  }
}

function firstConsumed(books: Books, clients: Clients): boolean {
  const ended = [clients.producer, clients.consumer].find((client) => !client.isRunning());
  if (ended !== undefined) throw new Error(`A client of the traffic ended while starting: ${ended.errorTail()}`);
  return books.ledger.balance().consumed > 0;
}

async function finish(
  books: Books,
  { producer, consumer, setting, log }: Clients & { setting: ClientSetting; log: (line: string) => void },
): Promise<LedgerReport> {
  const { ledger } = books;
  if (!producer.isRunning()) ledger.fail(`the producer ended by itself: ${producer.errorTail()}`);
  if (!consumer.isRunning()) ledger.fail(`the consumer ended by itself: ${consumer.errorTail()}`);
  ledger.endGap(performance.now());
  const durationMs = Math.round(performance.now() - books.startedMs);
  const beforeStop = ledger.balance().maxProduceGapMs;
  await producer.stop(PRODUCER_STOP_MS);
  await until(() => (ledger.balance().outstanding === 0 || !consumer.isRunning() ? true : null), {
    what: 'drain',
    timeoutMs: DRAIN_LIMIT_MS,
  }).catch(() => log('the consumer has not drained all that was acknowledged'));
  await consumer.stop(CONSUMER_STOP_MS);
  const lost = ledger.outstanding(MAX_LOST_RECORDS);
  const lostRecords = lost.length === 0 ? [] : await checkOnDisk(setting, lost);
  const closed = books.snapshot();
  // The last records are acknowledged while the producer closes, which is not a gap in the service.
  return { ...closed, maxProduceGapMs: beforeStop, lost: closed.outstanding, lostRecords, durationMs };
}
