import { getProperties } from 'properties-file';
import { serverPropertiesText, zookeeperPropertiesText } from '../../src/lab/server-properties';

const input = {
  id: 2,
  address: '127.77.0.2',
  kafkaPort: 9092,
  zookeeper: '127.77.0.10:2181',
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
