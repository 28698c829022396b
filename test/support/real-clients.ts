import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Kafka as OldKafka } from 'kafkajs-old';
import type { RealKafkaHost } from './real-kafka-host';
import { until } from './until';

/** A client of 2018 writes a record, in requests that Kafka 4.0 no longer takes, and leaves. */
export const writeLikeIn2018 = async ({ node }: RealKafkaHost): Promise<void> => {
  const producer = new OldKafka({ clientId: 'from-2018', brokers: [node.kafka], logLevel: 0 }).producer();
  await producer.connect();
  await producer.send({ topic: 'old', messages: [{ key: 'k', value: 'v' }] });
  await producer.disconnect();
};

/** Kafka's own Java producer stays connected meanwhile; it names itself, which kafkajs does not. */
export const withJavaClient = async ({ cluster, node }: RealKafkaHost, look: () => Promise<void>): Promise<void> => {
  const tool = join(cluster.paths.current, 'bin', 'kafka-console-producer.sh');
  const client = spawn(tool, ['--bootstrap-server', node.kafka, '--topic', 'old'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, KAFKA_HEAP_OPTS: '-Xmx64m', LOG_DIR: cluster.paths.logs },
  });
  try {
    await look();
  } finally {
    client.kill('SIGKILL');
    await until('the client ends', () => client.exitCode !== null || client.signalCode !== null);
  }
};
