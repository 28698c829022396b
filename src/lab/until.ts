import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait for a condition, how often to look, and what to call it when time is up. */
export interface UntilOptions {
  what: string;
  timeoutMs: number;
  everyMs?: number;
  signal?: AbortSignal | undefined;
}

/** Looks until `check` gives something other than null, and resolves to it; rejects when time is up or on abort. */
export async function until<T>(check: () => Promise<T | null> | T | null, options: UntilOptions): Promise<T> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const found = await check();
    if (found !== null) return found;
    if (performance.now() > deadline) {
      throw new Error(`${options.what}: not within ${String(Math.round(options.timeoutMs / 1000))} s`);
    }
    await sleep(options.everyMs ?? 50);
  }
}
