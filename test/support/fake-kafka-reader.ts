import type { MetadataView, NodeId } from '../../src/domain/cluster/cluster';
import { UpgradeError } from '../../src/domain/common/failure';
import type { KafkaReader, ListedGroup, OffsetsByTopic, PartitionsByTopic } from '../../src/kafka/kafka-reader';

/** A cluster in memory for tests of what is built on the reader. Nodes in `away` do not answer. */
export class FakeKafkaReader implements KafkaReader {
  readonly away = new Set<NodeId>();
  listed: ListedGroup[] = [];
  /** Group → its commits; an error is what the coordinator answers. */
  commits: Record<string, Record<string, Record<number, number>> | Error> = {};
  /** `topic-partition` → leader and log end. */
  logs: Record<string, { leader: NodeId | null; end: number }> = {};
  readonly calls: string[] = [];
  /** Awaited before every answer, so that a test can hold one back. */
  hold: Promise<void> = Promise.resolve();

  async metadata(nodeId: NodeId, signal?: AbortSignal): Promise<MetadataView> {
    await this.answer(nodeId, `metadata ${nodeId}`, signal);
    const partitions = Object.entries(this.logs).map(([key, { leader }]) => {
      const dash = key.lastIndexOf('-');
      const topic = key.slice(0, dash);
      return { topic, partition: Number(key.slice(dash + 1)), leader, replicas: [1, 2], isr: [1, 2] };
    });
    return { observedBy: nodeId, clusterId: 'c', controllerId: 1, brokers: [], partitions };
  }

  readRecord(): Promise<string | null> {
    return Promise.resolve(null);
  }

  async groups(nodeId: NodeId, signal?: AbortSignal): Promise<ListedGroup[]> {
    await this.answer(nodeId, `groups ${nodeId}`, signal);
    return this.listed.filter(({ coordinator }) => coordinator === nodeId);
  }

  async committedOffsets(group: ListedGroup, signal?: AbortSignal): Promise<OffsetsByTopic> {
    await this.answer(group.coordinator, `commits ${group.groupId}`, signal);
    const commits = this.commits[group.groupId] ?? {};
    if (commits instanceof Error) throw commits;
    return new Map(
      Object.entries(commits).map(([topic, offsets]) => {
        const list: number[] = [];
        for (const [partition, offset] of Object.entries(offsets)) list[Number(partition)] = offset;
        return [topic, list];
      }),
    );
  }

  async logEndOffsets(view: MetadataView, wanted: PartitionsByTopic, signal?: AbortSignal): Promise<OffsetsByTopic> {
    signal?.throwIfAborted();
    await this.hold;
    const offsets = new Map<string, number[]>();
    const partitions = [...wanted].flatMap(([topic, marks]) =>
      marks.map((_, partition) => ({ topic, partition })).flat(),
    );
    for (const { topic, partition } of partitions) {
      const believed = view.partitions.find((state) => state.topic === topic && state.partition === partition);
      const log = this.logs[`${topic}-${partition}`];
      if (log === undefined || log.leader === null || believed?.leader !== log.leader) continue;
      if (!this.away.has(log.leader)) {
        const known = offsets.get(topic) ?? [];
        offsets.set(topic, known);
        known[partition] = log.end;
      }
    }
    this.calls.push(`ends ${partitions.length}`);
    return offsets;
  }

  brokerConfig(): Promise<never> {
    return Promise.reject(new Error('not faked'));
  }

  topicConfig(): Promise<never> {
    return Promise.reject(new Error('not faked'));
  }

  clusterDefaults(): Promise<never> {
    return Promise.reject(new Error('not faked'));
  }

  logDirectories(): Promise<never> {
    return Promise.reject(new Error('not faked'));
  }

  reassignments(): Promise<never> {
    return Promise.reject(new Error('not faked'));
  }

  quorum(): Promise<never> {
    return Promise.reject(new Error('not faked'));
  }

  features(): Promise<never> {
    return Promise.reject(new Error('not faked'));
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async answer(nodeId: NodeId, call: string, signal: AbortSignal | undefined): Promise<void> {
    this.calls.push(call);
    await this.hold;
    signal?.throwIfAborted();
    if (this.away.has(nodeId)) throw new UpgradeError('BrokerUnreachable', `node ${nodeId} is away`);
  }
}
