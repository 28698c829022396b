import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { startTemporalServer } from '../../../src/lab/provision/temporal-server';
import type { TemporalServer } from '../../../src/lab/provision/temporal-server';
import { until } from '../../support/until';

jest.setTimeout(120_000);

const cli = join(__dirname, '..', '..', '..', 'dist', 'cli', 'main.js');

/** An idle worker stops within a second; a busy machine needs more. */
const stopLimitMs = 20_000;

/** A worker process and whoever started it. */
describe('a worker that was started with a channel', () => {
  let server: TemporalServer;
  let directory: string;
  const launched: ChildProcess[] = [];
  /** A server that takes connections and never answers: who connects to it is busy until its own deadline. */
  const deaf = createServer();

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'worker-process-'));
    server = await startTemporalServer({ ip: '127.0.0.1', port: 0, uiPort: 0, log: () => undefined });
    await once(deaf.listen(0, '127.0.0.1'), 'listening');
  });

  afterEach(() => {
    for (const worker of launched.splice(0)) worker.kill('SIGKILL');
  });

  afterAll(async () => {
    deaf.close();
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  const launch = (definitions: string, address = server.address): ChildProcess => {
    const args = ['worker', '--address', address, '--definitions', definitions];
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

  it.each([
    ['SIGINT', 'SIGTERM'],
    ['SIGTERM', 'SIGINT'],
    ['SIGTERM', 'SIGTERM'],
  ] as const)('lets %s wait for what runs, and ends at once by the %s after it', async (first, second) => {
    const { port } = deaf.address() as AddressInfo; // as: a TCP server has one once it listens
    const worker = launch(directory, `127.0.0.1:${port}`);
    await once(deaf, 'connection', { signal: AbortSignal.timeout(stopLimitMs) });
    const exit = once(worker, 'exit', { signal: AbortSignal.timeout(stopLimitMs) });
    worker.kill(first);
    await until(`${first} is dealt with`, () => !isCaught(worker, first), stopLimitMs);
    worker.kill(second);
    expect(await exit).toEqual([null, second]);
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

  /** Does the process have a handler for it? A signal that comes before the last one was dealt with would tell nothing. */
  const isCaught = ({ pid }: ChildProcess, signal: 'SIGINT' | 'SIGTERM'): boolean => {
    const mask = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
    return ((BigInt(`0x${mask}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
  };

  /** A worker that stops says so to Temporal within a second; this one still answers signals after two. */
  const reachable = (worker: ChildProcess): Promise<boolean> =>
    new Promise((resolve) => {
      setTimeout(() => resolve(worker.kill(0)), 2_000);
    });
});
