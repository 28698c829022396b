/** A worker that is asked to stop before it works: nothing would ask it a second time but SIGKILL. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTemporalServer } from '../../../src/lab/provision/temporal-server';
import type { TemporalServer } from '../../../src/lab/provision/temporal-server';
import { runWorker } from '../../../src/worker/main';

let directory: string;
let server: TemporalServer;

beforeAll(async () => {
  process.env['LOG_LEVEL'] = 'silent';
  directory = await mkdtemp(join(tmpdir(), 'kafka-upgrade-worker-'));
  server = await startTemporalServer({ ip: '127.0.0.1', port: 0, uiPort: 0, log: () => undefined });
});

afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

const run = (signal: AbortSignal, onReady: () => void): Promise<void> =>
  runWorker({ address: server.address, taskQueue: 'none', definitionsDirectory: directory, signal, onReady });

it('ends without having been ready', async () => {
  const ready = jest.fn();
  await run(AbortSignal.abort(), ready);
  expect(ready).not.toHaveBeenCalled();
});

it('ends when it was asked just before its first look for work', async () => {
  const stop = new AbortController();
  await expect(run(stop.signal, () => stop.abort())).resolves.toBeUndefined();
});
