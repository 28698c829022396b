import type { AskedPartitions } from '../leader-index';
import { type KafkaRequest, readOffset, readText, skipInt64 } from './kafka-request';

/** Ends as one broker tells them, in lists of the same length; partitions with an error of their own are left out. */
export interface EndOffsets {
  topics: string[];
  partitions: number[];
  offsets: number[];
}

const NONE = 0;
/** "I am a consumer": the answer is the high watermark, up to which every in-sync replica has the log. */
const CONSUMER = -1;
const READ_UNCOMMITTED = 0;
/** Each byte of -1, the timestamp that stands for "the end". */
const LATEST = 0xff;

/** How many partitions from this one on are of the same topic? */
const sameTopic = (topics: readonly string[], from: number): number => {
  let to = from;
  while (topics[to] === topics[from] && to < topics.length) to += 1;
  return to - from;
};

const countTopics = (topics: readonly string[]): number => {
  let count = 0;
  for (let at = 0; at < topics.length; at += sameTopic(topics, at)) count += 1;
  return count;
};

/** One partition and the timestamp: written as bytes, as the encoder takes a BigInt for each of 200,000. */
const ENTRY_BYTES = 12;

const entriesOf = (partitions: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(partitions.length * ENTRY_BYTES, LATEST);
  for (const [index, partition] of partitions.entries()) bytes.writeInt32BE(partition, index * ENTRY_BYTES);
  return bytes;
};

/** Where do the logs of these partitions end? Version 2; asked of the partitions' leader. */
export const listEndOffsets = ({ topics, partitions }: AskedPartitions): KafkaRequest<EndOffsets> => ({
  name: 'ListOffsets',
  apiKey: 2,
  version: 2,
  repeatable: true,
  encode: (encoder) => {
    encoder.writeInt32(CONSUMER).writeInt8(READ_UNCOMMITTED).writeInt32(countTopics(topics));
    for (let at = 0; at < topics.length;) {
      const count = sameTopic(topics, at);
      encoder.writeString(topics[at] ?? '').writeInt32(count);
      encoder.writeBuffer(entriesOf(partitions.slice(at, at + count)));
      at += count;
    }
  },
  decode: (decoder) => {
    decoder.readInt32(); // throttle time
    const ends: EndOffsets = { topics: [], partitions: [], offsets: [] };
    decoder.readArray(() => {
      const topic = readText(decoder);
      decoder.readArray(() => {
        const partition = decoder.readInt32();
        const errorCode = decoder.readInt16();
        skipInt64(decoder); // timestamp
        const offset = readOffset(decoder);
        if (errorCode !== NONE) return;
        ends.topics.push(topic);
        ends.partitions.push(partition);
        ends.offsets.push(offset);
      });
    });
    return ends;
  },
});
