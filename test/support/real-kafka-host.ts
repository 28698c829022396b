import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterDefinition, NodeDefinition } from '../../src/config/definition';
import { ensureKafkaDistribution } from '../../src/lab/provision/kafka-distribution';
import { until } from './until';
import { isListening } from '../../src/kafka/is-listening';

/** One host's files for a real Kafka of one version, with a ZooKeeper of its own that runs until `stop`. */
export interface RealKafkaHost {
  cluster: Pick<ClusterDefinition, 'mode' | 'paths' | 'service' | 'nodes'>;
  node: NodeDefinition;
  stop(): Promise<void>;
}

const KAFKA_PORT = 9092;
const JMX_PORT = 9999;
const ZOOKEEPER_PORT = 2181;

const startZooKeeper = (distribution: string, root: string, address: string): ChildProcess => {
  const config = join(root, 'zookeeper.properties');
  const lines = [`dataDir=${root}/zookeeper`, `clientPort=${ZOOKEEPER_PORT}`, `clientPortAddress=${address}`];
  writeFileSync(config, [...lines, 'admin.enableServer=false', ''].join('\n'));
  return spawn(join(distribution, 'bin', 'zookeeper-server-start.sh'), [config], {
    stdio: 'ignore',
    env: { ...process.env, KAFKA_HEAP_OPTS: '-Xmx96m', LOG_DIR: join(root, 'zookeeper-log') },
  });
};

const serverProperties = (root: string, address: string): string =>
  [
    'broker.id=1',
    `listeners=PLAINTEXT://${address}:${KAFKA_PORT}`,
    `zookeeper.connect=${address}:${ZOOKEEPER_PORT}`,
    `log.dirs=${root}/data`,
    'num.network.threads=2',
    'num.io.threads=2',
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=3',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    '',
  ].join('\n');

const jmxOptions = (address: string): string =>
  [
    '-Dcom.sun.management.jmxremote',
    '-Dcom.sun.management.jmxremote.authenticate=false',
    '-Dcom.sun.management.jmxremote.ssl=false',
    `-Dcom.sun.management.jmxremote.host=${address}`,
    `-Djava.rmi.server.hostname=${address}`,
  ].join(' ');

/** Lays out a host on this address and starts its ZooKeeper; the broker, with these variables too, is the test's to start. */
export const makeRealKafkaHost = async (
  address: string,
  version: string,
  variables: Record<string, string> = {},
): Promise<RealKafkaHost> => {
  const distribution = await ensureKafkaDistribution(version, { log: () => undefined });
  const root = mkdtempSync(join(tmpdir(), 'kafka-upgrade-'));
  for (const folder of ['opt', 'etc', 'data', 'log']) mkdirSync(join(root, folder));
  symlinkSync(distribution, join(root, 'opt', `kafka-${version}`));
  symlinkSync(join(root, 'opt', `kafka-${version}`), join(root, 'opt', 'kafka'));
  writeFileSync(join(root, 'etc', 'server.properties'), serverProperties(root, address));
  const zookeeper = startZooKeeper(distribution, root, address);
  await until('ZooKeeper accepts connections', () => isListening(`${address}:${ZOOKEEPER_PORT}`), 60_000);
  const node: NodeDefinition = {
    id: 1,
    roles: ['broker'],
    host: address,
    sshPort: 22,
    kafka: `${address}:${KAFKA_PORT}`,
    jmx: `${address}:${JMX_PORT}`,
  };
  const environment = {
    JMX_PORT: String(JMX_PORT),
    KAFKA_HEAP_OPTS: '-Xmx256m',
    KAFKA_JMX_OPTS: jmxOptions(address),
    LOG_DIR: join(root, 'log'),
    ...variables,
  };
  return {
    node,
    cluster: {
      mode: 'zookeeper',
      nodes: [node],
      service: { type: 'scripts', environment, logging: { log4j: null, log4j2: null } },
      paths: {
        config: join(root, 'etc', 'server.properties'),
        current: join(root, 'opt', 'kafka'),
        releases: join(root, 'opt', 'kafka-{version}'),
        state: join(root, 'state'),
        logs: join(root, 'log'),
      },
    },
    stop: async () => {
      zookeeper.kill('SIGTERM');
      await until('ZooKeeper ends', () => zookeeper.exitCode !== null || zookeeper.signalCode !== null);
      rmSync(root, { recursive: true, force: true });
    },
  };
};
