/** What a history costs: how many events it has, how long a worker replays it, how large its largest payload is. */
import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';

/** A history as the client hands it out. */
type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

const sizeOf = (value: { length: number } | null | undefined): number => value?.length ?? 0;

/** The sizes of all payloads below this value (bytes), with the fields that lead to them. */
const payloadSizes = (value: unknown, path: string): { path: string; bytes: number }[] => {
  if (typeof value !== 'object' || value === null) return [];
  if ('metadata' in value && 'data' in value) {
    return [{ path, bytes: sizeOf(value.data as Uint8Array) }];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    // Long integers and bytes hold no payloads.
    inner instanceof Uint8Array || key === 'eventId'
      ? []
      : payloadSizes(inner, /^\d+$/.test(key) ? path : `${path}.${key}`),
  );
};

const isAttributes = (key: string): boolean => key.endsWith('Attributes');

export interface HistoryFigures {
  events: number;
  kilobytes: number;
  replayMs: number;
  cpuMs: number;
  /** The largest payload and where it is. */
  largest: { path: string; bytes: number };
}

/** The figures of one run. */
export const historyFigures = async (
  history: History,
  options: Parameters<typeof Worker.runReplayHistory>[0],
  workflowId: string,
): Promise<HistoryFigures> => {
  const payloads = (history.events ?? []).flatMap((event) =>
    Object.entries(event)
      .filter(([key]) => isAttributes(key))
      .flatMap(([key, attributes]) => payloadSizes(attributes, key.replace('EventAttributes', ''))),
  );
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await Worker.runReplayHistory(options, history, workflowId);
  const replayMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return {
    events: history.events?.length ?? 0,
    kilobytes: payloads.reduce((sum, { bytes }) => sum + bytes, 0) / 1024,
    replayMs,
    cpuMs: (user + system) / 1_000,
    largest: payloads.reduce((a, b) => (b.bytes > a.bytes ? b : a), { path: 'none', bytes: 0 }),
  };
};
