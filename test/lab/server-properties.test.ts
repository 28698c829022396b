import { getProperties } from 'properties-file';
import {
  serverPropertiesText,
  zookeeperPropertiesText,
  type ServerPropertiesInput,
} from '../../src/lab/server-properties';

const input: ServerPropertiesInput = {
  id: 2,
  roles: ['broker'],
  address: '127.77.0.2',
  ports: { kafka: 9092, controller: 9093 },
  metadata: { mode: 'zookeeper', connect: '127.77.0.10:2181' },
  brokers: 3,
  properties: {},
};

describe("a lab broker's server.properties", () => {
  it('names the broker, its own address and a durable configuration, and pins no protocol', () => {
    const properties = getProperties(serverPropertiesText(input));
    expect(properties).toMatchObject({
      'broker.id': '2',
      listeners: 'PLAINTEXT://127.77.0.2:9092',
      'advertised.listeners': 'PLAINTEXT://127.77.0.2:9092',
      'log.dirs': '/var/lib/kafka/data',
      'zookeeper.connect': '127.77.0.10:2181',
      'default.replication.factor': '3',
      'min.insync.replicas': '2',
      'offsets.topic.replication.factor': '3',
      'transaction.state.log.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
    });
    expect(properties).not.toHaveProperty('inter.broker.protocol.version');
  });

  it('names the roles, the listeners and the voters of a KRaft node', () => {
    const metadata = { mode: 'kraft', voters: '1@127.77.0.1:9093' } as const;
    const of = (roles: ServerPropertiesInput['roles']) =>
      getProperties(serverPropertiesText({ ...input, metadata, roles }));
    expect(of(['broker', 'controller'])).toMatchObject({
      'process.roles': 'broker,controller',
      'node.id': '2',
      listeners: 'PLAINTEXT://127.77.0.2:9092,CONTROLLER://127.77.0.2:9093',
      'advertised.listeners': 'PLAINTEXT://127.77.0.2:9092',
      'controller.quorum.voters': '1@127.77.0.1:9093',
    });
    expect(of(['broker'])).toMatchObject({ listeners: 'PLAINTEXT://127.77.0.2:9092' });
    expect(of(['controller'])).toMatchObject({ listeners: 'CONTROLLER://127.77.0.2:9093' });
    for (const key of ['broker.id', 'zookeeper.connect']) expect(of(['broker'])).not.toHaveProperty([key]);
    expect(of(['controller'])).not.toHaveProperty(['advertised.listeners']);
  });

  it('leaves out what is null', () => {
    const text = serverPropertiesText({ ...input, properties: { 'min.insync.replicas': null } });
    expect(getProperties(text)).not.toHaveProperty(['min.insync.replicas']);
  });

  it('asks for no more replicas than there are brokers', () => {
    const properties = getProperties(serverPropertiesText({ ...input, brokers: 1 }));
    expect(properties).toMatchObject({
      'default.replication.factor': '1',
      'min.insync.replicas': '1',
      'transaction.state.log.min.isr': '1',
    });
  });

  it('takes overrides in place and additions at the end', () => {
    const text = serverPropertiesText({
      ...input,
      properties: { 'num.partitions': '3', 'inter.broker.protocol.version': '3.7' },
    });
    expect(getProperties(text)).toMatchObject({ 'num.partitions': '3', 'inter.broker.protocol.version': '3.7' });
    expect(text.match(/num\.partitions/g)).toHaveLength(1);
    expect(text.endsWith('# --- Of this cluster only ---\ninter.broker.protocol.version=3.7\n')).toBe(true);
  });
});

describe("the lab's zookeeper.properties", () => {
  it('binds ZooKeeper to its own address and opens no admin server', () => {
    expect(getProperties(zookeeperPropertiesText('127.77.0.10', 2181))).toMatchObject({
      clientPort: '2181',
      clientPortAddress: '127.77.0.10',
      'admin.enableServer': 'false',
    });
  });
});
