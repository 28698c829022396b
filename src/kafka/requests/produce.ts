import { type KafkaRequest, readOffset, readText } from './kafka-request';

/** One partition of a topic. */
export interface TopicPartition {
  topic: string;
  partition: number;
}

export interface ProduceAnswer {
  errorCode: number;
  /** Offset of the first record of the batch. */
  offset: number;
}

/** Every in-sync replica has to have it. */
const ALL = -1;

/** Writes one record batch with acks=all; asked of the partition's leader. Version 3; time in ms. */
export const produceBatch = (
  { topic, partition }: TopicPartition,
  batch: Buffer,
  timeoutMs: number,
): KafkaRequest<ProduceAnswer> => ({
  name: 'Produce',
  apiKey: 0,
  version: 3,
  repeatable: false,
  encode: (encoder) => {
    encoder.writeString(null).writeInt16(ALL).writeInt32(timeoutMs); // no transaction
    encoder.writeInt32(1).writeString(topic).writeInt32(1).writeInt32(partition).writeBytes(batch);
  },
  decode: (decoder) => {
    const answers: ProduceAnswer[] = [];
    decoder.readArray(() => {
      readText(decoder);
      decoder.readArray(() => {
        decoder.readInt32(); // partition
        answers.push({ errorCode: decoder.readInt16(), offset: readOffset(decoder) });
        decoder.readInt64(); // time of the append
      });
    });
    return answers[0] ?? { errorCode: -1, offset: -1 };
  },
});
