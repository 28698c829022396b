import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeId } from '../domain/cluster/cluster';
import { assessTracked, type LagAssessment, type LagAssessmentInput } from '../domain/lag/lag';
import { LagTracker } from '../domain/lag/lag-tracker';
import { anyMatcher } from '../domain/common/pattern';
import type { ConsumerLagPolicy } from '../domain/policy/policy';
import type { KafkaReader } from './kafka-reader';
import { LagReading } from './lag-reading';

export interface LagSamplerOptions {
  reader: KafkaReader;
  nodeIds: readonly NodeId[];
  policy: ConsumerLagPolicy;
  /** For tests; default ten minutes. */
  idleLimitMs?: number;
}

/** Evidence must stay bounded: a cluster may have thousands of groups that cannot be read for a moment. */
const MISSING_TOLD = 5;

const bounded = (missing: readonly string[]): string[] =>
  missing.length <= MISSING_TOLD
    ? [...missing]
    : [...missing.slice(0, MISSING_TOLD), `and ${missing.length - MISSING_TOLD} more`];

/** The promise's outcome, unless the caller gives up first. */
const unlessAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const giveUp = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', giveUp);
    });
  });

/** Sampling may take a third of this process's time at most: where groups are many, samples are rarer than the policy asks. */
const INTERVAL_PER_COST = 3;

/** A cluster that no step has asked about for so long is not being upgraded (ms): its brokers are left in peace. */
const IDLE_LIMIT_MS = 10 * 60_000;

/**
 * Samples the offsets of all consumer groups in the background and keeps what the samples say. Brokers that are away make
 * samples incomplete, never make them fail.
 */
export class LagSampler {
  private readonly reading: LagReading;
  private readonly stopping = new AbortController();
  private readonly tracker = new LagTracker();
  private timer: NodeJS.Timeout | null = null;
  private askedAt = performance.now();
  /** What the last sample cost this process (ms of its event loop, with whatever else ran meanwhile). */
  private costMs = 0;
  private current: Promise<void> | null = null;
  private next: Promise<void> | null = null;

  constructor(private readonly options: LagSamplerOptions) {
    const { reader, nodeIds, policy } = options;
    this.reading = new LagReading({
      reader,
      nodeIds,
      isIgnoredGroup: anyMatcher(policy.ignoredGroups),
      isIgnoredTopic: anyMatcher(policy.ignoredTopics),
    });
  }

  /**
   * Samples now and then at every interval of the policy (`sampleIntervalMs`), more rarely where a sample is expensive, until
   * stopped, or until nobody has asked or started it for ten minutes.
   */
  start(): void {
    this.askedAt = performance.now();
    if (this.timer !== null || this.stopping.signal.aborted) return;
    this.timer = setInterval(() => {
      this.tick();
    }, this.options.policy.sampleIntervalMs);
    this.timer.unref();
    void this.sampleNow().catch(() => undefined);
  }

  /** What the samples so far say. */
  state(): LagTracker {
    return this.tracker;
  }

  /** Judges the groups since a restart, by the samples so far. */
  assess(input: LagAssessmentInput, policy = this.options.policy): LagAssessment {
    this.askedAt = performance.now();
    return assessTracked(policy, this.tracker, input);
  }

  /**
   * A complete sample that began at `sinceMs` (ms since the epoch) or later and is younger than an interval serves; otherwise
   * one is taken now, as by `sampleNow`.
   */
  async freshSample(sinceMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { completeAtMs, sampledAtMs } = this.tracker;
    const serves = completeAtMs !== null && completeAtMs === sampledAtMs && completeAtMs >= sinceMs && !this.isDue();
    if (!serves) await this.sampleNow(signal);
  }

  /**
   * Takes a sample that begins after this call; simultaneous callers share it. Rejects only on abort or after `stop`: what
   * cannot be read is part of the sample.
   */
  async sampleNow(signal?: AbortSignal): Promise<void> {
    this.next ??= this.takeNext();
    await (signal === undefined ? this.next : unlessAborted(this.next, signal));
  }

  /** Waits one interval of the policy, then for a sample; rejects on abort. */
  async nextSample(signal?: AbortSignal): Promise<void> {
    if (this.tracker.sampledAtMs !== null)
      await sleep(this.options.policy.sampleIntervalMs, undefined, signal === undefined ? {} : { signal });
    await this.sampleNow(signal);
  }

  /** Ends sampling for good, also a sample under way. */
  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.stopping.abort(new Error('the lag sampler was stopped'));
  }

  /** Is the newest sample older than an interval? One of the policy, or as long as what a sample costs asks for. */
  private isDue(): boolean {
    const intervalMs = Math.max(this.options.policy.sampleIntervalMs, INTERVAL_PER_COST * this.costMs);
    return this.tracker.sampledAtMs === null || Date.now() - this.tracker.sampledAtMs >= intervalMs;
  }

  private tick(): void {
    const idle = performance.now() - this.askedAt > (this.options.idleLimitMs ?? IDLE_LIMIT_MS);
    // Rejects only when stopped.
    if (this.current === null && !idle && this.isDue()) void this.sampleNow().catch(() => undefined);
  }

  private async takeNext(): Promise<void> {
    await this.current?.catch(() => undefined);
    this.next = null;
    const mine = this.take();
    this.current = mine;
    try {
      await mine;
    } finally {
      if (this.current === mine) this.current = null;
    }
  }

  private async take(): Promise<void> {
    const { signal } = this.stopping;
    signal.throwIfAborted();
    // Two samples may begin within a millisecond: the later one counts, too.
    const atMs = Math.max(Date.now(), (this.tracker.sampledAtMs ?? 0) + 1);
    const before = performance.eventLoopUtilization();
    const { groups, missing } = await this.reading.read(signal);
    this.tracker.observe({ atMs, groups, missing: bounded(missing) });
    this.costMs = performance.eventLoopUtilization(before).active;
  }
}
