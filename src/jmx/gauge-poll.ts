import type { NodeGauges } from '../domain/cluster/cluster';
import { messageOf } from '../domain/common/message-of';
import type { GaugeReading } from './gauge-agent';

/** Nobody asked for this time (ms): polling stops, until somebody does. It costs nothing to begin again. */
const IDLE_LIMIT_MS = 30_000;
/** Answers slower than this (ms) leave a gate, which wants young samples, without one most of the time. */
const SLOW_MS = 900;

/** What is polled. */
export interface PollSource {
  url: string;
  intervalMs: number;
  read(signal: AbortSignal): Promise<GaugeReading>;
}

interface Sample {
  gauges: NodeGauges;
  /** When it was asked for: a value may have been read right then, however long the answer took. */
  askedAt: number;
}

interface Waiting {
  since: number;
  finish: (gauges: NodeGauges | null) => void;
}

/** The newest gauges of one node whose agent is asked again and again while somebody wants to know. */
export class GaugePoll {
  private newest: Sample | null = null;
  private lastWords: string | null = null;
  private wantedAt = -Infinity;
  /** Answers to what was asked before this time are no longer of interest. */
  private validFrom = -Infinity;
  private running: Promise<void> | null = null;
  private wake: () => void = () => undefined;
  private readonly ending = new AbortController();
  private readonly waiting = new Set<Waiting>();

  constructor(private readonly source: PollSource) {
    this.lastWords = `${source.url} has not answered yet`;
  }

  /** Somebody wants samples. */
  ask(): void {
    this.wantedAt = performance.now();
    this.running ??= this.poll();
  }

  latest(maxAgeMs: number): NodeGauges | null {
    this.ask();
    return this.newest !== null && performance.now() - this.newest.askedAt <= maxAgeMs ? this.newest.gauges : null;
  }

  trouble(): string | null {
    return this.lastWords;
  }

  /** Forgets what was sampled, also what is being asked right now, and asks again at once. */
  reset(): void {
    this.newest = null;
    this.validFrom = performance.now();
    this.wake();
  }

  next(timeoutMs: number, signal?: AbortSignal): Promise<NodeGauges | null> {
    this.ask();
    this.wake();
    return new Promise((resolve) => {
      const finish = (gauges: NodeGauges | null): void => {
        clearTimeout(timer);
        this.waiting.delete(entry);
        signal?.removeEventListener('abort', cancel);
        resolve(gauges);
      };
      const cancel = (): void => finish(null);
      const entry = { since: performance.now(), finish };
      const timer = setTimeout(cancel, timeoutMs);
      this.waiting.add(entry);
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  async close(): Promise<void> {
    this.ending.abort();
    this.wake();
    await this.running;
  }

  private async poll(): Promise<void> {
    while (!this.ending.signal.aborted && performance.now() - this.wantedAt < IDLE_LIMIT_MS) {
      const askedAt = performance.now();
      await this.readOnce(askedAt);
      // A slow agent has half the time for itself: it works in the broker's own JVM.
      await this.pause(Math.max(this.source.intervalMs, (performance.now() - askedAt) / 2));
    }
    this.running = null;
  }

  private async readOnce(askedAt: number): Promise<void> {
    try {
      const { gauges, missing } = await this.source.read(this.ending.signal);
      const tookMs = performance.now() - askedAt;
      this.lastWords = missing ?? (tookMs > SLOW_MS ? this.slowWords(tookMs) : null);
      if (askedAt < this.validFrom) return;
      this.newest = { gauges, askedAt };
      for (const { since, finish } of [...this.waiting]) if (askedAt >= since) finish(gauges);
    } catch (error) {
      this.lastWords = messageOf(error);
    }
  }

  private slowWords(tookMs: number): string {
    const seconds = (tookMs / 1_000).toFixed(1);
    return `${this.source.url} took ${seconds} s for an answer: too slow for a gate. Let the agent report fewer beans.`;
  }

  private pause(ms: number): Promise<void> {
    if (this.ending.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      // A pause must not keep a process alive that is otherwise done.
      const timer = setTimeout(resolve, ms).unref();
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
