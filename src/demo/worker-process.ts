import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface WorkerProcessOptions {
  address: string;
  namespace: string;
  taskQueue: string;
  definitionsDirectory: string;
  logFile: string;
  signal?: AbortSignal | undefined;
}

/** A worker in its own process, as an operator runs one. */
export interface WorkerProcess {
  readonly pid: number;
  readonly logFile: string;
  /** Asks it to stop, and ends it after a while if it does not. */
  stop: () => Promise<void>;
  /** Ends it without a warning, as a crash does. */
  kill: () => Promise<void>;
  /** Asks it to stop and leaves it the time that it takes; resolves when it has ended. */
  retire: () => Promise<void>;
  /** Stops it in its tracks (SIGSTOP): it holds all its connections and does nothing. */
  freeze: () => void;
  /** Lets it go on. */
  thaw: () => void;
  /** Lets it outlive this process. */
  leave: () => Promise<void>;
}

/** The SDK's start, bundling included, on a busy machine (ms). */
const startLimitMs = 60_000;
/** The lab goes away with it, so running steps get only a moment to end (ms). */
const stopLimitMs = 10_000;

/** The built command line, from the build itself or from a test that runs on the sources. */
const builtCli = (): string => {
  const candidates = [join(__dirname, '..', 'cli', 'main.js'), join(__dirname, '..', '..', 'dist', 'cli', 'main.js')];
  const found = candidates.find(existsSync);
  if (found === undefined) throw new Error('The command line is not built: run `npm run build` first.');
  return found;
};

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()));

const logTail = (file: string): string => readFileSync(file, 'utf8').trim().split('\n').slice(-5).join('\n');

const becameReady = (child: ChildProcess, options: WorkerProcessOptions): Promise<void> => {
  const failed = (why: string): Error =>
    new Error(`The worker ${why}; its log ends with:\n${logTail(options.logFile)}`);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(failed('was not ready within a minute')), startLimitMs);
    const settle = (action: () => void) => (): void => {
      clearTimeout(timer);
      action();
    };
    child.once('message', settle(resolve));
    child.once(
      'error',
      settle(() => reject(failed('could not be started'))),
    );
    child.once(
      'exit',
      settle(() => reject(failed('ended while starting'))),
    );
    options.signal?.addEventListener(
      'abort',
      settle(() => reject(failed('was interrupted while starting'))),
    );
  });
};

const endChild = async (child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  const gone = ended(child);
  child.kill(signal);
  // One that was frozen would never see the request.
  child.kill('SIGCONT');
  const timer = new AbortController();
  const impatient = sleep(stopLimitMs, undefined, { signal: timer.signal }).then(
    () => child.kill('SIGKILL'),
    () => false,
  );
  await gone;
  timer.abort();
  await impatient;
};

/** Starts a worker and resolves when it polls for work; on failure nothing of it is left. */
export const startWorkerProcess = async (options: WorkerProcessOptions): Promise<WorkerProcess> => {
  const { address, namespace, taskQueue, definitionsDirectory, logFile } = options;
  const log = openSync(logFile, 'a');
  // Its own process group: Ctrl-C on the terminal must reach only the demo, which stops everything in order.
  const child = spawn(
    process.execPath,
    [
      ...[builtCli(), 'worker', '--address', address, '--namespace', namespace],
      ...['--task-queue', taskQueue, '--definitions', definitionsDirectory],
    ],
    { detached: true, stdio: ['ignore', log, log, 'ipc'] },
  );
  closeSync(log);
  try {
    await becameReady(child, options);
  } catch (error) {
    await endChild(child, 'SIGKILL');
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    logFile,
    stop: () => endChild(child, 'SIGTERM'),
    kill: () => endChild(child, 'SIGKILL'),
    retire: async () => {
      child.kill('SIGTERM');
      await ended(child);
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    leave: async () => {
      await new Promise((resolve) => child.send('stay', resolve));
      child.disconnect();
      child.unref();
    },
  };
};
