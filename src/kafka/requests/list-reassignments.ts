import type Decoder from 'kafkajs/src/protocol/decoder';
import type { Reassignment } from '../../domain/checks/risk-facts';
import { readCompactArray, readCompactText, skipTags, writeNoTags } from './flexible';
import type { KafkaRequest } from './kafka-request';

export interface ReassignmentsAnswer {
  errorCode: number;
  reassignments: Reassignment[];
}

const TIMEOUT_MS = 10_000;

const readIds = (decoder: Decoder): number[] => decoder.readUVarIntArray(() => decoder.readInt32()) ?? [];

/**
 * Which partitions are being moved? Version 0 (KIP-455); for the active controller in ZooKeeper mode, for any broker, which
 * forwards it, on KRaft.
 */
export const listReassignments: KafkaRequest<ReassignmentsAnswer> = {
  name: 'ListPartitionReassignments',
  apiKey: 46,
  version: 0,
  repeatable: true,
  encode: (encoder) => {
    writeNoTags(encoder).writeInt32(TIMEOUT_MS).writeUVarInt(0); // of all topics
    writeNoTags(encoder);
  },
  decode: (decoder) => {
    skipTags(decoder); // of the header
    decoder.readInt32(); // throttle time
    const errorCode = decoder.readInt16();
    decoder.readUVarIntString(); // error message
    const topics = readCompactArray(decoder, () => {
      const topic = readCompactText(decoder);
      return readCompactArray(decoder, () => {
        const partition = decoder.readInt32();
        readIds(decoder); // replicas
        return { topic, partition, adding: readIds(decoder), removing: readIds(decoder) };
      });
    });
    skipTags(decoder);
    return { errorCode, reassignments: topics.flat() };
  },
};
