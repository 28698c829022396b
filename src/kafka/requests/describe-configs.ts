import type Decoder from 'kafkajs/src/protocol/decoder';
import type { ConfigValue } from '../../domain/cluster/cluster';
import { emptyRecord, type KafkaRequest, readText, writeStrings } from './kafka-request';

/** Kafka's ConfigResource.Type ids. */
const resourceTypes = { topic: 2, broker: 4 } as const;

/** Kafka's DescribeConfigsResponse.ConfigSource ids; later ones (loggers, client metrics, groups) are of no use here. */
const sources: Record<number, ConfigValue['source']> = {
  1: 'dynamic-topic',
  2: 'dynamic-broker',
  3: 'dynamic-default-broker',
  4: 'static-broker',
  5: 'default',
};

/** The configuration of one resource, or the error that came in its place (0 is none). */
export interface ConfigResult {
  resource: string;
  errorCode: number;
  errorMessage: string | null;
  values: Record<string, ConfigValue>;
}

export interface DescribeConfigsInput {
  type: keyof typeof resourceTypes;
  resources: readonly string[];
  /** Which settings; null for all. */
  names: readonly string[] | null;
}

const readValue = (decoder: Decoder): [name: string, value: ConfigValue] => {
  const name = readText(decoder);
  const value = decoder.readString();
  decoder.readBoolean(); // read-only
  const source = sources[decoder.readInt8()] ?? 'unknown';
  const sensitive = decoder.readBoolean();
  decoder.readArray(() => undefined); // synonyms: not asked for, so none come
  return [name, { value, source, sensitive }];
};

const readResult = (decoder: Decoder): ConfigResult => {
  const errorCode = decoder.readInt16();
  const errorMessage = decoder.readString();
  decoder.readInt8(); // type
  const resource = readText(decoder);
  const values = emptyRecord<ConfigValue>();
  for (const [name, value] of decoder.readArray(readValue)) values[name] = value;
  return { resource, errorCode, errorMessage, values };
};

/** Which values do these brokers or topics run with, and where does each come from? Version 2. */
export const describeConfigs = (input: DescribeConfigsInput): KafkaRequest<ConfigResult[]> => ({
  name: 'DescribeConfigs',
  apiKey: 32,
  version: 2,
  repeatable: true,
  encode: (encoder) => {
    encoder.writeInt32(input.resources.length);
    for (const resource of input.resources) {
      encoder.writeInt8(resourceTypes[input.type]).writeString(resource);
      writeStrings(encoder, input.names);
    }
    encoder.writeBoolean(false); // include_synonyms
  },
  decode: (decoder) => {
    decoder.readInt32(); // throttle time
    return decoder.readArray(readResult);
  },
});
