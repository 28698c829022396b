import { Command } from 'commander';
import { defaultTaskQueue } from '../../client/upgrade-client';
import type { StartRequest, UpgradeClient } from '../../client/upgrade-client';
import { UpgradeWatch } from '../../terminal/watch';
import { commandContext, defaultOperator, examples, withConnection, withUpgrade } from '../context';
import type { CliContext, ConnectionFlags } from '../context';
import { exitCodeOfLook } from '../exit-codes';
import type { RequestedFeatures } from '../../domain/finalization';
import { featureOption } from './feature-option';
import { nodeId } from './node-option';
import { needsPersonOrEnded } from './status';

interface StartFlags extends ConnectionFlags {
  canary?: number;
  ticket?: string;
  by?: string;
  takeOver?: boolean;
  feature?: RequestedFeatures;
  taskQueue: string;
  wait?: boolean;
}

const request = (target: string, flags: StartFlags): StartRequest => ({
  target,
  requester: flags.by ?? defaultOperator(),
  ...(flags.ticket === undefined ? {} : { ticket: flags.ticket }),
  ...(flags.canary === undefined ? {} : { canary: flags.canary }),
  ...(flags.feature === undefined ? {} : { features: flags.feature }),
  ...(flags.takeOver === true ? { takeOver: true } : {}),
});

const follow = async (client: UpgradeClient, flags: StartFlags, context: CliContext): Promise<void> => {
  const { terminal } = context;
  const commands = commandContext(flags);
  const look = await new UpgradeWatch({ client, terminal, commands }).until(needsPersonOrEnded);
  context.finish(exitCodeOfLook(look));
};

const start = async (
  input: { cluster: string; target: string },
  flags: StartFlags,
  context: CliContext,
): Promise<void> => {
  const { cluster, target } = input;
  await withUpgrade(cluster, flags, async (client) => {
    const { runId } = await client.start(request(target, flags), flags.taskQueue);
    context.terminal.out(`Started ${client.workflowId} to ${target} (run ${runId}).`);
    if (client.webPage !== null) context.terminal.out(`web UI  ${client.webPage}`);
    if (flags.wait === true) await follow(client, flags, context);
    else context.terminal.out(`Look at it: kafka-upgrade status ${cluster} --watch`);
  });
};

/** `start`: begins an upgrade; it makes a plan and waits for its approval. */
export const startCommand = (context: CliContext): Command =>
  withConnection(
    new Command('start')
      .description('start the upgrade of a cluster; nothing is changed before the plan is approved')
      .argument('<cluster>', 'name of a cluster definition on the worker')
      .argument('<target>', 'target release, for example 3.8.1')
      .option('--canary <node>', 'the node to upgrade first (default: the one with the fewest leaders)', nodeId)
      .addOption(featureOption())
      .option('--ticket <text>', 'change ticket, for the record')
      .option('--by <name>', 'who asks (default: user@host)')
      .option('--take-over', 'take the lock on the hosts from another upgrade that is certainly dead')
      .option('--task-queue <name>', 'where the workers look for work', defaultTaskQueue)
      .option('--wait', 'stay until the upgrade needs a person (exit code 4) or has ended'),
  )
    .addHelpText(
      'after',
      examples(
        'kafka-upgrade start orders-prod 3.8.1',
        'kafka-upgrade start orders-prod 3.8.1 --ticket CHG-1042 --wait',
        'kafka-upgrade start orders-kraft 4.3.0 --feature metadata.version=4.2 --feature share.version=off',
        `temporal workflow start --type kafkaUpgrade --task-queue kafka-upgrade --workflow-id kafka-upgrade/orders-prod \\\n      --input '{"cluster":"orders-prod","target":"3.8.1"}'   # the same without this command`,
      ),
    )
    .action((cluster: string, target: string, flags: StartFlags) => start({ cluster, target }, flags, context));
