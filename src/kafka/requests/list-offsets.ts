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
/** Each half of -1, the timestamp that stands for "the end". */
const LATEST = -1;

interface Run {
  topic: Buffer;
  from: number;
  to: number;
}

/** Partitions of one topic follow each other. */
const runsOf = (topics: readonly string[]): Run[] => {
  const runs: Run[] = [];
  for (let from = 0; from < topics.length;) {
    let to = from + 1;
    while (to < topics.length && topics[to] === topics[from]) to += 1;
    runs.push({ topic: Buffer.from(topics[from] ?? ''), from, to });
    from = to;
  }
  return runs;
};

/** Length of a name, number of its partitions; number and timestamp of a partition. */
const RUN_BYTES = 6;
const ENTRY_BYTES = 12;

/** In one piece: the encoder makes a buffer for each number, and a large cluster has 200,000 of them in every look. */
const bytesOf = (runs: readonly Run[], partitions: readonly number[]): Buffer => {
  const names = runs.reduce((sum, { topic }) => sum + topic.length + RUN_BYTES, 0);
  const bytes = Buffer.allocUnsafe(names + partitions.length * ENTRY_BYTES);
  let at = 0;
  for (const { topic, from, to } of runs) {
    at = bytes.writeInt16BE(topic.length, at);
    at += topic.copy(bytes, at);
    at = bytes.writeInt32BE(to - from, at);
    for (let index = from; index < to; index += 1) {
      at = bytes.writeInt32BE(partitions[index] ?? 0, at);
      at = bytes.writeInt32BE(LATEST, at);
      at = bytes.writeInt32BE(LATEST, at);
    }
  }
  return bytes;
};

/** Where do the logs of these partitions end? Version 2; asked of the partitions' leader. */
export const listEndOffsets = ({ topics, partitions }: AskedPartitions): KafkaRequest<EndOffsets> => ({
  name: 'ListOffsets',
  apiKey: 2,
  version: 2,
  repeatable: true,
  encode: (encoder) => {
    const runs = runsOf(topics);
    encoder.writeInt32(CONSUMER).writeInt8(READ_UNCOMMITTED).writeInt32(runs.length);
    encoder.writeBuffer(bytesOf(runs, partitions));
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
