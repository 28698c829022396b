import { Command } from 'commander';
import { defaultTaskQueue } from '../../client/upgrade-client';
import { examples, withConnection } from '../context';
import type { CliContext, ConnectionFlags } from '../context';
import { withDefinitions } from './definitions-option';

/** What a starter says to a worker that is to outlive it. */
const stay = 'stay';

const stopSignals = ['SIGINT', 'SIGTERM'] as const;

interface WorkerFlags extends ConnectionFlags {
  taskQueue: string;
  definitions: string;
}

/**
 * Asked to stop, the worker lets running steps come to a safe point; asked again, it ends at once. One that was started
 * with a channel also stops when its starter is gone, unless it was told to stay.
 */
const stopOnSignal = (): AbortSignal => {
  const stop = new AbortController();
  const asked = (): void => {
    // Without a handler either signal ends the process, also when it is not the one that asked first.
    for (const signal of stopSignals) process.off(signal, asked);
    stop.abort();
  };
  for (const signal of stopSignals) process.on(signal, asked);
  const orphaned = (): void => stop.abort();
  process.once('disconnect', orphaned);
  process.on('message', (message) => {
    if (message === stay) process.off('disconnect', orphaned);
  });
  // Listening to a channel would keep a process alive that has nothing left to do.
  process.channel?.unref();
  return stop.signal;
};

/** Whoever started this process with a channel learns that it works now. */
const announce = (): void => {
  process.send?.('ready');
};

const work = async (flags: WorkerFlags): Promise<void> => {
  const signal = stopOnSignal();
  // Loaded when needed: the other commands start without the worker's native parts.
  const { runWorker } = await import('../../worker/main.js');
  const { address, namespace, profile, taskQueue, definitions } = flags;
  await runWorker({
    address,
    namespace,
    profile,
    taskQueue,
    definitionsDirectory: definitions,
    signal,
    onReady: announce,
  });
};

/** `worker`: carries out upgrades. */
export const workerCommand = (_context: CliContext): Command =>
  withConnection(
    withDefinitions(
      new Command('worker')
        .description('carry out upgrades: needs SSH to the hosts, the brokers and Temporal; logs JSON lines')
        .option('--task-queue <name>', 'where to look for work', defaultTaskQueue),
    ),
  )
    .addHelpText('after', examples('kafka-upgrade worker --definitions ./clusters'))
    .action(work);
