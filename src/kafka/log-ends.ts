import type { MetadataView, NodeId } from '../domain/cluster/cluster';
import { messageOf } from '../domain/common/message-of';
import type { KafkaReader, OffsetsByTopic, PartitionsByTopic } from './kafka-reader';
import { existsIn } from './leader-index';

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
   * Log ends by topic and partition. Partitions that are gone are left out silently; those that exist and do not tell are named
   * in `missing`.
   */
  async read(wanted: PartitionsByTopic, missing: string[], signal: AbortSignal): Promise<OffsetsByTopic> {
    const ends = new Map<string, number[]>();
    if (wanted.size === 0) return ends;
    const kept = this.keptView();
    let view = kept ?? (await this.readView(missing, signal));
    if (view === null) return ends;
    let silent = await this.add(ends, view, { wanted, signal });
    if (kept !== null && silent.size > 0) {
      view = await this.readView(missing, signal);
      if (view !== null) silent = await this.add(ends, view, { wanted: silent, signal });
    }
    for (const [topic, partitions] of silent)
      for (const partition of Object.keys(partitions)) missing.push(`log end of ${topic}-${partition}`);
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

  /** Adds the ends of these partitions; returns the existing ones that did not tell. */
  private async add(
    ends: Map<string, number[]>,
    view: MetadataView,
    { wanted, signal }: { wanted: PartitionsByTopic; signal: AbortSignal },
  ): Promise<Map<string, true[]>> {
    const answer = await this.reader.logEndOffsets(view, wanted, signal);
    const silent = new Map<string, true[]>();
    for (const [topic, partitions] of wanted) {
      const told = answer.get(topic);
      const known = ends.get(topic) ?? [];
      for (let partition = 0; partition < partitions.length; partition += 1) {
        if (partitions[partition] === undefined) continue;
        const end = told?.[partition];
        if (end !== undefined) known[partition] = end;
        else if (existsIn(view, topic, partition)) markOf(silent, topic)[partition] = true;
      }
      ends.set(topic, known);
    }
    return silent;
  }
}

const markOf = (marks: Map<string, true[]>, topic: string): true[] => {
  const known = marks.get(topic) ?? [];
  marks.set(topic, known);
  return known;
};
