import { describeConfigs } from '../../../src/kafka/requests/describe-configs';
import { listGroups } from '../../../src/kafka/requests/list-groups';
import { listEndOffsets } from '../../../src/kafka/requests/list-offsets';
import { metadataOfAllTopics } from '../../../src/kafka/requests/metadata';
import { offsetFetch } from '../../../src/kafka/requests/offset-fetch';
import { array, bytes, decoded, encoded, int16, int32, int64, int8, text } from '../../support/wire';

const noThrottle = int32(0);
const ids = (...nodes: number[]) => array(...nodes.map(int32));

describe('Metadata', () => {
  const broker = (id: number, rack: string | null) =>
    bytes(int32(id), text(`host-${id}`), int32(9092 + id), text(rack));
  const partition = (id: number, leader: number, [replicas, isr]: [Buffer, Buffer]) =>
    bytes(int16(leader === -1 ? 5 : 0), int32(id), int32(leader), replicas, isr);
  const topic = (error: number, name: string, ...partitions: Buffer[]) =>
    bytes(int16(error), text(name), int8(0), array(...partitions));
  const answer = (controller: number, ...topics: Buffer[]) =>
    bytes(noThrottle, array(broker(1, 'a'), broker(2, null)), text('cluster-1'), int32(controller), array(...topics));

  it('asks for all topics and creates none', () => {
    expect(encoded(metadataOfAllTopics())).toEqual(bytes(int32(-1), int8(0)));
  });

  it('reads brokers, controller and partitions', () => {
    const healthy = topic(0, 'orders', partition(0, 1, [ids(1, 2), ids(2, 1)]), partition(1, 2, [ids(2, 1), ids(2)]));
    expect(decoded(metadataOfAllTopics(), answer(2, healthy))).toEqual({
      clusterId: 'cluster-1',
      controllerId: 2,
      brokers: [
        { id: 1, host: 'host-1', port: 9093, rack: 'a' },
        { id: 2, host: 'host-2', port: 9094, rack: null },
      ],
      partitions: [
        { topic: 'orders', partition: 0, leader: 1, replicas: [1, 2], isr: [2, 1] },
        { topic: 'orders', partition: 1, leader: 2, replicas: [2, 1], isr: [2] },
      ],
    });
  });

  it('shares what did not change with the answers before, and nothing else', () => {
    const request = metadataOfAllTopics();
    const same = partition(0, 1, [ids(1, 2), ids(1, 2)]);
    const shrunk = partition(1, 2, [ids(2, 1), ids(2)]);
    const read = (...partitions: Buffer[]) => decoded(request, answer(1, topic(0, 'orders', ...partitions))).partitions;
    const first = read(same, partition(1, 2, [ids(2, 1), ids(2, 1)]));
    const second = read(same, shrunk);
    const third = read(same, shrunk);
    expect(second[0]).toBe(first[0]);
    expect(second[1]).toEqual({ topic: 'orders', partition: 1, leader: 2, replicas: [2, 1], isr: [2] });
    expect(first[1]?.isr).toEqual([2, 1]);
    expect(third[1]).toBe(second[1]);
    expect(read(partition(0, 2, [ids(1, 2), ids(1, 2)]))[0]).toEqual({ ...first[0], leader: 2 });
    expect(read(partition(0, 2, [ids(1, 3), ids(3)]))[0]).toMatchObject({ replicas: [1, 3], isr: [3] });
  });

  it('forgets topics that are gone', () => {
    const request = metadataOfAllTopics();
    const one = partition(0, 1, [ids(1), ids(1)]);
    const [before] = decoded(request, answer(1, topic(0, 'kept', one))).partitions;
    const many = Array.from({ length: 200 }, (_, index) => topic(0, `gone-${index}`, one));
    decoded(request, answer(1, ...many));
    const [after] = decoded(request, answer(1, topic(0, 'kept', one))).partitions;
    expect(after).toBe(before);
    expect(decoded(request, answer(1, topic(0, 'kept', one))).partitions[0]).toEqual(before);
  });

  it('takes a leaderless partition for data and reads on behind it', () => {
    const leaderless = topic(0, 'lonely', partition(0, -1, [ids(2), ids(2)]));
    const healthy = topic(0, 'orders', partition(0, 1, [ids(1, 2), ids(1)]));
    expect(decoded(metadataOfAllTopics(), answer(1, leaderless, healthy)).partitions).toEqual([
      { topic: 'lonely', partition: 0, leader: null, replicas: [2], isr: [2] },
      { topic: 'orders', partition: 0, leader: 1, replicas: [1, 2], isr: [1] },
    ]);
  });

  it('knows no controller and no cluster id when there is none, and skips a topic that is being deleted', () => {
    const starting = bytes(noThrottle, array(), text(null), int32(-1), array(topic(3, 'gone')));
    expect(decoded(metadataOfAllTopics(), starting)).toEqual({
      clusterId: null,
      controllerId: null,
      brokers: [],
      partitions: [],
    });
  });

  it('reads an empty ISR and keeps one array where ISR and replicas are the same', () => {
    const two = topic(0, 't', partition(0, 1, [ids(1, 2), ids(1, 2)]), partition(1, -1, [ids(1, 2), ids()]));
    const [same, empty] = decoded(metadataOfAllTopics(), answer(1, two)).partitions;
    expect(same?.isr).toBe(same?.replicas);
    expect(empty?.isr).toEqual([]);
  });
});

describe('DescribeConfigs', () => {
  /** A value that is null is one that Kafka hides. */
  const value = (name: string, set: string | null, source: number) =>
    bytes(text(name), text(set), int8(0), int8(source), int8(set === null ? 1 : 0), array());
  const result = (resource: string, ...values: Buffer[]) =>
    bytes(int16(0), text(null), int8(4), text(resource), array(...values));
  const refusal = (resource: string, error: number, message: string) =>
    bytes(int16(error), text(message), int8(4), text(resource), array());

  it('asks a broker for some settings or all', () => {
    const some = describeConfigs({ type: 'broker', resources: ['2'], names: ['log.dirs'] });
    expect(encoded(some)).toEqual(bytes(array(bytes(int8(4), text('2'), array(text('log.dirs')))), int8(0)));
    const all = describeConfigs({ type: 'broker', resources: ['2'], names: null });
    expect(encoded(all)).toEqual(bytes(array(bytes(int8(4), text('2'), int32(-1))), int8(0)));
  });

  it('asks about many topics at once', () => {
    const request = describeConfigs({ type: 'topic', resources: ['a', 'b'], names: ['min.insync.replicas'] });
    const entry = (topic: string) => bytes(int8(2), text(topic), array(text('min.insync.replicas')));
    expect(encoded(request)).toEqual(bytes(array(entry('a'), entry('b')), int8(0)));
  });

  it.each([
    [1, 'dynamic-topic'],
    [2, 'dynamic-broker'],
    [3, 'dynamic-default-broker'],
    [4, 'static-broker'],
    [5, 'default'],
    [0, 'unknown'],
    [8, 'unknown'],
  ])('calls source %i %s', (code, source) => {
    const request = describeConfigs({ type: 'broker', resources: ['1'], names: null });
    const [first] = decoded(request, bytes(noThrottle, array(result('1', value('k', 'v', code)))));
    expect(first?.values['k']).toEqual({ value: 'v', source, sensitive: false });
  });

  it('reads hidden values, errors and settings with odd names', () => {
    const request = describeConfigs({ type: 'topic', resources: ['a', 'b'], names: null });
    const odd = [value('password', null, 4), value('__proto__', 'x', 4), value('constructor', 'y', 4)];
    const answer = bytes(noThrottle, array(result('a', ...odd), refusal('b', 3, 'no such topic')));
    const [first, second] = decoded(request, answer);
    expect(Object.entries(first?.values ?? {})).toEqual([
      ['password', { value: null, source: 'static-broker', sensitive: true }],
      ['__proto__', { value: 'x', source: 'static-broker', sensitive: false }],
      ['constructor', { value: 'y', source: 'static-broker', sensitive: false }],
    ]);
    expect(second).toMatchObject({ resource: 'b', errorCode: 3, errorMessage: 'no such topic', values: {} });
  });
});

describe('ListGroups', () => {
  it('asks with nothing and reads groups and error', () => {
    expect(encoded(listGroups)).toHaveLength(0);
    const groups = array(bytes(text('app'), text('consumer')), bytes(text('sink'), text('connect')));
    expect(decoded(listGroups, bytes(noThrottle, int16(14), groups))).toEqual({
      errorCode: 14,
      groups: [
        { groupId: 'app', protocolType: 'consumer' },
        { groupId: 'sink', protocolType: 'connect' },
      ],
    });
  });
});

describe('OffsetFetch', () => {
  it('asks for all topics of a group and reads offsets with their errors', () => {
    expect(encoded(offsetFetch('app'))).toEqual(bytes(text('app'), int32(-1)));
    const offset = (id: number, committed: number, error: number) =>
      bytes(int32(id), int64(committed), text(''), int16(error));
    const topics = array(
      bytes(text('orders'), array(offset(0, 12, 0), offset(1, -1, 0), offset(2, 2 ** 40, 0))),
      bytes(text('audit'), array(offset(0, 2 ** 40, 88))),
    );
    expect(decoded(offsetFetch('app'), bytes(noThrottle, topics, int16(0)))).toEqual({
      errorCode: 0,
      offsets: new Map([['orders', [12, undefined, 2 ** 40]]]),
    });
  });
});

describe('ListOffsets', () => {
  it('asks as a consumer for the ends and reads them with their errors', () => {
    const request = listEndOffsets({ topics: ['orders', 'orders', 'audit'], partitions: [0, 3, 1] });
    const ask = (id: number) => bytes(int32(id), int64(-1));
    expect(encoded(request)).toEqual(
      bytes(
        int32(-1),
        int8(0),
        array(bytes(text('orders'), array(ask(0), ask(3))), bytes(text('audit'), array(ask(1)))),
      ),
    );
    const tell = (id: number, error: number, end: number) => bytes(int32(id), int16(error), int64(-1), int64(end));
    const answer = bytes(noThrottle, array(bytes(text('orders'), array(tell(0, 0, 2 ** 40 + 99), tell(3, 6, -1)))));
    expect(decoded(request, answer)).toEqual({ topics: ['orders'], partitions: [0], offsets: [2 ** 40 + 99] });
  });
});
