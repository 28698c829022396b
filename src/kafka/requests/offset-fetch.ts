import { type KafkaRequest, readOffset, readText, skipText } from './kafka-request';

export interface OffsetFetchAnswer {
  errorCode: number;
  /** Partitions without a commit, or with an error of their own, are holes. */
  offsets: Map<string, (number | undefined)[]>;
}

const NONE = 0;
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
    const offsets = new Map<string, (number | undefined)[]>();
    decoder.readArray(() => {
      const topic = readText(decoder);
      const committed: (number | undefined)[] = [];
      decoder.readArray(() => {
        const partition = decoder.readInt32();
        const offset = readOffset(decoder);
        skipText(decoder); // the consumer's own metadata
        if (decoder.readInt16() === NONE && offset >= 0) committed[partition] = offset;
      });
      if (committed.length > 0) offsets.set(topic, committed);
    });
    return { errorCode: decoder.readInt16(), offsets };
  },
});
