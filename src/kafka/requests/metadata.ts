import type Decoder from 'kafkajs/src/protocol/decoder';
import type { MetadataView, PartitionState, RegisteredBroker } from '../../domain/cluster';
import { type KafkaRequest, readText } from './kafka-request';

/** A Metadata answer; who observed it is known to the caller only. */
export type MetadataAnswer = Omit<MetadataView, 'observedBy' | 'clusterId'> & { clusterId: string | null };

/** Kafka's "nobody": no leader, no controller. */
const NOBODY = -1;
const ALL_TOPICS = -1;

const nodeOrNull = (id: number): number | null => (id === NOBODY ? null : id);

const readBroker = (decoder: Decoder): RegisteredBroker => ({
  id: decoder.readInt32(),
  host: readText(decoder),
  port: decoder.readInt32(),
  rack: decoder.readString(),
});

const readIds = (decoder: Decoder): number[] => {
  const length = Math.max(decoder.readInt32(), 0);
  const ids = new Array<number>(length);
  for (let i = 0; i < length; i++) ids[i] = decoder.readInt32();
  return ids;
};

/** The healthy case is isr = replicas; sharing one array then saves a third of the memory of a large cluster. */
const readIsr = (decoder: Decoder, replicas: number[]): number[] => {
  const isr = readIds(decoder);
  return isr.length === replicas.length && isr.every((id, i) => id === replicas[i]) ? replicas : isr;
};

const readPartition = (decoder: Decoder, topic: string): PartitionState => {
  decoder.readInt16(); // the error (no leader, replica away) says nothing that leader and ISR do not say
  const partition = decoder.readInt32();
  const leader = nodeOrNull(decoder.readInt32());
  const replicas = readIds(decoder);
  return { topic, partition, leader, replicas, isr: readIsr(decoder, replicas) };
};

const readTopics = (decoder: Decoder): PartitionState[] => {
  const partitions: PartitionState[] = [];
  const topics = decoder.readInt32();
  for (let t = 0; t < topics; t++) {
    decoder.readInt16(); // an error of a topic comes with no partitions: it is being deleted
    const topic = readText(decoder);
    decoder.readBoolean();
    const count = decoder.readInt32();
    for (let p = 0; p < count; p++) partitions.push(readPartition(decoder, topic));
  }
  return partitions;
};

/**
 * What does this broker know of all brokers, topics and partitions? Version 4: the last one without fields that are not
 * used here. Answers are consistent data even where partitions have no leader. `isr` may be the same array as `replicas`.
 */
export const metadataOfAllTopics: KafkaRequest<MetadataAnswer> = {
  name: 'Metadata',
  apiKey: 3,
  version: 4,
  encode: (encoder) => {
    encoder.writeInt32(ALL_TOPICS).writeBoolean(false); // never create a topic by asking
  },
  decode: (decoder) => {
    decoder.readInt32(); // throttle time
    const brokers = decoder.readArray(readBroker);
    const clusterId = decoder.readString();
    const controllerId = nodeOrNull(decoder.readInt32());
    return { brokers, clusterId, controllerId, partitions: readTopics(decoder) };
  },
};
