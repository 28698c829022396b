import Decoder from 'kafkajs/src/protocol/decoder';
import Encoder from 'kafkajs/src/protocol/encoder';
import type { KafkaRequest } from '../../src/kafka/requests/kafka-request';

/** Bytes in Kafka's encoding, written out by hand so that tests do not trust the code under test. */
export const int8 = (value: number): Buffer => Buffer.from([value & 0xff]);

export const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};

export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

export const int64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};

export const text = (value: string | null): Buffer =>
  value === null ? int16(-1) : Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);

export const array = (...entries: Buffer[]): Buffer => Buffer.concat([int32(entries.length), ...entries]);

export const bytes = (...parts: Buffer[]): Buffer => Buffer.concat(parts);

/** What a request puts on the wire after the header. */
export const encoded = (request: KafkaRequest<unknown>): Buffer => {
  const encoder = new Encoder();
  request.encode(encoder);
  return encoder.buffer;
};

/** What a request makes of an answer; fails when bytes are left over. */
export const decoded = <T>(request: KafkaRequest<T>, answer: Buffer): T => {
  const decoder = new Decoder(answer);
  const result = request.decode(decoder);
  if (decoder.offset !== answer.length) {
    throw new Error(`${request.name} v${request.version} read ${decoder.offset} of ${answer.length} bytes`);
  }
  return result;
};
