/**
 * Reads every payload, whatever somebody typed: the web UI sends messages as `json/protobuf` too, and a payload that the
 * SDK cannot decode would fail the workflow task again and again, while the status says Running.
 */
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload, PayloadConverter } from '@temporalio/common';
import { decode } from '@temporalio/common/lib/encoding';
import { markedLike } from './readable';

const decoded = (payload: Payload): unknown => {
  const text = decode(payload.data ?? new Uint8Array());
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the shape of the SDK's interface
function fromPayload<T>(payload: Payload): T {
  try {
    return defaultPayloadConverter.fromPayload<T>(payload);
  } catch {
    return decoded(payload) as T; // as: whoever asked for a T checks what it got
  }
}

/** The SDK's own conversion; what it cannot decode is read as JSON, and what is not JSON as text. Never throws. */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => markedLike(value, defaultPayloadConverter.toPayload(value)),
  fromPayload,
};
