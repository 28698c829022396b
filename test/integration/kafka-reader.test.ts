/** The reader against real brokers (ZooKeeper mode), with one of them stopped and started again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';
import { defaultPolicy } from '../../src/domain/policy/policy';
import type { KafkaAdmin } from '../../src/kafka/kafka-admin';
import type { KafkaReader } from '../../src/kafka/kafka-reader';
import { createKafkaReader } from '../../src/kafka/kafkajs-reader';
import { LagSampler } from '../../src/kafka/lag-sampler';
import { RealKafkaCluster } from '../support/real-kafka-cluster';
import { until } from '../support/until';

const VERSION = process.env['KAFKA_TEST_VERSION'] ?? '3.7.2';
const limits = { requestTimeoutMs: 3_000, connectTimeoutMs: 1_500 };
const policy = { ...defaultPolicy.consumerLag, sampleIntervalMs: 200 };

jest.setTimeout(180_000);

let cluster: RealKafkaCluster;
let reader: KafkaReader & KafkaAdmin;
let sampler: LagSampler;
let producer: Producer;
let consumer: Consumer;
/** What to end, the last begun first; also when beforeAll fails halfway. */
const endings: (() => Promise<unknown>)[] = [];

const createTopics = async (kafka: Kafka): Promise<void> => {
  const admin = kafka.admin();
  await admin.connect();
  const lonely = [
    { partition: 0, replicas: [2] },
    { partition: 1, replicas: [1] },
  ];
  const configEntries = [{ name: 'min.insync.replicas', value: '2' }];
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      { topic: 'lonely', replicaAssignment: lonely },
      { topic: 'probe', replicaAssignment: [{ partition: 0, replicas: [2, 1] }] },
      { topic: 'orders', replicaAssignment: [{ partition: 0, replicas: [1, 2] }], configEntries },
    ],
  });
  await admin.disconnect();
};

const produce = (topic: string, partition: number, count: number): Promise<unknown> =>
  producer.send({ topic, messages: Array.from({ length: count }, (_, i) => ({ partition, value: `${i}` })) });

const statesOf = async (askNode: number, topic: string) =>
  (await reader.metadata(askNode)).partitions
    .filter((state) => state.topic === topic)
    .sort((a, b) => a.partition - b.partition)
    .map(({ leader, replicas, isr }) => ({ leader, replicas, isr }));

/** The group as its coordinator lists it now. */
const findGroup = () =>
  until('a broker lists the group', async () => {
    const lists = await Promise.allSettled([1, 2].map((id) => reader.groups(id)));
    return lists
      .flatMap((list) => (list.status === 'fulfilled' ? list.value : []))
      .find(({ groupId }) => groupId === 'app');
  });

beforeAll(async () => {
  cluster = await RealKafkaCluster.start({ version: VERSION, prefix: '127.0.78', nodeIds: [1, 2] });
  endings.unshift(() => cluster.stop());
  reader = createKafkaReader({ nodes: cluster.nodes, ...limits });
  sampler = new LagSampler({ reader, nodeIds: [1, 2], policy });
  endings.unshift(() => {
    sampler.stop();
    return reader.close();
  });
  const brokers = cluster.nodes.map(({ kafka }) => kafka);
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { initialRetryTime: 50, retries: 20 } });
  await until('both brokers are registered', () =>
    reader.metadata(1).then(
      ({ brokers: seen }) => seen.length === 2,
      () => false, // older releases listen before they answer
    ),
  );
  await createTopics(kafka);
  producer = kafka.producer();
  consumer = kafka.consumer({ groupId: 'app' });
  endings.unshift(() => Promise.all([consumer.disconnect(), producer.disconnect()]));
  await Promise.all([producer.connect(), consumer.connect()]);
  await consumer.subscribe({ topics: ['lonely', 'orders'], fromBeginning: true });
  await consumer.run({ autoCommitInterval: 100, eachMessage: () => Promise.resolve() });
});

afterAll(async () => {
  for (const end of endings) await end();
});

test('every broker tells the same cluster, with its own view of the partitions', async () => {
  const [one, two] = await until('both brokers know the topics', async () => {
    const views = await Promise.all([reader.metadata(1), reader.metadata(2)]);
    return views.every(({ partitions }) => partitions.some(({ topic }) => topic === 'orders')) ? views : null;
  });
  expect([one.observedBy, two.observedBy]).toEqual([1, 2]);
  expect(one.clusterId).toBe(two.clusterId);
  expect(one.controllerId).toBe(two.controllerId);
  expect(one.brokers.map(({ id }) => id).sort()).toEqual([1, 2]);
  expect(await statesOf(2, 'lonely')).toEqual([
    { leader: 2, replicas: [2], isr: [2] },
    { leader: 1, replicas: [1], isr: [1] },
  ]);
});

test('a running broker tells its protocol and configuration, and where each value comes from', async () => {
  const config = await reader.brokerConfig(1, ['inter.broker.protocol.version', 'broker.id', 'ssl.keystore.password']);
  expect(config['inter.broker.protocol.version']?.value).toMatch(new RegExp(`^${VERSION.split('.', 2).join('\\.')}`));
  expect(config['inter.broker.protocol.version']?.source).toBe('default');
  expect(config['broker.id']).toEqual({ value: '1', source: 'static-broker', sensitive: false });
  expect(config['ssl.keystore.password']).toMatchObject({ value: null, sensitive: true });
  expect(Object.keys(await reader.brokerConfig(2)).length).toBeGreaterThan(100);
});

test('a definition that names the wrong node for an address is found out', async () => {
  const confused = createKafkaReader({ nodes: [{ id: 7, kafka: `${cluster.address(2)}:9092` }], ...limits });
  await expect(confused.brokerConfig(7)).rejects.toMatchObject({
    type: 'WrongNodeOnHost',
    message: `Expected node 7 at ${cluster.address(2)}:9092, but the broker that answers there is 2.`,
  });
  await confused.close();
});

test('topics tell their effective min.insync.replicas; unknown ones are left out', async () => {
  expect(await reader.topicConfig(1, ['lonely', 'orders', 'unknown'], 'min.insync.replicas')).toEqual({
    lonely: { value: '1', source: 'default', sensitive: false },
    orders: { value: '2', source: 'dynamic-topic', sensitive: false },
  });
});

test('committed and end offsets of a real consumer are read from coordinator and leaders', async () => {
  await Promise.all([produce('lonely', 0, 3), produce('lonely', 1, 5), produce('orders', 0, 7)]);
  const group = await findGroup();
  expect(group.protocolType).toBe('consumer');
  const wanted = new Map([
    ['lonely', [3, 5]],
    ['orders', [7]],
  ]);
  await until('everything is committed', async () => {
    const offsets = await reader.committedOffsets(group);
    return offsets.get('lonely')?.[0] === 3 && offsets.get('lonely')?.[1] === 5 && offsets.get('orders')?.[0] === 7;
  });
  expect(await reader.committedOffsets(group)).toEqual(wanted);
  const view = await reader.metadata(1);
  expect(await reader.logEndOffsets(view, wanted)).toEqual(wanted);
});

test('the sampler sees the consumer keep up', async () => {
  const sinceMs = Date.now();
  sampler.start();
  await until('the group has caught up with new records', async () => {
    await produce('orders', 0, 1);
    await sampler.sampleNow();
    const { settled, groups } = sampler.assess({ restartedAtMs: sinceMs, nowMs: Date.now() });
    return settled && groups.some(({ group, status }) => group === 'app' && ['caught-up', 'moving'].includes(status));
  });
  expect(sampler.state().missing).toEqual([]);
});

test('a record written with acks=all is read back at its offset, and nothing is where none was written', async () => {
  const at = { topic: 'probe', partition: 0 };
  const offset = await reader.writeRecord(2, { ...at, value: 'héllo' });
  expect(await reader.readRecord(2, { ...at, offset })).toBe('héllo');
  expect(await reader.readRecord(2, { ...at, offset: offset + 1 })).toBeNull();
  await expect(reader.readRecord(2, { ...at, offset: offset + 5 })).rejects.toThrow('OFFSET_OUT_OF_RANGE');
  await expect(reader.writeRecord(1, { ...at, value: 'x' })).rejects.toThrow('NOT_LEADER_FOR_PARTITION');
});

describe('while one broker is down', () => {
  beforeAll(async () => {
    await cluster.stopBroker(2);
    await reader.forget(2);
    const down = async () => (await reader.metadata(1)).brokers.length === 1;
    await until('the other broker knows', down);
  });

  test('the other one tells a partition without leader like any other', async () => {
    await until('leaders have moved', async () => (await statesOf(1, 'orders'))[0]?.leader === 1);
    expect(await statesOf(1, 'lonely')).toEqual([
      { leader: null, replicas: [2], isr: [2] },
      { leader: 1, replicas: [1], isr: [1] },
    ]);
    expect((await statesOf(1, 'orders'))[0]).toEqual({ leader: 1, replicas: [1, 2], isr: [1] });
  });

  test('configuration, groups and offsets can still be read', async () => {
    expect((await reader.brokerConfig(1, ['broker.id']))['broker.id']?.value).toBe('1');
    const group = await findGroup();
    expect(group.coordinator).toBe(1);
    const offsets = await until('the coordinator has loaded', () => reader.committedOffsets(group).catch(() => null));
    expect(offsets.get('lonely')).toEqual([3, 5]);
    const view = await reader.metadata(1);
    const ends = await reader.logEndOffsets(view, offsets);
    expect(ends.get('lonely')).toEqual([undefined, 5]);
  });

  test('the one that is down is named, at once, with what was seen', async () => {
    const before = performance.now();
    await expect(reader.metadata(2)).rejects.toMatchObject({
      type: 'BrokerUnreachable',
      message: `Asked node 2 at ${cluster.address(2)}:9092 for Metadata: connect ECONNREFUSED ${cluster.address(2)}:9092.`,
    });
    expect(performance.now() - before).toBeLessThan(500);
  });

  test('lag samples go on and say what they miss', async () => {
    const missing = async (): Promise<string> => {
      await sampler.sampleNow();
      return sampler.state().missing.join();
    };
    expect(await missing()).toContain('log end of lonely-0');
    // As long as every group that was listed a moment ago still tells, they are not listed anew.
    await until('the groups are listed anew', async () => (await missing()).includes('groups of node 2'), 30_000);
    const groups = [...sampler.state().groups()];
    expect(groups).toContain('app');
    expect(sampler.assess({ restartedAtMs: Date.now() - 1, nowMs: Date.now() }).settled).toBe(false);
  });

  test('a caller that polls hears from the broker as soon as a newcomer would', async () => {
    const firstAnswer = (source: KafkaReader, everyMs: number) =>
      until(
        'an answer',
        () =>
          source.metadata(2).then(
            () => performance.now(),
            () => sleep(everyMs, null),
          ),
        120_000,
      );
    const newcomer = createKafkaReader({ nodes: cluster.nodes, ...limits });
    const asking = Promise.all([firstAnswer(reader, 200), firstAnswer(newcomer, 20)]);
    await cluster.startBroker(2);
    const [answeredAt, possibleAt] = await asking;
    await newcomer.close();
    // No back-off: the poll interval, and as much again for a busy machine.
    expect(answeredAt - possibleAt).toBeLessThan(400);
  });

  test('afterwards everything is whole again, and the group has settled', async () => {
    const restartedAtMs = Date.now();
    await until('all replicas are in sync', async () => {
      const view = await reader.metadata(1);
      return view.partitions.every(({ leader, isr, replicas }) => leader !== null && isr.length === replicas.length);
    });
    await until('the group goes on', async () => {
      await produce('orders', 0, 1);
      await sampler.sampleNow();
      return sampler.assess({ restartedAtMs, nowMs: Date.now() }).settled;
    });
    expect(sampler.state().missing).toEqual([]);
  });
});

test('a broker that came back is given the partitions again that prefer it', async () => {
  const view = await reader.metadata(1);
  const preferring = view.partitions.filter(({ replicas, isr }) => replicas.length === 2 && isr.length === 2);
  const away = preferring.filter(({ replicas, leader }) => leader !== replicas[0]);
  const partitions = new Map<string, number[]>();
  for (const { topic, partition } of away) partitions.set(topic, [...(partitions.get(topic) ?? []), partition]);
  await reader.electPreferredLeaders(view.controllerId ?? 1, partitions);
  await until('every preferred replica leads', async () => {
    const now = (await reader.metadata(1)).partitions.filter(
      ({ replicas, isr }) => replicas.length === 2 && isr.length === 2,
    );
    return now.every(({ replicas, leader }) => leader === replicas[0]);
  });
  await reader.electPreferredLeaders(view.controllerId ?? 1, partitions); // not needed any more, which is no error
});
