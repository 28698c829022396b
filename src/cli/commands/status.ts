import { Command, Option } from 'commander';
import type { UpgradeClient, UpgradeLook } from '../../client/upgrade-client';
import { screenOf, UpgradeWatch } from '../../terminal/watch';
import { commandContext, examples, withConnection, withUpgrade } from '../context';
import type { CliContext, ConnectionFlags } from '../context';
import { exitCodeOfLook } from '../exit-codes';
import { printJson, progressTerminal } from '../json';
import type { JsonFlags } from '../json';

interface StatusFlags extends ConnectionFlags, JsonFlags {
  watch?: boolean;
  wait?: boolean;
}

/** True when nothing more happens without a person, or at all. */
export const needsPersonOrEnded = (look: UpgradeLook): boolean =>
  look.ending !== null || look.status.waitingFor !== null;

const take = (client: UpgradeClient, flags: StatusFlags, { terminal }: CliContext): Promise<UpgradeLook> => {
  if (flags.watch !== true && flags.wait !== true) return client.look();
  const until = flags.wait === true ? needsPersonOrEnded : (look: UpgradeLook) => look.ending !== null;
  const shown = progressTerminal(terminal, flags);
  return new UpgradeWatch({ client, terminal: shown, commands: commandContext(flags) }).until(until);
};

const showStatus = async (cluster: string, flags: StatusFlags, context: CliContext): Promise<void> => {
  const { terminal } = context;
  await withUpgrade(cluster, flags, async (client) => {
    const look = await take(client, flags, context);
    const watched = flags.watch === true || flags.wait === true;
    if (flags.json === true) printJson(terminal, look);
    else if (!watched) terminal.out(screenOf(look, { client, terminal, commands: commandContext(flags) }));
    context.finish(exitCodeOfLook(look));
  });
};

/** `status`: where an upgrade stands. */
export const statusCommand = (context: CliContext): Command =>
  withConnection(
    new Command('status')
      .description('show where an upgrade stands and what it waits for')
      .argument('<cluster>', 'name of the cluster')
      .addOption(new Option('--json', 'print one JSON document (docs/cli.md)').conflicts('watch'))
      .option('--watch', 'stay and show every change, until the upgrade ends')
      .option('--wait', 'return when the upgrade needs a person (exit code 4) or has ended'),
  )
    .addHelpText(
      'after',
      examples(
        'kafka-upgrade status orders-prod',
        'kafka-upgrade status orders-prod --watch',
        'kafka-upgrade status orders-prod --json | jq .status.phase',
        'kafka-upgrade status orders-prod --wait || echo "exit code $?: 4 is a person, 1 a bad end"',
      ),
    )
    .action((cluster: string, flags: StatusFlags) => showStatus(cluster, flags, context));
