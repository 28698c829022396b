/** Answers for people: large payloads are compressed (client/payload-codec.ts), which Temporal's web UI cannot undo. */
import type { Payload } from '@temporalio/common';
import { encode } from '@temporalio/common/lib/encoding';

/** The name under which the metadata of a payload says that people read it. */
export const readableKey = 'readable';

const mark = Symbol(readableKey);

/** Marks an answer that people read in the web UI. */
export const readable = <T extends object>(answer: T): T => Object.defineProperty(answer, mark, { value: true });

/** Hands the mark of a value on to the payload that it became. */
export const markedLike = (value: unknown, payload: Payload): Payload =>
  typeof value === 'object' && value !== null && mark in value
    ? { ...payload, metadata: { ...payload.metadata, [readableKey]: encode('yes') } }
    : payload;
