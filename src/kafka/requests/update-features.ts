import type { FeatureUpdate } from '../kafka-admin';
import { readCompactArray, readCompactText, skipTags, writeCompactArray, writeNoTags } from './flexible';
import type { KafkaRequest } from './kafka-request';

/** What the controller said to one update. */
export interface UpdateAnswer {
  errorCode: number;
  errorMessage: string | null;
}

/** FeatureUpdate.UpgradeType of Kafka's Admin client. */
const upgradeTypes = { upgrade: 1, 'safe-downgrade': 2 } as const;

/** The controller answers when a majority of voters has the change (ms). */
const timeoutMs = 30_000;

/** Moves one feature (KIP-584, KIP-778). Version 1, which every release from 3.3 on speaks. */
export const updateFeatures = (update: FeatureUpdate): KafkaRequest<UpdateAnswer> => ({
  name: 'UpdateFeatures',
  apiKey: 57,
  version: 1,
  repeatable: update.validateOnly,
  encode: (encoder) => {
    writeNoTags(encoder);
    encoder.writeInt32(timeoutMs);
    writeCompactArray(encoder, [update], ({ feature, level, kind }) => {
      encoder.writeUVarIntString(feature).writeInt16(level).writeInt8(upgradeTypes[kind]);
      writeNoTags(encoder);
    });
    encoder.writeBoolean(update.validateOnly);
    writeNoTags(encoder);
  },
  decode: (decoder) => {
    skipTags(decoder); // of the header
    decoder.readInt32(); // throttle time
    const whole = { errorCode: decoder.readInt16(), errorMessage: decoder.readUVarIntString() };
    const results = readCompactArray(decoder, () => {
      readCompactText(decoder);
      return { errorCode: decoder.readInt16(), errorMessage: decoder.readUVarIntString() };
    });
    return results.find(({ errorCode }) => errorCode !== 0) ?? whole;
  },
});
