import type { MetadataView } from '../../src/domain/cluster/cluster';
import type { KafkaReader } from '../../src/kafka/kafka-reader';
import { createKafkaReader } from '../../src/kafka/kafkajs-reader';
import { ScriptedBroker } from '../support/scripted-broker';
import { until } from '../support/until';
import { array, bytes, int16, int32, int64, int8, text } from '../support/wire';

const LIST_OFFSETS = 2;
const METADATA = 3;
const OFFSET_FETCH = 9;
const LIST_GROUPS = 16;
const DESCRIBE_CONFIGS = 32;

const noThrottle = int32(0);
const config = (name: string, value: string) => bytes(text(name), text(value), int8(0), int8(4), int8(0), array());
const configsOf = (resource: string, ...values: Buffer[]) =>
  bytes(int16(0), text(null), int8(2), text(resource), array(...values));
const configError = (resource: string, code: number, message: string) =>
  bytes(int16(code), text(message), int8(2), text(resource), array());

describe('the reader of a cluster', () => {
  const broker = new ScriptedBroker();
  let reader: KafkaReader;

  beforeEach(async () => {
    broker.reactions = {};
    broker.requests.length = 0;
    await broker.start();
    const nodes = [
      { id: 1, kafka: broker.address },
      { id: 2, kafka: '127.0.0.1:1' },
    ];
    reader = createKafkaReader({ nodes, requestTimeoutMs: 1_000, connectTimeoutMs: 1_000 });
  });

  afterEach(async () => {
    await reader.close();
    await broker.stop();
  });

  const view = (...partitions: MetadataView['partitions']): MetadataView => ({
    observedBy: 1,
    clusterId: 'c',
    controllerId: 1,
    brokers: [],
    partitions,
  });

  it('says whose view the metadata is', async () => {
    broker.reactions[METADATA] = bytes(noThrottle, array(), text('cluster-1'), int32(1), array());
    expect(await reader.metadata(1)).toEqual({
      observedBy: 1,
      clusterId: 'cluster-1',
      controllerId: 1,
      brokers: [],
      partitions: [],
    });
  });

  it('holds at most two metadata answers at once', async () => {
    broker.reactions[METADATA] = 'silence';
    const asked = [1, 2, 3, 4].map(() => reader.metadata(1));
    const outcomes = Promise.allSettled(asked);
    await until('two requests', () => broker.requests.filter(({ apiKey }) => apiKey === METADATA).length === 2);
    broker.reactions[METADATA] = bytes(noThrottle, array(), text('cluster-1'), int32(1), array());
    const fulfilled = (await outcomes).map(({ status }) => status);
    // The two that hang take the connection with them; the others get a new one.
    expect(fulfilled).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('does not take the view of a broker that is still starting', async () => {
    broker.reactions[METADATA] = bytes(noThrottle, array(), text(null), int32(-1), array());
    await expect(reader.metadata(1)).rejects.toMatchObject({
      type: 'BrokerUnreachable',
      message: expect.stringContaining('does not know its cluster id yet'),
    });
  });

  it('finds out that another broker answers at the address of the node', async () => {
    const message = 'Unexpected broker id, expected 7 or empty string, but received 1';
    broker.reactions[DESCRIBE_CONFIGS] = bytes(noThrottle, array(configError('1', 42, message)));
    await expect(reader.brokerConfig(1)).rejects.toMatchObject({
      type: 'WrongNodeOnHost',
      message: `Expected node 1 at ${broker.address}, but the broker that answers there is 7.`,
      evidence: { answered: message },
    });
  });

  it('tells any other refusal with its name', async () => {
    broker.reactions[DESCRIBE_CONFIGS] = bytes(
      noThrottle,
      array(configError('1', 31, 'Cluster authorization failed.')),
    );
    await expect(reader.brokerConfig(1)).rejects.toMatchObject({
      type: 'BrokerUnreachable',
      message: `Asked node 1 at ${broker.address} for DescribeConfigs: it answered error 31 (CLUSTER_AUTHORIZATION_FAILED), saying "Cluster authorization failed.".`,
    });
  });

  it('does not take an empty answer for an empty configuration', async () => {
    broker.reactions[DESCRIBE_CONFIGS] = bytes(noThrottle, array());
    await expect(reader.brokerConfig(1)).rejects.toMatchObject({ type: 'BrokerUnreachable' });
  });

  it('reads a setting of many topics, without those that are gone meanwhile', async () => {
    const answers = array(
      configsOf('a', config('min.insync.replicas', '2')),
      configError('b', 3, 'gone'),
      configsOf('c'),
    );
    broker.reactions[DESCRIBE_CONFIGS] = bytes(noThrottle, answers);
    expect(await reader.topicConfig(1, ['a', 'b', 'c'], 'min.insync.replicas')).toEqual({
      a: { value: '2', source: 'static-broker', sensitive: false },
    });
  });

  it('asks about very many topics in parts', async () => {
    broker.reactions[DESCRIBE_CONFIGS] = bytes(noThrottle, array());
    const topics = Array.from({ length: 4_001 }, (_, i) => `t${i}`);
    await reader.topicConfig(1, topics, 'min.insync.replicas');
    expect(broker.requests).toHaveLength(3);
  });

  it('does not leave out a topic that may not be read', async () => {
    broker.reactions[DESCRIBE_CONFIGS] = bytes(noThrottle, array(configError('a', 29, 'no')));
    await expect(reader.topicConfig(1, ['a'], 'min.insync.replicas')).rejects.toThrow(/29 .*"no \(topic a\)"/);
  });

  it('lists the groups of a coordinator, but not a part of them', async () => {
    const groups = array(bytes(text('app'), text('consumer')));
    broker.reactions[LIST_GROUPS] = bytes(noThrottle, int16(0), groups);
    expect(await reader.groups(1)).toEqual([{ groupId: 'app', protocolType: 'consumer', coordinator: 1 }]);
    broker.reactions[LIST_GROUPS] = bytes(noThrottle, int16(14), groups);
    await expect(reader.groups(1)).rejects.toThrow('error 14');
  });

  it('leaves out partitions without a commit', async () => {
    const offset = (id: number, committed: number, error: number) =>
      bytes(int32(id), int64(committed), text(''), int16(error));
    const topics = array(
      bytes(text('orders'), array(offset(0, 12, 0), offset(1, -1, 0))),
      bytes(text('constructor'), array(offset(0, 5, 88))),
    );
    const group = { groupId: 'app', protocolType: 'consumer', coordinator: 1 };
    broker.reactions[OFFSET_FETCH] = bytes(noThrottle, topics, int16(0));
    expect([...(await reader.committedOffsets(group))]).toEqual([['orders', [12]]]);
    broker.reactions[OFFSET_FETCH] = bytes(noThrottle, array(), int16(16));
    await expect(reader.committedOffsets(group)).rejects.toThrow(/16 .*"group app"/);
  });

  it('leaves out log ends that nobody tells: no leader, leader away, leader unknown, an error of the partition', async () => {
    const tell = (id: number, error: number, end: number) => bytes(int32(id), int16(error), int64(-1), int64(end));
    broker.reactions[LIST_OFFSETS] = bytes(noThrottle, array(bytes(text('t'), array(tell(0, 0, 99), tell(1, 6, -1)))));
    const states = [1, 1, 2, null, 9].map((leader, partition) => ({
      topic: 't',
      partition,
      leader,
      replicas: [1],
      isr: [1],
    }));
    const asked = new Map([['t', [0, 1, 2, 3, 4, 5]]]);
    expect([...(await reader.logEndOffsets(view(...states), asked))]).toEqual([['t', [99]]]);
  });

  it('does not hide from a caller who gave up that log ends are missing', async () => {
    const state = { topic: 't', partition: 0, leader: 1, replicas: [1], isr: [1] };
    const caller = new AbortController();
    const asked = reader.logEndOffsets(view(state), new Map([['t', [0]]]), caller.signal);
    caller.abort(new Error('cancelled'));
    await expect(asked).rejects.toThrow('cancelled');
  });

  it('names the nodes that it knows when it is asked for another', async () => {
    await expect(reader.metadata(3)).rejects.toThrow('Node 3 has no address: the cluster definition has nodes 1, 2.');
  });

  it('connects anew to a node that it was told to forget', async () => {
    broker.reactions[LIST_GROUPS] = bytes(noThrottle, int16(0), array());
    broker.connections = 0;
    await reader.groups(1);
    await reader.forget(1);
    await reader.forget(99);
    await reader.groups(1);
    expect(broker.connections).toBe(2);
  });
});
