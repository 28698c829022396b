import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { startTemporalServer } from '../../../src/lab/provision/temporal-server';
import type { TemporalServer } from '../../../src/lab/provision/temporal-server';

jest.setTimeout(120_000);

const cli = join(__dirname, '..', '..', '..', 'dist', 'cli', 'main.js');

/** A worker process and whoever started it. */
describe('a worker that was started with a channel', () => {
  let server: TemporalServer;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'worker-process-'));
    server = await startTemporalServer({ ip: '127.0.0.1', port: 0, uiPort: 0, log: () => undefined });
  });

  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  const start = async (): Promise<ChildProcess> => {
    const args = ['worker', '--address', server.address, '--definitions', directory];
    const worker = fork(cli, args, { stdio: 'ignore', execArgv: [] });
    await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('exit', (code) => reject(new Error(`the worker ended with ${String(code)} before it was ready`)));
    });
    return worker;
  };

  const exitOf = (worker: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => worker.once('exit', (code) => resolve(code)));

  it('stops when its starter is gone', async () => {
    const worker = await start();
    const exit = exitOf(worker);
    worker.disconnect();
    expect(await exit).toBe(0);
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
