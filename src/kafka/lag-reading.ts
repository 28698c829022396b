import type { NodeId } from '../domain/cluster';
import type { LagSample, PartitionOffsets } from '../domain/lag-tracker';
import type { KafkaReader, ListedGroup, OffsetsByTopic } from './kafka-reader';
import { LogEnds, partitionKey, type PartitionRef } from './log-ends';
import { messageOf } from '../domain/message-of';

export interface LagReadingOptions {
  reader: KafkaReader;
  nodeIds: readonly NodeId[];
  isIgnored: (group: string) => boolean;
}

interface Commit extends PartitionRef {
  key: string;
  committed: number;
}

/** Kafka's own topics: no application lags on them. */
const internalTopics: ReadonlySet<string> = new Set(['__consumer_offsets', '__transaction_state']);

/** Groups that commit offsets: consumers, and simple ones that only commit (empty type). Others keep theirs elsewhere. */
const committingTypes: ReadonlySet<string> = new Set(['consumer', '']);

/** Requests for committed offsets under way at once; each is a few kilobytes on a connection that gates use, too. */
const GROUPS_AT_ONCE = 32;

const commitsOf = (offsets: OffsetsByTopic): Commit[] =>
  Object.entries(offsets)
    .filter(([topic]) => !internalTopics.has(topic))
    .flatMap(([topic, partitions]) =>
      Object.entries(partitions).map(([id, committed]) => {
        const partition = Number(id);
        return { topic, partition, key: partitionKey({ topic, partition }), committed };
      }),
    );

/** A partition without a known end is left out: it is not measured. */
const withEnds = (commits: readonly Commit[], ends: ReadonlyMap<string, number>): Record<string, PartitionOffsets> => {
  const entries: [string, PartitionOffsets][] = [];
  for (const { key, committed } of commits) {
    const end = ends.get(key);
    if (end !== undefined) entries.push([key, { committed, end }]);
  }
  return Object.fromEntries(entries);
};

/** Reads all groups' committed offsets and log ends; what cannot be read is named, and the rest still counts. */
export class LagReading {
  private readonly logEnds: LogEnds;

  constructor(private readonly options: LagReadingOptions) {
    this.logEnds = new LogEnds(options.reader, options.nodeIds);
  }

  /** Commits first, ends afterwards: a commit then never seems to be ahead. Rejects only when the signal is aborted. */
  async read(signal: AbortSignal): Promise<Pick<LagSample, 'groups' | 'missing'>> {
    const missing: string[] = [];
    const commits = await this.readCommits(await this.listGroups(missing, signal), missing, signal);
    const wanted = new Map([...commits.values()].flat().map((commit) => [commit.key, commit]));
    const ends = await this.logEnds.read(wanted, missing, signal);
    const groups = [...commits].map(([group, offsets]) => [group, withEnds(offsets, ends)] as const);
    return { groups: Object.fromEntries(groups), missing };
  }

  private async listGroups(missing: string[], signal: AbortSignal): Promise<ListedGroup[]> {
    const { nodeIds, reader, isIgnored } = this.options;
    const answers = await Promise.all(
      nodeIds.map((nodeId) =>
        reader.groups(nodeId, signal).catch((error: unknown): ListedGroup[] => {
          signal.throwIfAborted();
          missing.push(`groups of node ${nodeId} (${messageOf(error)})`);
          return [];
        }),
      ),
    );
    return answers
      .flat()
      .filter(({ groupId, protocolType }) => committingTypes.has(protocolType) && !isIgnored(groupId));
  }

  /** Commits by group. A group that moves is listed by two brokers for a moment; either one's answer will do. */
  private async readCommits(
    groups: readonly ListedGroup[],
    missing: string[],
    signal: AbortSignal,
  ): Promise<Map<string, Commit[]>> {
    const found = new Map<string, Commit[]>();
    const failed = new Map<string, string>();
    const readOne = async (group: ListedGroup): Promise<void> => {
      try {
        const commits = commitsOf(await this.options.reader.committedOffsets(group, signal));
        if (commits.length > 0) found.set(group.groupId, commits);
      } catch (error) {
        signal.throwIfAborted();
        failed.set(group.groupId, messageOf(error));
      }
    };
    for (let start = 0; start < groups.length; start += GROUPS_AT_ONCE) {
      await Promise.all(groups.slice(start, start + GROUPS_AT_ONCE).map(readOne));
    }
    for (const [group, why] of failed) if (!found.has(group)) missing.push(`group ${group} (${why})`);
    return found;
  }
}
