import type { ClientLine } from './client-lines';
import type { LostRecord } from './ledger';
import { startConsumer, type ClientSetting } from './verifiable-clients';
import { until } from '../until';

/** A record that the consumer never saw, and whether it is in the log after all. */
export interface CheckedRecord extends LostRecord {
  verdict: 'lost on disk' | 'not consumed';
}

// A second reader that makes no progress for this long has reached the end of what there is.
const QUIET_MS = 15_000;
const LIMIT_MS = 300_000;

/** Reads the whole topic again with a reader of its own and looks for the records that the consumer never saw. */
export async function checkOnDisk(
  setting: Omit<ClientSetting, 'onLine'>,
  lost: LostRecord[],
): Promise<CheckedRecord[]> {
  const missing = new Set(lost.map(({ value }) => value));
  let progressAt = performance.now();
  const onLine = (line: ClientLine): void => {
    progressAt = performance.now();
    if (line.kind === 'consumed') missing.delete(line.value);
  };
  const group = `lab-disk-check-${String(Date.now())}`;
  const reader = startConsumer({ ...setting, onLine }, group);
  try {
    await until(() => (missing.size === 0 || performance.now() - progressAt > QUIET_MS ? true : null), {
      what: 'second reading of the topic',
      timeoutMs: LIMIT_MS,
      everyMs: 200,
    });
  } finally {
    await reader.stop(10_000);
  }
  return lost.map((record) => ({ ...record, verdict: missing.has(record.value) ? 'lost on disk' : 'not consumed' }));
}
