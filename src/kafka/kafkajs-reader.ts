import { createErrorFromCode } from 'kafkajs/src/protocol/error';
import type { ConfigValue, MetadataView, NodeId } from '../domain/cluster';
import { UpgradeError } from '../domain/failure';
import type { KafkaReader, ListedGroup, OffsetsByTopic } from './kafka-reader';
import { partitionsByLeader } from './leader-index';
import { type ConnectionSecurity, NodeConnection } from './node-connection';
import { type ConfigResult, describeConfigs } from './requests/describe-configs';
import { emptyRecord, type KafkaRequest } from './requests/kafka-request';
import { listEndOffsets } from './requests/list-offsets';
import { listGroups } from './requests/list-groups';
import { metadataOfAllTopics } from './requests/metadata';
import { offsetFetch } from './requests/offset-fetch';

/** Where this adapter tells what it works around; a pino logger fits. */
export interface ReaderLogger {
  debug(fields: object, message: string): void;
}

export interface KafkaReaderOptions {
  /** The nodes of the cluster definition: id and `host:port` of the Kafka listener. */
  nodes: readonly { id: NodeId; kafka: string }[];
  /** Limit of one request once connected (ms). */
  requestTimeoutMs: number;
  /** Limit of opening a connection, TLS and authentication included (ms). */
  connectTimeoutMs: number;
  connection?: ConnectionSecurity;
  logger?: ReaderLogger;
}

/** Kafka's error codes that this adapter tells apart. */
const NONE = 0;
const UNKNOWN_TOPIC_OR_PARTITION = 3;
const INVALID_REQUEST = 42;

/** Keeps one DescribeConfigs small enough that a broker answers it in a few milliseconds. */
const TOPICS_PER_REQUEST = 2_000;

/** What the broker answered in place of what was asked for. */
interface Refusal {
  request: KafkaRequest<unknown>;
  errorCode: number;
  errorMessage?: string | null;
}

const refused = (connection: NodeConnection, { request, errorCode, errorMessage }: Refusal): UpgradeError => {
  const said = errorMessage ? `, saying "${errorMessage}"` : '';
  const name = createErrorFromCode(errorCode).type;
  const message = `Asked ${connection.label} for ${request.name}: it answered error ${errorCode} (${name})${said}.`;
  return new UpgradeError('BrokerUnreachable', message, { address: connection.address, errorCode });
};

/** Brokers name themselves when they are asked for another's configuration (ConfigHelper: "Unexpected broker id"). */
const wrongNode = (connection: NodeConnection, answer: ConfigResult): UpgradeError | null => {
  if (answer.errorCode !== INVALID_REQUEST || !/unexpected broker id/i.test(answer.errorMessage ?? '')) return null;
  const found = /expected (\d+)/.exec(answer.errorMessage ?? '')?.[1] ?? 'another id';
  const message = `Expected ${connection.label}, but the broker that answers there is ${found}.`;
  return new UpgradeError('WrongNodeOnHost', message, { address: connection.address, answered: answer.errorMessage });
};

/** Implements the port with kafkajs's transport and this folder's own requests. */
class KafkajsReader implements KafkaReader {
  private readonly connections: Map<NodeId, NodeConnection>;

  constructor(private readonly options: KafkaReaderOptions) {
    const { connectTimeoutMs, requestTimeoutMs, connection } = options;
    const security = connection ? { security: connection } : {};
    this.connections = new Map(
      options.nodes.map(({ id, kafka }) => [
        id,
        new NodeConnection({ nodeId: id, address: kafka, connectTimeoutMs, requestTimeoutMs, ...security }),
      ]),
    );
  }

  async metadata(nodeId: NodeId, signal?: AbortSignal): Promise<MetadataView> {
    const connection = this.connection(nodeId);
    const { clusterId, ...rest } = await connection.request(metadataOfAllTopics, signal);
    if (clusterId === null) {
      const message = `Asked ${connection.label} for Metadata: it does not know its cluster id yet; it is still starting.`;
      throw new UpgradeError('BrokerUnreachable', message, { address: connection.address });
    }
    return { observedBy: nodeId, clusterId, ...rest };
  }

  async brokerConfig(nodeId: NodeId, names?: string[], signal?: AbortSignal): Promise<Record<string, ConfigValue>> {
    const connection = this.connection(nodeId);
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

  async groups(nodeId: NodeId, signal?: AbortSignal): Promise<ListedGroup[]> {
    const connection = this.connection(nodeId);
    const { errorCode, groups } = await connection.request(listGroups, signal);
    if (errorCode !== NONE) throw refused(connection, { request: listGroups, errorCode });
    return groups.map((group) => ({ ...group, coordinator: nodeId }));
  }

  async committedOffsets(group: ListedGroup, signal?: AbortSignal): Promise<OffsetsByTopic> {
    const connection = this.connection(group.coordinator);
    const request = offsetFetch(group.groupId);
    const { errorCode, offsets } = await connection.request(request, signal);
    if (errorCode !== NONE) throw refused(connection, { request, errorCode, errorMessage: `group ${group.groupId}` });
    return byTopic(offsets.filter((committed) => committed.offset >= 0));
  }

  async logEndOffsets(
    view: MetadataView,
    partitions: { topic: string; partition: number }[],
    signal?: AbortSignal,
  ): Promise<OffsetsByTopic> {
    const asked = [...partitionsByLeader(view, partitions)].map(async ([leader, topics]) => {
      try {
        return await this.connection(leader).request(listEndOffsets(topics), signal);
      } catch (error) {
        if (signal?.aborted === true) throw error;
        this.options.logger?.debug({ err: error, leader }, 'end offsets of a leader are left out');
        return [];
      }
    });
    return byTopic((await Promise.all(asked)).flat());
  }

  forget(nodeId: NodeId): Promise<void> {
    this.connections.get(nodeId)?.drop();
    return Promise.resolve();
  }

  close(): Promise<void> {
    for (const connection of this.connections.values()) connection.close();
    return Promise.resolve();
  }

  private connection(nodeId: NodeId): NodeConnection {
    const connection = this.connections.get(nodeId);
    if (connection) return connection;
    const known = [...this.connections.keys()].join(', ');
    const message = `Node ${nodeId} has no address: the cluster definition has nodes ${known}.`;
    throw new UpgradeError('BrokerUnreachable', message, { nodeId });
  }

  /** Topics that are gone meanwhile are left out; any other error is told. */
  private async topicConfigs(
    askNode: NodeId,
    { resources, name }: { resources: string[]; name: string },
    signal: AbortSignal | undefined,
  ): Promise<ConfigResult[]> {
    const connection = this.connection(askNode);
    const request = describeConfigs({ type: 'topic', resources, names: [name] });
    const answers = await connection.request(request, signal);
    const bad = answers.find(({ errorCode }) => errorCode !== NONE && errorCode !== UNKNOWN_TOPIC_OR_PARTITION);
    if (!bad) return answers;
    const errorMessage = `${bad.errorMessage ?? 'no reason'} (topic ${bad.resource})`;
    throw refused(connection, { request, errorCode: bad.errorCode, errorMessage });
  }
}

/** Partitions with an error of their own are left out: their offset is not known. */
const byTopic = (
  offsets: readonly { topic: string; partition: number; offset: number; errorCode: number }[],
): OffsetsByTopic => {
  const topics = emptyRecord<Record<number, number>>();
  for (const { topic, partition, offset, errorCode } of offsets) {
    if (errorCode !== NONE) continue;
    (topics[topic] ??= {})[partition] = offset;
  }
  return topics;
};

/** A reader of one cluster. Connects on demand; `close` it when done. */
export const createKafkaReader = (options: KafkaReaderOptions): KafkaReader => new KafkajsReader(options);
