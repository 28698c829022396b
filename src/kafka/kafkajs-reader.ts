import type { ConfigValue, FeatureView, MetadataView, NodeId, QuorumView } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import type { LogDirectory, Reassignment } from '../domain/checks/risk-facts';
import type { KafkaReader, ListedGroup, OffsetsByTopic, PartitionsByTopic } from './kafka-reader';
import { partitionsByLeader } from './leader-index';
import type { FeatureUpdate, KafkaAdmin, TopicRecord } from './kafka-admin';
import type { NodeConnection } from './node-connection';
import { type ConnectionsOptions, NodeConnections, refusalWords, refused } from './node-connections';
import { batchOf, valuesOf } from './record-batch';
import { setClusterDefault } from './requests/alter-configs';
import { finalizedFeatures } from './requests/api-versions';
import { electPreferredLeaders } from './requests/elect-leaders';
import { fetchFrom } from './requests/fetch';
import { produceBatch } from './requests/produce';
import { describeQuorum } from './requests/describe-quorum';
import { type UpdateAnswer, updateFeatures } from './requests/update-features';
import { type ConfigResult, describeConfigs } from './requests/describe-configs';
import { emptyRecord, type KafkaRequest } from './requests/kafka-request';
import { describeLogDirs } from './requests/describe-log-dirs';
import { listReassignments } from './requests/list-reassignments';
import { type EndOffsets, listEndOffsets } from './requests/list-offsets';
import { listGroups } from './requests/list-groups';
import { type MetadataAnswer, metadataOfAllTopics } from './requests/metadata';
import { offsetFetch } from './requests/offset-fetch';
import { Slots } from '../ssh/slots';

/** Where this adapter tells what it works around; a pino logger fits. */
export interface ReaderLogger {
  debug(fields: object, message: string): void;
}

export interface KafkaReaderOptions extends ConnectionsOptions {
  logger?: ReaderLogger;
}

/** Kafka's error codes that this adapter tells apart. */
const UNKNOWN = -1;
const NONE = 0;
/** There is no active controller at this moment; what was to be changed may be changed all the same, only later. */
const REQUEST_TIMED_OUT = 7;
/** With COORDINATOR_NOT_AVAILABLE and NOT_CONTROLLER, the errors that pass. */
const transientErrors = [REQUEST_TIMED_OUT, 15, 41];
const UNKNOWN_TOPIC_OR_PARTITION = 3;
const INVALID_REQUEST = 42;
const ELECTION_NOT_NEEDED = 84;

/** How long a broker may take for an election or an acknowledgement (ms): shorter than the limit of the connection. */
const CHANGE_TIMEOUT_MS = 2_000;

/** Raw metadata answers held at once, megabytes each on a large cluster; two, so that one broker that hangs holds up none. */
const METADATA_AT_ONCE = 2;

/** Keeps one DescribeConfigs small enough that a broker answers it in a few milliseconds. */
const TOPICS_PER_REQUEST = 2_000;

/** Brokers name themselves when they are asked for another's configuration (ConfigHelper: "Unexpected broker id"). */
const wrongNode = (connection: NodeConnection, answer: ConfigResult): UpgradeError | null => {
  if (answer.errorCode !== INVALID_REQUEST || !/unexpected broker id/i.test(answer.errorMessage ?? '')) return null;
  const found = /expected (\d+)/.exec(answer.errorMessage ?? '')?.[1] ?? 'another id';
  const message = `Expected ${connection.label}, but the broker that answers there is ${found}.`;
  return new UpgradeError('WrongNodeOnHost', message, { address: connection.address, answered: answer.errorMessage });
};

/** Implements the port with kafkajs's transport and this folder's own requests. */
class KafkajsReader implements KafkaReader, KafkaAdmin {
  private readonly connections: NodeConnections;
  /** One for all nodes: their answers share what is the same. */
  private readonly metadataRequest = metadataOfAllTopics();
  private readonly metadataSlots = new Slots(METADATA_AT_ONCE);

  constructor(private readonly options: KafkaReaderOptions) {
    this.connections = new NodeConnections(options);
  }

  async metadata(nodeId: NodeId, signal?: AbortSignal): Promise<MetadataView> {
    const connection = this.connections.to(nodeId);
    const { clusterId, ...rest } = await this.askForMetadata(connection, signal);
    if (clusterId === null) {
      const message = `Asked ${connection.label} for Metadata: it does not know its cluster id yet; it is still starting.`;
      throw new UpgradeError('BrokerUnreachable', message, { address: connection.address });
    }
    return { observedBy: nodeId, clusterId, ...rest };
  }

  async brokerConfig(nodeId: NodeId, names?: string[], signal?: AbortSignal): Promise<Record<string, ConfigValue>> {
    const connection = this.connections.to(nodeId);
    const request = describeConfigs({ type: 'broker', resources: [String(nodeId)], names: names ?? null });
    const [answer] = await connection.request(request, signal);
    if (answer?.errorCode === NONE) return answer.values;
    const nothing = {
      resource: String(nodeId),
      errorCode: INVALID_REQUEST,
      errorMessage: 'an empty answer',
      values: {},
    };
    const result = answer ?? nothing;
    throw wrongNode(connection, result) ?? refused(connection, { request, ...result });
  }

  // eslint-disable-next-line @typescript-eslint/max-params -- the port's signature
  async topicConfig(
    askNode: NodeId,
    topics: string[],
    name: string,
    signal?: AbortSignal,
  ): Promise<Record<string, ConfigValue>> {
    const values = emptyRecord<ConfigValue>();
    for (let start = 0; start < topics.length; start += TOPICS_PER_REQUEST) {
      const resources = topics.slice(start, start + TOPICS_PER_REQUEST);
      for (const answer of await this.topicConfigs(askNode, { resources, name }, signal)) {
        const value = answer.values[name];
        if (value) values[answer.resource] = value;
      }
    }
    return values;
  }

  async clusterDefaults(askNode: NodeId, names: string[], signal?: AbortSignal): Promise<Record<string, ConfigValue>> {
    const connection = this.connections.to(askNode);
    const request = describeConfigs({ type: 'broker', resources: [''], names });
    const [answer] = await connection.request(request, signal);
    if (answer?.errorCode !== NONE) throw refused(connection, { request, errorCode: UNKNOWN, ...answer });
    return Object.fromEntries(
      Object.entries(answer.values).filter(([, { source }]) => source === 'dynamic-default-broker'),
    );
  }

  async quorum(nodeId: NodeId, signal?: AbortSignal): Promise<QuorumView> {
    const connection = this.connections.to(nodeId);
    const { errorCode, quorum } = await connection.request(describeQuorum, signal);
    if (quorum === null) throw refused(connection, { request: describeQuorum, errorCode });
    return { observedBy: nodeId, ...quorum };
  }

  async features(nodeId: NodeId, signal?: AbortSignal): Promise<FeatureView> {
    const connection = this.connections.to(nodeId);
    const { errorCode, ...features } = await connection.request(finalizedFeatures, signal);
    if (errorCode !== NONE) throw refused(connection, { request: finalizedFeatures, errorCode });
    return { observedBy: nodeId, ...features };
  }

  async updateFeature(askNode: NodeId, update: FeatureUpdate, signal?: AbortSignal): Promise<void> {
    await this.change(askNode, updateFeatures(update), signal);
  }

  // eslint-disable-next-line @typescript-eslint/max-params -- the port's signature
  async setClusterDefault(askNode: NodeId, name: string, value: string, signal?: AbortSignal): Promise<void> {
    await this.change(askNode, setClusterDefault(name, value), signal);
  }

  async electPreferredLeaders(
    askNode: NodeId,
    partitions: ReadonlyMap<string, readonly number[]>,
    signal?: AbortSignal,
  ): Promise<void> {
    const connection = this.connections.to(askNode);
    const request = electPreferredLeaders(partitions, CHANGE_TIMEOUT_MS);
    const { errorCode, results } = await connection.request(request, signal);
    if (errorCode !== NONE) throw refused(connection, { request, errorCode });
    const bad = results.find((result) => result.errorCode !== NONE && result.errorCode !== ELECTION_NOT_NEEDED);
    if (bad === undefined) return;
    const errorMessage = `${bad.topic}-${bad.partition}: ${bad.errorMessage ?? 'no reason'}`;
    throw refused(connection, { request, errorCode: bad.errorCode, errorMessage });
  }

  async writeRecord(leader: NodeId, { value, ...at }: TopicRecord, signal?: AbortSignal): Promise<number> {
    const connection = this.connections.to(leader);
    const request = produceBatch(at, await batchOf(value), CHANGE_TIMEOUT_MS);
    const { errorCode, offset } = await connection.request(request, signal);
    if (errorCode !== NONE) throw refused(connection, { request, errorCode });
    return offset;
  }

  async readRecord(
    leader: NodeId,
    { offset, ...at }: { topic: string; partition: number; offset: number },
    signal?: AbortSignal,
  ): Promise<string | null> {
    const connection = this.connections.to(leader);
    const request = fetchFrom(at, offset);
    const { errorCode, records } = await connection.request(request, signal);
    if (errorCode !== NONE) throw refused(connection, { request, errorCode });
    return (await valuesOf(records)).get(offset) ?? null;
  }

  async logDirectories(nodeId: NodeId, signal?: AbortSignal): Promise<LogDirectory[]> {
    const answer = await this.connections.to(nodeId).request(describeLogDirs, signal);
    return answer.map((directory) => ({ nodeId, ...directory }));
  }

  async reassignments(nodeId: NodeId, signal?: AbortSignal): Promise<Reassignment[]> {
    const connection = this.connections.to(nodeId);
    const { errorCode, reassignments } = await connection.request(listReassignments, signal);
    if (errorCode !== NONE) throw refused(connection, { request: listReassignments, errorCode });
    return reassignments;
  }

  async groups(nodeId: NodeId, signal?: AbortSignal): Promise<ListedGroup[]> {
    const connection = this.connections.to(nodeId);
    const { errorCode, groups } = await connection.request(listGroups, signal);
    if (errorCode !== NONE) throw refused(connection, { request: listGroups, errorCode });
    return groups.map((group) => ({ ...group, coordinator: nodeId }));
  }

  async committedOffsets(group: ListedGroup, signal?: AbortSignal): Promise<OffsetsByTopic> {
    const connection = this.connections.to(group.coordinator);
    const request = offsetFetch(group.groupId);
    const { errorCode, offsets } = await connection.request(request, signal);
    if (errorCode !== NONE) throw refused(connection, { request, errorCode, errorMessage: `group ${group.groupId}` });
    return offsets;
  }

  async logEndOffsets(
    view: MetadataView,
    partitions: PartitionsByTopic,
    signal?: AbortSignal,
  ): Promise<OffsetsByTopic> {
    const ends = new Map<string, number[]>();
    const asked = [...partitionsByLeader(view, partitions)].map(async ([leader, asks]) => {
      try {
        addEnds(ends, await this.connections.to(leader).request(listEndOffsets(asks), signal));
      } catch (error) {
        if (signal?.aborted === true) throw error;
        this.options.logger?.debug({ err: error, leader }, 'end offsets of a leader are left out');
      }
    });
    await Promise.all(asked);
    return ends;
  }

  forget(nodeId: NodeId): Promise<void> {
    this.connections.drop(nodeId);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.connections.close();
    return Promise.resolve();
  }

  private async askForMetadata(connection: NodeConnection, signal?: AbortSignal): Promise<MetadataAnswer> {
    const release = await this.metadataSlots.acquire(signal);
    try {
      return await connection.request(this.metadataRequest, signal);
    } finally {
      release();
    }
  }

  /** A controller that moves is asked again by the caller; any other "no" is final, and in Kafka's own words. */
  private async change(askNode: NodeId, request: KafkaRequest<UpdateAnswer>, signal?: AbortSignal): Promise<void> {
    const connection = this.connections.to(askNode);
    const { errorCode, errorMessage } = await connection.request(request, signal);
    if (errorCode === NONE) return;
    const words = refusalWords(connection.label, { request, errorCode, errorMessage });
    if (errorCode === REQUEST_TIMED_OUT && !request.repeatable)
      throw new UpgradeError('OutcomeUnknown', `${words} Whether it was carried out is not known.`, { errorCode });
    if (transientErrors.includes(errorCode)) throw refused(connection, { request, errorCode, errorMessage });
    throw new UpgradeError('ClusterRefused', words, { errorCode });
  }

  /** Topics that are gone meanwhile are left out; any other error is told. */
  private async topicConfigs(
    askNode: NodeId,
    { resources, name }: { resources: string[]; name: string },
    signal: AbortSignal | undefined,
  ): Promise<ConfigResult[]> {
    const connection = this.connections.to(askNode);
    const request = describeConfigs({ type: 'topic', resources, names: [name] });
    const answers = await connection.request(request, signal);
    const bad = answers.find(({ errorCode }) => errorCode !== NONE && errorCode !== UNKNOWN_TOPIC_OR_PARTITION);
    if (!bad) return answers;
    const errorMessage = `${bad.errorMessage ?? 'no reason'} (topic ${bad.resource})`;
    throw refused(connection, { request, errorCode: bad.errorCode, errorMessage });
  }
}

const addEnds = (ends: Map<string, number[]>, { topics, partitions, offsets }: EndOffsets): void => {
  for (const [index, topic] of topics.entries()) {
    const known = ends.get(topic) ?? [];
    if (known.length === 0) ends.set(topic, known);
    known[partitions[index] ?? 0] = offsets[index] ?? 0;
  }
};

/** Reads and changes one cluster. Connects on demand; `close` it when done. */
export const createKafkaReader = (options: KafkaReaderOptions): KafkaReader & KafkaAdmin => new KafkajsReader(options);
