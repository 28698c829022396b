import type { NodeId } from '../domain/cluster/cluster';
import type { LagSample, TopicOffsets } from '../domain/lag/lag-sample';
import type { KafkaReader, ListedGroup, OffsetsByTopic, PartitionsByTopic } from './kafka-reader';
import { LogEnds } from './log-ends';
import { messageOf } from '../domain/common/message-of';

export interface LagReadingOptions {
  reader: KafkaReader;
  nodeIds: readonly NodeId[];
  isIgnoredGroup: (group: string) => boolean;
  isIgnoredTopic: (topic: string) => boolean;
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

/** Every partition that some group has committed on; groups that are alone on a topic, as most are, share their list. */
const committedBy = (groups: Iterable<OffsetsByTopic>): PartitionsByTopic => {
  const wanted = new Map<string, readonly unknown[]>();
  for (const topics of groups) {
    for (const [topic, offsets] of topics) {
      const known = wanted.get(topic);
      if (known === undefined) wanted.set(topic, offsets);
      else if (offsets.some((_, partition) => known[partition] === undefined))
        wanted.set(topic, merged(known, offsets));
    }
  }
  return wanted;
};

const merged = (one: readonly unknown[], other: readonly unknown[]): unknown[] =>
  Array.from({ length: Math.max(one.length, other.length) }, (_, partition) => one[partition] ?? other[partition]);

const noEnds: readonly number[] = [];

const withEnds = (commits: OffsetsByTopic, ends: OffsetsByTopic): Map<string, TopicOffsets> => {
  const topics = new Map<string, TopicOffsets>();
  for (const [topic, committed] of commits) topics.set(topic, { committed, ends: ends.get(topic) ?? noEnds });
  return topics;
};

/**
 * Which groups there are is asked again after this long (ms), and at once when a broker was away or a coordinator moved: on a
 * large cluster it is a question to a thousand brokers.
 */
const LIST_MAX_AGE_MS = 10_000;

/** Reads all groups' committed offsets and log ends; what cannot be read is named, and the rest still counts. */
export class LagReading {
  private readonly logEnds: LogEnds;
  private listed: { groups: ListedGroup[]; atMs: number } | null = null;
  private readonly leftOut = new Map<string, boolean>();

  constructor(private readonly options: LagReadingOptions) {
    this.logEnds = new LogEnds(options.reader, options.nodeIds);
  }

  /** Commits first, ends afterwards: a commit then never seems to be ahead. Rejects only when the signal is aborted. */
  async read(signal: AbortSignal): Promise<Pick<LagSample, 'groups' | 'missing'>> {
    const missing: string[] = [];
    const commits = await this.readAllCommits(missing, signal);
    const ends = await this.logEnds.read(committedBy(commits.values()), missing, signal);
    return { groups: new Map([...commits].map(([group, offsets]) => [group, withEnds(offsets, ends)])), missing };
  }

  /** Of the groups as they were listed a moment ago, if all of them still tell; otherwise of those that are listed now. */
  private async readAllCommits(missing: string[], signal: AbortSignal): Promise<Map<string, OffsetsByTopic>> {
    const { listed } = this;
    if (listed !== null && performance.now() - listed.atMs < LIST_MAX_AGE_MS) {
      const silent: string[] = [];
      const commits = await this.readCommits(listed.groups, silent, signal);
      if (silent.length === 0) return commits;
    }
    this.listed = null;
    const away: string[] = [];
    const groups = await this.listGroups(away, signal);
    if (away.length === 0) this.listed = { groups, atMs: performance.now() };
    missing.push(...away);
    return this.readCommits(groups, missing, signal);
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
  ): Promise<Map<string, OffsetsByTopic>> {
    const found = new Map<string, OffsetsByTopic>();
    const failed = new Map<string, string>();
    const { reader } = this.options;
    const readOne = async (group: ListedGroup): Promise<void> => {
      try {
        const commits = this.judged(await reader.committedOffsets(group, signal));
        if (commits.size > 0) found.set(group.groupId, commits);
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

  /** The topics on which groups are judged. A cluster has few of them for many groups: each name is matched once. */
  private judged(commits: OffsetsByTopic): OffsetsByTopic {
    const judged = new Map<string, readonly (number | undefined)[]>();
    for (const [topic, offsets] of commits) if (!this.isLeftOut(topic)) judged.set(topic, offsets);
    return judged;
  }

  private isLeftOut(topic: string): boolean {
    const known = this.leftOut.get(topic);
    if (known !== undefined) return known;
    const leftOut = internalTopics.has(topic) || this.options.isIgnoredTopic(topic);
    this.leftOut.set(topic, leftOut);
    return leftOut;
  }
}
