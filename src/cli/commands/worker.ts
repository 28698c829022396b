import { Command } from 'commander';
import { temporalTarget } from '../../client/connect';
import { defaultTaskQueue } from '../../client/upgrade-client';
import { examples, withConnection } from '../context';
import type { CliContext, ConnectionFlags } from '../context';
import { loadWorker } from '../worker-modules';
import { withDefinitions } from './definitions-option';

/** `worker`: carries out upgrades. */
export const workerCommand = (_context: CliContext): Command =>
  withConnection(
    withDefinitions(
      new Command('worker')
        .description('carry out upgrades: needs SSH to the hosts, the brokers and Temporal')
        .option('--task-queue <name>', 'where to look for work', defaultTaskQueue),
    ),
  )
    .addHelpText('after', examples('kafka-upgrade worker --definitions ./clusters'))
    .action(async (flags: ConnectionFlags & { taskQueue: string; definitions: string }) => {
      const { address, namespace } = temporalTarget(flags);

      const { runWorker } = await loadWorker();
      await runWorker({ address, namespace, taskQueue: flags.taskQueue, definitionsDirectory: flags.definitions });
    });
