import { type KafkaRequest, readText } from './kafka-request';
import type { UpdateAnswer } from './update-features';

/** Kafka's ids: ConfigResource.Type BROKER, AlterConfigOp.OpType SET. */
const BROKER = 4;
const SET = 0;

/** Sets one value for all brokers, the resource without a name (KIP-226, KIP-339). IncrementalAlterConfigs version 0. */
export const setClusterDefault = (name: string, value: string): KafkaRequest<UpdateAnswer> => ({
  name: 'IncrementalAlterConfigs',
  apiKey: 44,
  version: 0,
  repeatable: false,
  encode: (encoder) => {
    encoder.writeInt32(1).writeInt8(BROKER).writeString('');
    encoder.writeInt32(1).writeString(name).writeInt8(SET).writeString(value);
    encoder.writeBoolean(false); // validate only
  },
  decode: (decoder) => {
    decoder.readInt32(); // throttle time
    const [answer] = decoder.readArray(() => {
      const result = { errorCode: decoder.readInt16(), errorMessage: decoder.readString() };
      decoder.readInt8();
      readText(decoder);
      return result;
    });
    return answer ?? { errorCode: -1, errorMessage: 'an empty answer' };
  },
});
