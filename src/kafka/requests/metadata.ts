import type Decoder from 'kafkajs/src/protocol/decoder';
import type { MetadataView, PartitionState, RegisteredBroker } from '../../domain/cluster/cluster';
import { KnownAnswers } from '../known-answers';
import { KnownPartitions } from '../known-partitions';
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

/** The ids that come next: the known array when it holds the same ones, so that nothing is allocated for it. */
const readIds = (decoder: Decoder, known: number[] | undefined): number[] => {
  const length = Math.max(decoder.readInt32(), 0);
  const start = decoder.offset;
  if (known?.length === length && known.every((id) => decoder.readInt32() === id)) return known;
  decoder.offset = start;
  const ids = new Array<number>(length);
  for (let i = 0; i < length; i++) ids[i] = decoder.readInt32();
  return ids;
};

/** The healthy case is isr = replicas; sharing one array then saves a third of the memory of a large cluster. */
const readIsr = (decoder: Decoder, replicas: number[], known: number[] | undefined): number[] => {
  const start = decoder.offset;
  const isr = readIds(decoder, replicas);
  if (isr === replicas || known === undefined) return isr;
  decoder.offset = start;
  return readIds(decoder, known);
};

const readPartition = (decoder: Decoder, topic: string, known: PartitionState[]): PartitionState => {
  decoder.readInt16(); // the error (no leader, replica away) says nothing that leader and ISR do not say
  const partition = decoder.readInt32();
  const before = known[partition];
  const leader = nodeOrNull(decoder.readInt32());
  const replicas = readIds(decoder, before?.replicas);
  const isr = readIsr(decoder, replicas, before?.isr);
  if (before?.leader === leader && before.replicas === replicas && before.isr === isr) return before;
  const state = { topic, partition, leader, replicas, isr };
  known[partition] = state;
  return state;
};

const readTopics = (decoder: Decoder, known: KnownPartitions): PartitionState[] => {
  const topics = decoder.readInt32();
  const partitions = known.list((add) => {
    for (let t = 0; t < topics; t++) {
      decoder.readInt16(); // an error of a topic comes with no partitions: it is being deleted
      const topic = readText(decoder);
      decoder.readBoolean();
      const count = decoder.readInt32();
      const states = known.of(topic);
      for (let p = 0; p < count; p++) add(readPartition(decoder, topic, states));
    }
  });
  known.trim(topics);
  return partitions;
};

const readAnswer = (decoder: Decoder, known: KnownPartitions): MetadataAnswer => {
  const brokers = decoder.readArray(readBroker);
  const clusterId = decoder.readString();
  const controllerId = nodeOrNull(decoder.readInt32());
  return { brokers, clusterId, controllerId, partitions: readTopics(decoder, known) };
};

/** As many brokers as a gate asks on a large cluster, which may each tell their topics in an order of their own. */
const ANSWERS_KEPT = 5;

/**
 * What does this broker know of all brokers, topics and partitions? Version 4: the last one without fields that are not
 * used here. Answers are consistent data even where partitions have no leader. `isr` may be the same array as `replicas`, and
 * an answer, like all its partitions that did not change, is the same object as before: neither may be changed.
 */
export const metadataOfAllTopics = (): KafkaRequest<MetadataAnswer> => {
  const partitions = new KnownPartitions();
  const answers = new KnownAnswers<MetadataAnswer>(ANSWERS_KEPT);
  return {
    name: 'Metadata',
    apiKey: 3,
    version: 4,
    repeatable: true,
    encode: (encoder) => {
      encoder.writeInt32(ALL_TOPICS).writeBoolean(false); // never create a topic by asking
    },
    decode: (decoder) => {
      decoder.readInt32(); // throttle time
      const { buffer, offset } = decoder;
      const answer = answers.of(buffer.subarray(offset), () => readAnswer(decoder, partitions));
      if (decoder.offset === offset) decoder.offset = buffer.length; // known, and passed over
      return answer;
    },
  };
};
