import type Decoder from 'kafkajs/src/protocol/decoder';
import type Encoder from 'kafkajs/src/protocol/encoder';

/**
 * One request of the Kafka protocol in one fixed version, and how to read its answer. Versions here are before the
 * "flexible" encodings (but see flexible.ts) and are spoken by every broker from 2.8 to 4.3, those of KRaft from 3.3 on
 * (KIP-896 raised the minimums in 4.0).
 */
export interface KafkaRequest<T> {
  /** Kafka's name of the request, for messages. */
  name: string;
  apiKey: number;
  version: number;
  /**
   * May it be sent once more when the answer to the first was lost? True of what only reads. Of a change nobody knows then
   * whether it was carried out: whoever asked for it looks first.
   */
  repeatable: boolean;
  encode(encoder: Encoder): void;
  decode(decoder: Decoder): T;
}

/** Kafka encodes "all of them" as an array of length -1. */
const NULL_ARRAY = -1;

/** Writes an array of strings; null means all. */
export const writeStrings = (encoder: Encoder, values: readonly string[] | null): void => {
  encoder.writeInt32(values === null ? NULL_ARRAY : values.length);
  for (const value of values ?? []) encoder.writeString(value);
};

/** Reads a string that Kafka never sends as null. */
export const readText = (decoder: Decoder): string => decoder.readString() ?? '';

const OFFSET_BYTES = 8;
const HIGH_WORD = 2 ** 32;

/** Offsets stay far below 2^53, so they are plain numbers everywhere else; read as such, as there may be 200,000 of them. */
export const readOffset = (decoder: Decoder): number => {
  const { buffer, offset } = decoder;
  decoder.offset = offset + OFFSET_BYTES;
  return buffer.readInt32BE(offset) * HIGH_WORD + buffer.readUInt32BE(offset + OFFSET_BYTES / 2);
};

/** Passes over an int64. */
export const skipInt64 = (decoder: Decoder): void => {
  decoder.offset += OFFSET_BYTES;
};

/** Passes over a string that may be null. */
export const skipText = (decoder: Decoder): void => {
  const length = decoder.readInt16();
  if (length > 0) decoder.offset += length;
};

/** A record without a prototype: `constructor` and `__proto__` are legal names of topics. */
export const emptyRecord = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;
