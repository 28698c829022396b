import { type Admin, Kafka, logLevel } from 'kafkajs';
import { until } from '../until';

/** A topic as live traffic wants it. */
export interface TrafficTopic {
  bootstrap: string;
  topic: string;
  partitions: number;
  replicas: number;
}

const LEADER_LIMIT_MS = 30_000;

async function hasLeaders(admin: Admin, topic: string): Promise<true | null> {
  const metadata = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => null);
  const partitions = metadata?.topics[0]?.partitions ?? [];
  return partitions.length > 0 && partitions.every(({ leader }) => leader >= 0) ? true : null;
}

/** Creates the topic unless it is there, and waits until its partitions have leaders. */
export async function ensureTopic({ bootstrap, topic, partitions, replicas }: TrafficTopic): Promise<void> {
  const brokers = bootstrap.split(',');
  const admin = new Kafka({ clientId: 'lab-traffic', brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await admin.createTopics({
      // kafkajs's own wait fails on KRaft, where a broker may not have heard of the new topic yet.
      waitForLeaders: false,
      topics: [
        {
          topic,
          numPartitions: partitions,
          replicationFactor: replicas,
          configEntries: [{ name: 'min.insync.replicas', value: String(Math.min(2, replicas)) }],
        },
      ],
    });
    await until(() => hasLeaders(admin, topic), {
      what: `leaders of topic ${topic}`,
      timeoutMs: LEADER_LIMIT_MS,
      everyMs: 100,
      signal: undefined,
    });
  } finally {
    await admin.disconnect();
  }
}
