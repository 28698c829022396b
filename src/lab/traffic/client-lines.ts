import { z } from 'zod';
import type { Consumed, RecordPlace } from './ledger';

/** One thing that Kafka's verifiable clients say on a line of their own. */
export type ClientLine =
  | ({ kind: 'acknowledged'; value: number } & RecordPlace)
  | ({ kind: 'consumed' } & Consumed)
  | { kind: 'failed'; message: string }
  | { kind: 'partitions-assigned' | 'partitions-revoked' };

const place = { value: z.string(), partition: z.number(), offset: z.number() };
const lineSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('producer_send_success'), ...place }),
  z.object({ name: z.literal('record_data'), ...place }),
  z.object({ name: z.literal('producer_send_error'), exception: z.string(), message: z.string().nullish() }),
  z.object({ name: z.literal('partitions_assigned') }),
  z.object({ name: z.literal('partitions_revoked') }),
]);

/**
 * Reads a line that VerifiableProducer or VerifiableConsumer printed. Null for lines that the ledger has no use for,
 * and for records of other runs: the producer's `--value-prefix` (the run's number) leads every value.
 */
export function parseClientLine(line: string, run: number): ClientLine | null {
  const parsed = lineSchema.safeParse(jsonOrNull(line));
  if (!parsed.success) return null;
  const data = parsed.data;
  switch (data.name) {
    case 'producer_send_success':
    case 'record_data': {
      const value = valueOfRun(data.value, run);
      if (value === null) return null;
      const kind = data.name === 'record_data' ? 'consumed' : 'acknowledged';
      return { kind, value, partition: data.partition, offset: data.offset };
    }
    case 'producer_send_error':
      return { kind: 'failed', message: `${data.exception.replace(/^class /, '')}: ${data.message ?? ''}` };
    case 'partitions_assigned':
      return { kind: 'partitions-assigned' };
    case 'partitions_revoked':
      return { kind: 'partitions-revoked' };
  }
}

function valueOfRun(value: string, run: number): number | null {
  const [prefix, number] = value.split('.');
  return prefix === String(run) && number !== undefined && /^\d+$/.test(number) ? Number(number) : null;
}

function jsonOrNull(line: string): unknown {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
