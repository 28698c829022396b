import type Decoder from 'kafkajs/src/protocol/decoder';
import type { QuorumReplica, QuorumView } from '../../domain/cluster/cluster';
import { readCompactArray, readCompactText, skipTags, writeCompactArray, writeNoTags } from './flexible';
import { type KafkaRequest, readOffset } from './kafka-request';

/** The quorum, or the error that came in its place (0 is none). */
export interface QuorumAnswer {
  errorCode: number;
  quorum: Omit<QuorumView, 'observedBy'> | null;
}

/** Kafka says -1 for what it does not know. */
const known = (value: number): number | null => (value < 0 ? null : value);

const readReplica = (decoder: Decoder): QuorumReplica => ({
  id: decoder.readInt32(),
  logEndOffset: readOffset(decoder),
  lastFetchMs: known(readOffset(decoder)),
  lastCaughtUpMs: known(readOffset(decoder)),
});

const readPartition = (decoder: Decoder): QuorumAnswer => {
  decoder.readInt32(); // partition 0
  const errorCode = decoder.readInt16();
  const leaderId = known(decoder.readInt32());
  const leaderEpoch = decoder.readInt32();
  const highWatermark = readOffset(decoder);
  const voters = readCompactArray(decoder, () => readReplica(decoder));
  const observers = readCompactArray(decoder, () => readReplica(decoder));
  return { errorCode, quorum: { leaderId, leaderEpoch, highWatermark, voters, observers } };
};

/** How far is each replica of the metadata log? Version 1, with times (KIP-836), which every release from 3.3 on speaks. */
export const describeQuorum: KafkaRequest<QuorumAnswer> = {
  name: 'DescribeQuorum',
  apiKey: 55,
  version: 1,
  repeatable: true,
  encode: (encoder) => {
    writeNoTags(encoder);
    writeCompactArray(encoder, ['__cluster_metadata'], (topic) => {
      encoder.writeUVarIntString(topic);
      writeCompactArray(encoder, [0], (partition) => {
        writeNoTags(encoder.writeInt32(partition));
      });
      writeNoTags(encoder);
    });
    writeNoTags(encoder);
  },
  decode: (decoder) => {
    skipTags(decoder); // of the header
    const errorCode = decoder.readInt16();
    const topics = readCompactArray(decoder, () => {
      readCompactText(decoder);
      return readCompactArray(decoder, () => readPartition(decoder));
    });
    const [answer] = topics.flat();
    if (errorCode !== 0 || answer === undefined) return { errorCode, quorum: null };
    return answer.errorCode === 0 ? answer : { errorCode: answer.errorCode, quorum: null };
  },
};
