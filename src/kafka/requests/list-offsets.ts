import { type KafkaRequest, readOffset, readText } from './kafka-request';

export interface EndOffset {
  topic: string;
  partition: number;
  offset: number;
  errorCode: number;
}

/** "I am a consumer": the answer is the high watermark, up to which every in-sync replica has the log. */
const CONSUMER = -1;
const READ_UNCOMMITTED = 0;
/** The timestamp that stands for "the end". */
const LATEST = -1;

/** Where do the logs of these partitions end? Version 2; asked of the partitions' leader. Topic → partitions. */
export const listEndOffsets = (partitions: ReadonlyMap<string, readonly number[]>): KafkaRequest<EndOffset[]> => ({
  name: 'ListOffsets',
  apiKey: 2,
  version: 2,
  repeatable: true,
  encode: (encoder) => {
    encoder.writeInt32(CONSUMER).writeInt8(READ_UNCOMMITTED).writeInt32(partitions.size);
    for (const [topic, ids] of partitions) {
      encoder.writeString(topic).writeInt32(ids.length);
      for (const id of ids) encoder.writeInt32(id).writeInt64(LATEST);
    }
  },
  decode: (decoder) => {
    decoder.readInt32(); // throttle time
    const offsets: EndOffset[] = [];
    decoder.readArray(() => {
      const topic = readText(decoder);
      decoder.readArray(() => {
        const partition = decoder.readInt32();
        const errorCode = decoder.readInt16();
        decoder.readInt64(); // timestamp
        offsets.push({ topic, partition, errorCode, offset: readOffset(decoder) });
      });
    });
    return offsets;
  },
});
