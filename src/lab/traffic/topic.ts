import { Kafka, logLevel } from 'kafkajs';

/** A topic as live traffic wants it. */
export interface TrafficTopic {
  bootstrap: string;
  topic: string;
  partitions: number;
  replicas: number;
}

/** Creates the topic unless it is there, and waits until its partitions have leaders. */
export async function ensureTopic({ bootstrap, topic, partitions, replicas }: TrafficTopic): Promise<void> {
  const brokers = bootstrap.split(',');
  const admin = new Kafka({ clientId: 'lab-traffic', brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic,
          numPartitions: partitions,
          replicationFactor: replicas,
          configEntries: [{ name: 'min.insync.replicas', value: String(Math.min(2, replicas)) }],
        },
      ],
    });
  } finally {
    await admin.disconnect();
  }
}
