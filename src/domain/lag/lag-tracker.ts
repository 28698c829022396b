/**
 * What a series of lag samples says, kept small: for every partition of every consumer group the last offsets and when
 * they moved. Samples themselves need not be kept. It changes with every sample: 200,000 partitions every second are too many
 * to be made anew.
 */
import type { LagSample } from './lag-sample';
import { type PartitionProgress, TopicProgress } from './topic-progress';

/**
 * A group or partition that complete samples no longer show is forgotten after this long (ms), not at once: a broker that
 * has just become coordinator lists nothing, without an error, until it has loaded its groups (measured on 3.7.2).
 */
const FORGET_AFTER_MS = 15_000;

/** The state after the samples so far. */
export class LagTracker {
  /** Time of the newest sample; null before the first. */
  sampledAtMs: number | null = null;
  /** Time of the newest sample in which nothing was missing. */
  completeAtMs: number | null = null;
  /** What the newest sample could not read. */
  missing: readonly string[] = [];
  private readonly known = new Map<string, Map<string, TopicProgress>>();

  /** One more sample. Samples must come in the order of their times; an older one is ignored. */
  observe({ atMs, missing, groups }: LagSample): void {
    if (this.sampledAtMs !== null && atMs <= this.sampledAtMs) return;
    for (const [group, topics] of groups) {
      const known = this.known.get(group) ?? new Map<string, TopicProgress>();
      for (const [topic, offsets] of topics) {
        const progress = known.get(topic) ?? new TopicProgress();
        if (progress.observe(offsets, atMs)) known.set(topic, progress);
      }
      if (known.size > 0) this.known.set(group, known);
    }
    if (missing.length === 0) this.forget(atMs - FORGET_AFTER_MS);
    this.sampledAtMs = atMs;
    if (missing.length === 0) this.completeAtMs = atMs;
    this.missing = missing;
  }

  /** The groups that are known. */
  groups(): Iterable<string> {
    return this.known.keys();
  }

  /** Every known partition of a group: `topic-partition` in two parts, as few of them are ever named. */
  *partitions(group: string): Generator<[topic: string, partition: number, progress: PartitionProgress]> {
    for (const [topic, progress] of this.known.get(group) ?? []) {
      for (const [partition, seen] of progress.partitions()) yield [topic, partition, seen];
    }
  }

  private forget(beforeMs: number): void {
    for (const [group, topics] of this.known) {
      for (const [topic, progress] of topics) if (progress.forget(beforeMs)) topics.delete(topic);
      if (topics.size === 0) this.known.delete(group);
    }
  }
}

/** The state after these samples, in the order of their times. */
export const trackerOf = (samples: Iterable<LagSample>): LagTracker => {
  const tracker = new LagTracker();
  for (const sample of samples) tracker.observe(sample);
  return tracker;
};
