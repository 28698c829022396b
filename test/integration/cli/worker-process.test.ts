import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startTemporalServer } from '../../../src/lab/provision/temporal-server';
import type { TemporalServer } from '../../../src/lab/provision/temporal-server';

jest.setTimeout(120_000);

const cli = join(__dirname, '..', '..', '..', 'dist', 'cli', 'main.js');

/** An idle worker stops within a second; a busy machine needs more. */
const stopLimitMs = 20_000;

/** A worker process and whoever started it. */
describe('a worker that was started with a channel', () => {
  let server: TemporalServer;
  let directory: string;
  const launched: ChildProcess[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'worker-process-'));
    server = await startTemporalServer({ ip: '127.0.0.1', port: 0, uiPort: 0, log: () => undefined });
  });

  afterEach(() => {
    for (const worker of launched.splice(0)) worker.kill('SIGKILL');
  });

  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  const launch = (definitions: string): ChildProcess => {
    const args = ['worker', '--address', server.address, '--definitions', definitions];
    const worker = fork(cli, args, { stdio: 'ignore', execArgv: [] });
    launched.push(worker);
    return worker;
  };

  const start = async (): Promise<ChildProcess> => {
    const worker = launch(directory);
    await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('exit', (code) => reject(new Error(`the worker ended with ${String(code)} before it was ready`)));
    });
    return worker;
  };

  const exitOf = async (worker: ChildProcess): Promise<unknown> => {
    const [code]: unknown[] = await once(worker, 'exit', { signal: AbortSignal.timeout(stopLimitMs) });
    return code;
  };

  it('stops when its starter is gone', async () => {
    const worker = await start();
    const exit = exitOf(worker);
    worker.disconnect();
    expect(await exit).toBe(0);
  });

  it('stops when asked to, though its starter is still there', async () => {
    const worker = await start();
    const exit = exitOf(worker);
    worker.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  it('ends when it cannot work, though its starter is still there', async () => {
    const worker = launch(join(directory, 'missing'));
    expect(await exitOf(worker)).toBe(2);
  });

  it('outlives its starter when it was told to stay, and stops when asked to', async () => {
    const worker = await start();
    const exit = exitOf(worker);
    await new Promise((resolve) => worker.send('stay', resolve));
    worker.disconnect();
    const outlived = await Promise.race([exit.then(() => false), reachable(worker)]);
    expect(outlived).toBe(true);
    worker.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  /** A worker that stops says so to Temporal within a second; this one still answers signals after two. */
  const reachable = (worker: ChildProcess): Promise<boolean> =>
    new Promise((resolve) => {
      setTimeout(() => resolve(worker.kill(0)), 2_000);
    });
});
