import { Command } from 'commander';
import { defaultTaskQueue } from '../../client/upgrade-client';
import type { StartRequest, UpgradeClient, UpgradeLook } from '../../client/upgrade-client';
import { UpgradeWatch } from '../../terminal/watch';
import { commandContext, defaultOperator, examples, withConnection, withUpgrade } from '../context';
import type { CliContext, ConnectionFlags } from '../context';
import { exitCodeOfLook } from '../exit-codes';
import { printJson, progressTerminal, withJson } from '../json';
import type { JsonFlags } from '../json';
import type { RequestedFeatures } from '../../domain/levels/finalization';
import { featureOption } from './feature-option';
import { nodeId } from './node-option';
import { needsPersonOrEnded } from './status';

interface StartFlags extends ConnectionFlags, JsonFlags {
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

/** Follows it until a person is needed or it has ended, and sets the exit code. */
const follow = async (client: UpgradeClient, flags: StartFlags, context: CliContext): Promise<UpgradeLook> => {
  const terminal = progressTerminal(context.terminal, flags);
  const look = await new UpgradeWatch({ client, terminal, commands: commandContext(flags) }).until(needsPersonOrEnded);
  context.finish(exitCodeOfLook(look));
  return look;
};

const start = async (
  input: { cluster: string; target: string },
  flags: StartFlags,
  context: CliContext,
): Promise<void> => {
  const { cluster, target } = input;
  const terminal = progressTerminal(context.terminal, flags);
  await withUpgrade(cluster, flags, async (client) => {
    const { workflowId, webPage } = client;
    const { runId } = await client.start(request(target, flags), flags.taskQueue);
    terminal.out(`Started ${workflowId} to ${target} (run ${runId}).`);
    if (webPage !== null) terminal.out(`web UI  ${webPage}`);
    if (flags.wait !== true) terminal.out(`Look at it: kafka-upgrade status ${cluster} --watch`);
    const look = flags.wait === true ? await follow(client, flags, context) : {};
    if (flags.json === true)
      printJson(context.terminal, { started: { workflowId, runId, cluster, target, webPage }, ...look });
  });
};

/** `start`: begins an upgrade; it makes a plan and waits for its approval. */
export const startCommand = (context: CliContext): Command =>
  withConnection(
    withJson(
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
    ),
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
