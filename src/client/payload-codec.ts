/**
 * Makes large payloads small. The plan of 1,000 brokers is 1.3 MB of JSON, of which Temporal takes 2 MiB and warns from
 * 256 KiB on; most of it repeats itself. What is small is left as it is, so that it can be read in Temporal's web UI, and so
 * are answers to people's queries, which no history keeps.
 */
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { decode, encode } from '@temporalio/common/lib/encoding';
import { readableKey } from '../workflows/readable';

/** Half of what Temporal warns of: clusters of up to about 100 brokers have no larger payload (bytes). */
const mostAsIs = 128 * 1024;

/** The same for what people read: half of what Temporal takes (bytes). */
const mostReadable = 1024 * 1024;

/** No payload of ours comes near; it keeps what somebody else has sent from filling the memory (bytes). */
const mostDecoded = 64 * 1024 * 1024;

/** As fast as deflate, but with a window over all of it: the sums of a node's files stand far apart in a plan. */
const compression = {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  },
};

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

const encodingKey = 'encoding';
const innerKey = 'encoding-inside';
const ours = 'binary/brotli';

/** The mark stays here: Temporal's command line shows as base64 whatever has metadata that it does not know. */
const unmarked = (payload: Payload): { payload: Payload; most: number } => {
  const { [readableKey]: mark, ...metadata } = payload.metadata ?? {};
  return mark === undefined ? { payload, most: mostAsIs } : { payload: { ...payload, metadata }, most: mostReadable };
};

const encodeOne = async (marked: Payload): Promise<Payload> => {
  const { payload, most } = unmarked(marked);
  const { metadata, data } = payload;
  const inner = metadata?.[encodingKey];
  if (!data || data.length <= most || inner === undefined) return payload;
  return {
    metadata: { ...metadata, [encodingKey]: encode(ours), [innerKey]: inner },
    data: await compress(data, compression),
  };
};

const decodeOne = async (payload: Payload): Promise<Payload> => {
  const { metadata, data } = payload;
  const { [encodingKey]: outer, [innerKey]: inner, ...rest } = metadata ?? {};
  if (!data || inner === undefined || outer === undefined || decode(outer) !== ours) return payload;
  try {
    return {
      metadata: { ...rest, [encodingKey]: inner },
      data: await decompress(data, { maxOutputLength: mostDecoded }),
    };
  } catch {
    // Somebody else's: an error here would fail the workflow task again and again; the converter reads it as text.
    return payload;
  }
};

const each = (one: (payload: Payload) => Promise<Payload>, payloads: Payload[]): Promise<Payload[]> =>
  Promise.all(payloads.map((payload) => one(payload)));

/** For every worker and every client: whoever lacks it cannot read large payloads. */
export const payloadCodecs: PayloadCodec[] = [
  {
    encode: (payloads) => each(encodeOne, payloads),
    decode: (payloads) => each(decodeOne, payloads),
  },
];
