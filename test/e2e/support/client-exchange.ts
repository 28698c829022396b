/** One client of one version writes records and reads them back, through every broker that leads one. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import type { Lab } from '../../../src/lab/lab';
import { ensureKafkaDistribution } from '../../../src/lab/provision/kafka-distribution';
import { parseClientLine } from '../../../src/lab/traffic/client-lines';
import { startJavaClient } from '../../../src/lab/traffic/java-client';
import { ensureTopic } from '../../../src/lab/traffic/topic';
import { until } from '../../../src/lab/until';

/** Enough that each of the twelve partitions gets some. */
const records = 240;
const limitMs = 60_000;
/** What leads every value. */
const run = 7;

interface Exchange {
  lab: Lab;
  topic: string;
}

/** Runs a Java client of this release to its end; the values that it tells of, acknowledged or consumed. */
const runJava = async (
  { lab, topic }: Exchange,
  version: string,
  tool: { name: string; arguments: string[]; kind: 'acknowledged' | 'consumed' },
): Promise<Set<string>> => {
  const values = new Set<string>();
  const client = startJavaClient({
    releaseDirectory: await ensureKafkaDistribution(version, { log: () => undefined }),
    mainClass: `org.apache.kafka.tools.${tool.name}`,
    arguments: ['--bootstrap-server', lab.bootstrap, '--topic', topic, ...tool.arguments],
    errorFile: join(lab.directory, `${topic}-${tool.name}.err`),
    onLine: (text) => {
      const line = parseClientLine(text, run);
      if (line?.kind === tool.kind) values.add(`${line.partition}-${line.offset}`);
    },
  });
  try {
    await until(() => (client.isRunning() ? null : true), { what: `${tool.name} ${version}`, timeoutMs: limitMs });
    return values;
  } catch {
    throw new Error(`${tool.name} ${version} has not ended, ${values.size} records: ${client.errorTail()}`);
  } finally {
    await client.stop(0);
  }
};

const max = ['--max-messages', String(records)];

/** VerifiableProducer sets `retries=0` itself: a leader that is a moment old would then cost records. */
const producerConfig = ({ lab, topic }: Exchange): string => {
  const file = join(lab.directory, `${topic}-producer.properties`);
  writeFileSync(file, 'retries=2147483647\n');
  return file;
};

const javaExchange = async (exchange: Exchange, version: string): Promise<number> => {
  const producer = [...max, '--acks', '-1', '--producer.config', producerConfig(exchange)];
  const written = await runJava(exchange, version, {
    name: 'VerifiableProducer',
    arguments: [...producer, '--value-prefix', String(run), '--repeating-keys', '97'],
    kind: 'acknowledged',
  });
  const read = await runJava(exchange, version, {
    name: 'VerifiableConsumer',
    arguments: [...max, '--group-id', exchange.topic, '--verbose', '--reset-policy', 'earliest'],
    kind: 'consumed',
  });
  return [...written].filter((record) => read.has(record)).length;
};

const kafkajsExchange = async ({ lab, topic }: Exchange): Promise<number> => {
  const kafka = new Kafka({ clientId: topic, brokers: lab.bootstrap.split(','), logLevel: logLevel.NOTHING });
  const [producer, consumer] = [kafka.producer({ idempotent: true }), kafka.consumer({ groupId: topic })];
  const values = Array.from({ length: records }, (_, index) => `${run}.${index}`);
  const read = new Set<string>();
  try {
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: values.map((value) => ({ key: value, value })) });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachMessage: ({ message }) => Promise.resolve(void read.add(String(message.value))) });
    await until(() => (read.size === records ? true : null), { what: 'kafkajs reads everything', timeoutMs: limitMs });
    return values.filter((value) => read.has(value)).length;
  } finally {
    await Promise.all([producer.disconnect(), consumer.disconnect()]);
  }
};

/** `ok` when all that was acknowledged was read; else how it failed. */
export const exchange = async (lab: Lab, client: string, state: string): Promise<string> => {
  const topic = `${client}-${state}`.replaceAll(/[^a-z0-9.-]+/gi, '-');
  try {
    await ensureTopic({ bootstrap: lab.bootstrap, topic, partitions: 12, replicas: 3 });
    const version = client.replace('Java ', '');
    const count =
      client === 'kafkajs' ? await kafkajsExchange({ lab, topic }) : await javaExchange({ lab, topic }, version);
    return count === records ? 'ok' : `${count} of ${records} records`;
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : String(error)}`;
  }
};
