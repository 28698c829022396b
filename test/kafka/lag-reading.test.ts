import { LagReading } from '../../src/kafka/lag-reading';
import { FakeKafkaReader } from '../support/fake-kafka-reader';
import { plainGroups } from '../support/lag-samples';

describe('reading the lag of all groups', () => {
  let reader: FakeKafkaReader;
  let reading: LagReading;
  const read = async () => {
    const { groups, missing } = await reading.read(new AbortController().signal);
    return { missing, groups: plainGroups(groups) };
  };
  const consumer = (groupId: string, coordinator: number) => ({ groupId, protocolType: 'consumer', coordinator });

  beforeEach(() => {
    reader = new FakeKafkaReader();
    reader.logs = { 'orders-0': { leader: 1, end: 20 }, 'orders-1': { leader: 2, end: 30 } };
    reader.listed = [consumer('app', 1)];
    reader.commits = { app: { orders: { 0: 10, 1: 30 } } };
    reading = new LagReading({
      reader,
      nodeIds: [1, 2],
      isIgnoredGroup: (group) => group === 'ignored',
      isIgnoredTopic: (topic) => topic === 'noise',
    });
  });

  it('joins commits and log ends', async () => {
    expect(await read()).toEqual({
      missing: [],
      groups: { app: { 'orders-0': { committed: 10, end: 20 }, 'orders-1': { committed: 30, end: 30 } } },
    });
  });

  it.each(['share', 'streams', 'connect', 'sr'])('does not judge groups of type %s', async (protocolType) => {
    reader.listed.push({ groupId: 'other', protocolType, coordinator: 2 });
    reader.commits['other'] = { orders: { 0: 1 } };
    expect(Object.keys((await read()).groups)).toEqual(['app']);
  });

  it('does not ask for the ends of ignored topics: brokers that lead them may be away', async () => {
    reader.commits['app'] = { orders: { 0: 10 }, noise: { 0: 1 } };
    reader.logs['noise-0'] = { leader: 2, end: 9 };
    const logEndOffsets = reader.logEndOffsets.bind(reader);
    const asked: string[] = [];
    reader.logEndOffsets = (view, partitions, signal) => {
      asked.push(...partitions.keys());
      return logEndOffsets(view, partitions, signal);
    };
    expect(await read()).toEqual({ missing: [], groups: { app: { 'orders-0': { committed: 10, end: 20 } } } });
    expect(asked).toEqual(['orders']);
  });

  it('takes no notice of groups without commits, ignored ones and internal topics', async () => {
    reader.listed.push(consumer('empty', 2), consumer('ignored', 2));
    reader.listed.push({ ...consumer('simple', 2), protocolType: '' });
    reader.commits['ignored'] = { orders: { 0: 1 } };
    reader.commits['simple'] = { orders: { 0: 1 }, __consumer_offsets: { 7: 3 } };
    const { groups } = await read();
    expect(Object.keys(groups)).toEqual(['app', 'simple']);
    expect(groups['simple']).toEqual({ 'orders-0': { committed: 1, end: 20 } });
  });

  it('keeps what other brokers tell when one is away, and names what is missing', async () => {
    reader.away.add(2);
    expect(await read()).toEqual({
      missing: ['groups of node 2 (node 2 is away)', 'log end of orders-1'],
      groups: { app: { 'orders-0': { committed: 10, end: 20 } } },
    });
  });

  it('names a group that its coordinator does not tell', async () => {
    reader.commits['app'] = new Error('NOT_COORDINATOR');
    expect(await read()).toEqual({ missing: ['group app (NOT_COORDINATOR)'], groups: {} });
  });

  it('is content when one of two brokers that list a moving group tells', async () => {
    reader.listed = [consumer('app', 1), consumer('app', 2)];
    const committedOffsets = reader.committedOffsets.bind(reader);
    reader.committedOffsets = (group, signal) =>
      group.coordinator === 1 ? Promise.reject(new Error('NOT_COORDINATOR')) : committedOffsets(group, signal);
    const { missing, groups } = await read();
    expect(missing).toEqual([]);
    expect(Object.keys(groups)).toEqual(['app']);
  });

  const lists = (): number => reader.calls.filter((call) => call === 'groups 1').length;

  it('lists the groups once for many samples', async () => {
    await read();
    await read();
    expect(lists()).toBe(1);
  });

  it('lists them again at once when a coordinator has moved', async () => {
    await read();
    const committedOffsets = reader.committedOffsets.bind(reader);
    reader.committedOffsets = (group, signal) =>
      group.coordinator === 1 ? Promise.reject(new Error('NOT_COORDINATOR')) : committedOffsets(group, signal);
    reader.listed = [consumer('app', 2)];
    const { missing, groups } = await read();
    expect([missing, Object.keys(groups), lists()]).toEqual([[], ['app'], 2]);
  });

  it('lists them again at every sample while a broker is away', async () => {
    reader.away.add(2);
    await read();
    expect((await read()).missing).toContain('groups of node 2 (node 2 is away)');
    expect(lists()).toBe(2);
  });

  it('reads metadata once for many samples, and again when a leader has moved', async () => {
    await read();
    await read();
    expect(reader.calls.filter((call) => call.startsWith('metadata'))).toEqual(['metadata 1']);
    reader.logs['orders-1'] = { leader: 1, end: 31 };
    expect((await read()).groups['app']?.['orders-1']).toEqual({ committed: 30, end: 31 });
    expect(reader.calls.filter((call) => call.startsWith('metadata'))).toHaveLength(2);
  });

  it('asks the next node for metadata when one is away, and stays with the one that answers', async () => {
    reader.away.add(1);
    reader.listed = [consumer('app', 2)];
    reader.logs['orders-0'] = { leader: 2, end: 20 };
    await read();
    reader.logs['orders-0'] = { leader: 1, end: 20 };
    await read();
    expect(reader.calls.filter((call) => call.startsWith('metadata'))).toEqual([
      'metadata 1',
      'metadata 2',
      'metadata 2',
    ]);
  });

  it('takes a topic that is gone for no gap', async () => {
    reader.commits['app'] = { orders: { 0: 10 }, deleted: { 0: 5 } };
    const { missing, groups } = await read();
    expect(missing).toEqual([]);
    expect(Object.keys(groups['app'] ?? {})).toEqual(['orders-0']);
  });

  it('says that nothing is known when no broker answers', async () => {
    await read();
    reader.away.add(1).add(2);
    expect(await read()).toEqual({
      missing: ['groups of node 1 (node 1 is away)', 'groups of node 2 (node 2 is away)'],
      groups: {},
    });
  });

  it('says why leaders are not known when brokers go away in between', async () => {
    const committedOffsets = reader.committedOffsets.bind(reader);
    reader.committedOffsets = async (group, signal) => {
      const offsets = await committedOffsets(group, signal);
      reader.away.add(1).add(2);
      return offsets;
    };
    expect(await read()).toEqual({
      missing: ['leaders of partitions (node 1 is away; node 2 is away)'],
      groups: { app: {} },
    });
  });

  it('ends when it is told to', async () => {
    await expect(reading.read(AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });
});
