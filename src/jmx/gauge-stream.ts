import type { NodeGauges } from '../domain/cluster/cluster';
import type { HostSession, LineStream } from '../ssh/host-session';
import { gaugeBeans, gaugesOf } from './jmx-beans';
import type { GaugedNode } from './jmx-beans';
import { JmxCsv } from './jmx-csv';
import { jmxLoopScript, type JmxToolTarget } from './jmxtool-script';
import { messageOf } from '../domain/common/message-of';

/** A stream that ended or could not be opened is opened again after this time (ms), doubled up to the limit. */
const REOPEN_AFTER_MS = 500;
const REOPEN_LIMIT_MS = 8_000;

/**
 * A stream that nobody asks keeps a JVM on a broker's host, and one that gets no samples starts JVMs again and again: they
 * are closed after this time without a question (ms), and opened again by the next one. A person's pause at a gate is
 * mostly shorter than the first.
 */
const IDLE_LIMIT_MS = 10 * 60_000;
const IDLE_LIMIT_WITHOUT_SAMPLES_MS = 60_000;
const IDLE_CHECK_MS = 15_000;

/** Where one node's gauges come from. */
export interface GaugeSource extends GaugedNode {
  session: HostSession;
  tool: JmxToolTarget;
}

interface Sample {
  gauges: NodeGauges;
  receivedAt: number;
}

type Listener = (gauges: NodeGauges) => void;

/** One node's stream of gauges. It opens itself again until it is closed or nobody asks any more. */
export class GaugeStream {
  private newest: Sample | null = null;
  private lastWords: string | null = 'the stream has just been opened';
  private stream: LineStream | null = null;
  private failures = 0;
  private timer: NodeJS.Timeout | null = null;
  private closed = false;
  /** Nobody asked for long: not opened again before the next question. */
  private asleep = false;
  private askedAt = performance.now();
  /** From the attempt to open until the end. */
  private live = false;
  private readonly idleCheck = setInterval(() => this.sleepWhenIdle(), IDLE_CHECK_MS).unref();
  private running: Promise<void>;
  private readonly listeners = new Set<Listener>();

  constructor(private readonly source: GaugeSource) {
    this.running = this.connect();
  }

  /** Somebody wants samples: wakes a stream that sleeps. */
  ask(): void {
    this.askedAt = performance.now();
    if (!this.asleep) return;
    this.asleep = false;
    if (!this.live) this.running = this.connect();
  }

  latest(maxAgeMs: number): NodeGauges | null {
    this.ask();
    if (this.newest === null || performance.now() - this.newest.receivedAt > maxAgeMs) return null;
    return this.newest.gauges;
  }

  trouble(): string | null {
    return this.lastWords;
  }

  /** Forgets what was sampled; a stream that waits before it opens again does so now. */
  reset(): void {
    this.newest = null;
    this.failures = 0;
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.running = this.connect();
  }

  next(timeoutMs: number, signal?: AbortSignal): Promise<NodeGauges | null> {
    this.ask();
    return new Promise((resolve) => {
      const finish = (gauges: NodeGauges | null): void => {
        clearTimeout(timer);
        this.listeners.delete(finish);
        signal?.removeEventListener('abort', cancel);
        resolve(gauges);
      };
      const cancel = (): void => finish(null);
      const timer = setTimeout(cancel, timeoutMs);
      this.listeners.add(finish);
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /** Closes the channel, which ends the JVM on the host, and waits until it has. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.idleCheck);
    if (this.timer !== null) clearTimeout(this.timer);
    this.stream?.close();
    await this.running;
  }

  private sleepWhenIdle(): void {
    const limit = this.lastWords === null ? IDLE_LIMIT_MS : IDLE_LIMIT_WITHOUT_SAMPLES_MS;
    if (this.asleep || performance.now() - this.askedAt < limit) return;
    this.asleep = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.stream?.close();
  }

  private async connect(): Promise<void> {
    this.live = true;
    try {
      const csv = new JmxCsv();
      this.stream = await this.source.session.stream('sh -s', {
        stdin: jmxLoopScript(this.source.tool, gaugeBeans(this.source)),
        onStdoutLine: (line) => this.readLine(csv, line),
        onStderrLine: (line) => this.readError(line),
        description: `the gauge stream of node ${this.source.nodeId}`,
      });
      if (this.closed || this.asleep) this.stream.close();
      this.lastWords = (await this.stream.ended).reason;
    } catch (error) {
      this.lastWords = messageOf(error);
    }
    this.stream = null;
    this.live = false;
    if (!this.closed && !this.asleep) this.reopenLater();
  }

  private reopenLater(): void {
    const delay = Math.min(REOPEN_AFTER_MS * 2 ** this.failures, REOPEN_LIMIT_MS);
    this.failures += 1;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.running = this.connect();
    }, delay);
    // A stream that waits must not keep a process alive that is otherwise done.
    this.timer.unref();
  }

  private readLine(csv: JmxCsv, line: string): void {
    const row = csv.read(line);
    const gauges = row && gaugesOf(row, this.source.nodeId);
    if (!gauges) return;
    this.newest = { gauges, receivedAt: performance.now() };
    this.lastWords = null;
    this.failures = 0;
    for (const listener of [...this.listeners]) listener(gauges);
  }

  private readError(line: string): void {
    // Stack frames say less than the line before them.
    if (line.trim() !== '' && !/^\s+(at |\.\.\. )/.test(line)) this.lastWords = line.trim().slice(0, 500);
  }
}
