import type { NodeId } from '../domain/cluster/cluster';
import type { LagSample, PartitionOffsets } from '../domain/lag/lag-tracker';
import type { KafkaReader, ListedGroup, OffsetsByTopic } from './kafka-reader';
import { LogEnds, partitionKey, type PartitionRef } from './log-ends';
import { messageOf } from '../domain/common/message-of';

export interface LagReadingOptions {
  reader: KafkaReader;
  nodeIds: readonly NodeId[];
  isIgnoredGroup: (group: string) => boolean;
  isIgnoredTopic: (topic: string) => boolean;
}

interface Commit extends PartitionRef {
  key: string;
  committed: number;
}

/** Kafka's own topics: no application lags on them. */
const internalTopics: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
]);

/**
 * Which groups can be judged by their offsets. ListGroups tells groups apart by protocol type only (group types came with
 * version 5). Types of other systems that use Kafka's group protocol are not judged either.
 */
const protocolTypes: ReadonlyMap<string, 'judged' | 'excluded'> = new Map([
  /** Consumers of the classic and of the new protocol (KIP-848): both commit in the same way. */
  ['consumer', 'judged'],
  /** Simple groups, which only commit. */
  ['', 'judged'],
  /** Share groups (KIP-932) keep their state elsewhere and refuse to tell offsets (ShareGroup.validateOffsetFetch). */
  ['share', 'excluded'],
  /** Streams groups (KIP-1071) may restore state for long before they commit again: no deadline fits them. */
  ['streams', 'excluded'],
  /** Workers of Kafka Connect commit nothing; the consumers of their sinks are groups of their own. */
  ['connect', 'excluded'],
]);

/** Requests for committed offsets under way at once; each is a few kilobytes on a connection that gates use, too. */
const GROUPS_AT_ONCE = 32;

const commitsOf = (offsets: OffsetsByTopic, isIgnoredTopic: (topic: string) => boolean): Commit[] =>
  Object.entries(offsets)
    .filter(([topic]) => !internalTopics.has(topic) && !isIgnoredTopic(topic))
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
    const { nodeIds, reader, isIgnoredGroup } = this.options;
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
      .filter(({ groupId, protocolType }) => protocolTypes.get(protocolType) === 'judged' && !isIgnoredGroup(groupId));
  }

  /** Commits by group. A group that moves is listed by two brokers for a moment; either one's answer will do. */
  private async readCommits(
    groups: readonly ListedGroup[],
    missing: string[],
    signal: AbortSignal,
  ): Promise<Map<string, Commit[]>> {
    const found = new Map<string, Commit[]>();
    const failed = new Map<string, string>();
    const { reader, isIgnoredTopic } = this.options;
    const readOne = async (group: ListedGroup): Promise<void> => {
      try {
        const commits = commitsOf(await reader.committedOffsets(group, signal), isIgnoredTopic);
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
