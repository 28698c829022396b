import type { MetadataView, NodeId } from '../domain/cluster/cluster';
import type { KafkaReader } from './kafka-reader';
import { messageOf } from '../domain/common/message-of';

export interface PartitionRef {
  topic: string;
  partition: number;
}

/** `topic-partition`, as lag samples name it. */
export const partitionKey = ({ topic, partition }: PartitionRef): string => `${topic}-${partition}`;

/** A view is read again after this long (ms), and at once when it misled: leaders move with every restart. */
const VIEW_MAX_AGE_MS = 10_000;

/** Reads log ends again and again, with a metadata view that is kept for a while: on a large cluster it is megabytes. */
export class LogEnds {
  private view: { metadata: MetadataView; readAtMs: number } | null = null;
  private lastAnswered: NodeId | null = null;

  constructor(
    private readonly reader: KafkaReader,
    private readonly nodeIds: readonly NodeId[],
  ) {}

  /**
   * Log ends by partition key. Partitions that are gone are left out silently; those that exist and do not tell are named
   * in `missing`.
   */
  async read(
    wanted: ReadonlyMap<string, PartitionRef>,
    missing: string[],
    signal: AbortSignal,
  ): Promise<Map<string, number>> {
    const ends = new Map<string, number>();
    if (wanted.size === 0) return ends;
    const kept = this.keptView();
    let view = kept ?? (await this.readView(missing, signal));
    let silent = view === null ? [] : await this.add(ends, view, { wanted, signal });
    if (kept !== null && silent.length > 0) {
      view = await this.readView(missing, signal);
      silent = view === null ? silent : await this.add(ends, view, { wanted, signal });
    }
    for (const key of silent) missing.push(`log end of ${key}`);
    return ends;
  }

  private keptView(): MetadataView | null {
    return this.view !== null && performance.now() - this.view.readAtMs < VIEW_MAX_AGE_MS ? this.view.metadata : null;
  }

  /** The view of the first node that answers, beginning with the one that did so last time. */
  private async readView(missing: string[], signal: AbortSignal): Promise<MetadataView | null> {
    const order = [...this.nodeIds].sort((a, b) => Number(b === this.lastAnswered) - Number(a === this.lastAnswered));
    const reasons: string[] = [];
    for (const nodeId of order) {
      try {
        const metadata = await this.reader.metadata(nodeId, signal);
        this.lastAnswered = nodeId;
        this.view = { metadata, readAtMs: performance.now() };
        return metadata;
      } catch (error) {
        signal.throwIfAborted();
        reasons.push(messageOf(error));
      }
    }
    this.view = null;
    missing.push(`leaders of partitions (${reasons.join('; ')})`);
    return null;
  }

  /** Adds the ends that are not known yet; returns the keys of existing partitions that did not tell. */
  private async add(
    ends: Map<string, number>,
    view: MetadataView,
    { wanted, signal }: { wanted: ReadonlyMap<string, PartitionRef>; signal: AbortSignal },
  ): Promise<string[]> {
    const existing = view.partitions.filter((state) => {
      const key = partitionKey(state);
      return wanted.has(key) && !ends.has(key);
    });
    const answer = await this.reader.logEndOffsets(view, existing, signal);
    const silent: string[] = [];
    for (const state of existing) {
      const end = answer[state.topic]?.[state.partition];
      if (end === undefined) silent.push(partitionKey(state));
      else ends.set(partitionKey(state), end);
    }
    return silent;
  }
}
