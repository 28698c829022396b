import type Decoder from 'kafkajs/src/protocol/decoder';
import type Encoder from 'kafkajs/src/protocol/encoder';

/**
 * The "flexible" encodings (KIP-482): compact lengths, and a buffer of tagged fields at the end of every structure, also
 * of the headers. The transport writes and reads headers without one, so a flexible body begins with the header's.
 */

/** Ends a structure, or the header of a request: no tagged fields. */
export const writeNoTags = (encoder: Encoder): Encoder => encoder.writeUVarInt(0);

/** Writes an array with its compact length; `write` ends each entry itself. */
export const writeCompactArray = <T>(encoder: Encoder, values: readonly T[], write: (value: T) => void): void => {
  encoder.writeUVarInt(values.length + 1);
  for (const value of values) write(value);
};

/** Passes over the tagged fields at the end of a structure, or of a response's header. */
export const skipTags = (decoder: Decoder): void => {
  decoder.readTaggedFields();
};

/** Reads an array with its compact length; each entry ends with its tagged fields, which are passed over. */
export const readCompactArray = <T>(decoder: Decoder, read: () => T): T[] =>
  decoder.readUVarIntArray(() => {
    const value = read();
    skipTags(decoder);
    return value;
  }) ?? [];

/** Reads a compact string that Kafka never sends as null. */
export const readCompactText = (decoder: Decoder): string => decoder.readUVarIntString() ?? '';

/** Reads the tagged fields that are known here, by tag, and passes over the others. */
export const readTags = (decoder: Decoder, readers: Record<number, () => void>): void => {
  const count = decoder.readUVarInt();
  for (let index = 0; index < count; index += 1) {
    const tag = decoder.readUVarInt();
    const end = decoder.readUVarInt() + decoder.offset;
    readers[tag]?.();
    decoder.offset = end;
  }
};
