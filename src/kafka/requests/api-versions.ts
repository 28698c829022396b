import { readCompactArray, readCompactText, readTags, writeNoTags } from './flexible';
import { emptyRecord, type KafkaRequest, readOffset } from './kafka-request';

/** The finalized features of the answer. */
export interface FinalizedFeatures {
  errorCode: number;
  finalized: Record<string, number>;
  /** -1 when the node does not know any yet. */
  finalizedEpoch: number;
}

/** Tags of ApiVersionsResponse. */
const FINALIZED_EPOCH = 1;
const FINALIZED_FEATURES = 2;

/**
 * Which features has the cluster finalized, by this node's metadata? Version 3. Its supported features are not read: up to
 * version 3 those whose lowest level is 0 are left out. The answer's header is the old one whatever the version (KIP-511).
 */
export const finalizedFeatures: KafkaRequest<FinalizedFeatures> = {
  name: 'ApiVersions',
  apiKey: 18,
  version: 3,
  repeatable: true,
  encode: (encoder) => {
    writeNoTags(encoder);
    encoder.writeUVarIntString('kafka-upgrade').writeUVarIntString('1');
    writeNoTags(encoder);
  },
  decode: (decoder) => {
    const errorCode = decoder.readInt16();
    readCompactArray(decoder, () => [decoder.readInt16(), decoder.readInt16(), decoder.readInt16()]);
    decoder.readInt32(); // throttle time
    const finalized = emptyRecord<number>();
    let finalizedEpoch = -1;
    readTags(decoder, {
      [FINALIZED_EPOCH]: () => (finalizedEpoch = readOffset(decoder)),
      [FINALIZED_FEATURES]: () => {
        readCompactArray(decoder, () => {
          const name = readCompactText(decoder);
          finalized[name] = decoder.readInt16(); // the highest level, which is the level
          decoder.readInt16(); // the lowest
        });
      },
    });
    return { errorCode, finalized, finalizedEpoch };
  },
};
