import type { KafkaRequest } from './kafka-request';
import { readText } from './kafka-request';
import type { TopicPartition } from './produce';

export interface FetchAnswer {
  errorCode: number;
  /** Record batches as they are in the log; the last one may be cut off. */
  records: Buffer;
}

const CONSUMER = -1;
const READ_UNCOMMITTED = 0;
/** The records looked for are small. */
const MAX_BYTES = 64 * 1024;

/** Reads on from an offset of a partition; asked of its leader, which answers at once. Version 4. */
export const fetchFrom = ({ topic, partition }: TopicPartition, offset: number): KafkaRequest<FetchAnswer> => ({
  name: 'Fetch',
  apiKey: 1,
  version: 4,
  repeatable: true,
  encode: (encoder) => {
    encoder.writeInt32(CONSUMER).writeInt32(0).writeInt32(0).writeInt32(MAX_BYTES).writeInt8(READ_UNCOMMITTED);
    encoder.writeInt32(1).writeString(topic).writeInt32(1);
    encoder.writeInt32(partition).writeInt64(offset).writeInt32(MAX_BYTES);
  },
  decode: (decoder) => {
    decoder.readInt32(); // throttle time
    const answers: FetchAnswer[] = [];
    decoder.readArray(() => {
      readText(decoder);
      decoder.readArray(() => {
        decoder.readInt32(); // partition
        const errorCode = decoder.readInt16();
        decoder.readInt64(); // high watermark
        decoder.readInt64(); // last stable offset
        decoder.readArray(() => [decoder.readInt64(), decoder.readInt64()]); // aborted transactions
        answers.push({ errorCode, records: decoder.readBytes() ?? Buffer.alloc(0) });
      });
    });
    return answers[0] ?? { errorCode: -1, records: Buffer.alloc(0) };
  },
});
