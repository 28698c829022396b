/** Record batches of magic 2 with kafkajs's codec: one record in, the values by offset out. */
import Decoder from 'kafkajs/src/protocol/decoder';
import encodeRecord from 'kafkajs/src/protocol/recordBatch/record/v0';
import { RecordBatch } from 'kafkajs/src/protocol/recordBatch/v0';
import decodeBatch from 'kafkajs/src/protocol/recordBatch/v0/decoder';

/** The bytes before the length of a batch's rest, and that length. */
const HEAD_BYTES = 12;

/** A batch of one record without a key. */
export const batchOf = async (value: string): Promise<Buffer> => {
  const { buffer } = await RecordBatch({ records: [encodeRecord({ key: null, value: Buffer.from(value) })] });
  return buffer;
};

/** The values in these batches, offset → value; a batch that is cut off at the end is left out. */
export const valuesOf = async (records: Buffer): Promise<Map<number, string>> => {
  const values = new Map<number, string>();
  const decoder = new Decoder(records);
  while (records.length - decoder.offset >= HEAD_BYTES) {
    if (records.length - decoder.offset - HEAD_BYTES < records.readInt32BE(decoder.offset + 8)) break;
    const batch = await decodeBatch(decoder);
    for (const { offset, value } of batch.records) values.set(Number(offset), value?.toString('utf8') ?? '');
  }
  return values;
};
