import { type KafkaRequest, readOffset, readText } from './kafka-request';

export interface CommittedOffset {
  topic: string;
  partition: number;
  /** -1 when there is no commit. */
  offset: number;
  errorCode: number;
}

export interface OffsetFetchAnswer {
  errorCode: number;
  offsets: CommittedOffset[];
}

const ALL_TOPICS = -1;

/** How far has this group committed, on all its partitions? Version 3; asked of the group's coordinator. */
export const offsetFetch = (groupId: string): KafkaRequest<OffsetFetchAnswer> => ({
  name: 'OffsetFetch',
  apiKey: 9,
  version: 3,
  repeatable: true,
  encode: (encoder) => {
    encoder.writeString(groupId).writeInt32(ALL_TOPICS);
  },
  decode: (decoder) => {
    decoder.readInt32(); // throttle time
    const offsets: CommittedOffset[] = [];
    decoder.readArray(() => {
      const topic = readText(decoder);
      decoder.readArray(() => {
        const partition = decoder.readInt32();
        const offset = readOffset(decoder);
        decoder.readString(); // the consumer's own metadata
        offsets.push({ topic, partition, offset, errorCode: decoder.readInt16() });
      });
    });
    return { errorCode: decoder.readInt16(), offsets };
  },
});
