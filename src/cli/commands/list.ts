import { Command, InvalidArgumentError, Option } from 'commander';
import { listUpgrades } from '../../client/list-upgrades';
import type { ListFilter } from '../../client/list-upgrades';
import type { UpgradeSummary } from '../../client/upgrade-summary';
import { listView } from '../../render/list-view';
import { examples, withConnection, withTemporal } from '../context';
import type { CliContext, ConnectionFlags } from '../context';
import { exitCodes } from '../exit-codes';
import { printJson, withJson } from '../json';
import type { JsonFlags } from '../json';

interface ListFlags extends ConnectionFlags, JsonFlags {
  all?: boolean;
  running?: boolean;
  attention?: boolean;
  limit: number;
}

const positive = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It must be a number from 1 on.');
  return Number(text);
};

const whichOf = ({ all, running }: ListFlags): ListFilter['which'] => {
  if (running === true) return 'running';
  return all === true ? 'all' : 'recent';
};

const noneWords = ({ attention, all, running }: ListFlags, namespace: string): string => {
  if (attention === true) return `No upgrade in namespace "${namespace}" waits for a person.`;
  if (running === true) return `No upgrade runs in namespace "${namespace}".`;
  return all === true
    ? `There is no upgrade in namespace "${namespace}".`
    : `No upgrade in namespace "${namespace}" runs or ended within the last 7 days; --all shows older ones.`;
};

/** Scripts that look for work to do get their answer as an exit code. */
const exitCodeOf = (upgrades: readonly UpgradeSummary[], { attention }: ListFlags): number =>
  attention === true && upgrades.length > 0 ? exitCodes.waiting : exitCodes.ok;

const list = async (flags: ListFlags, { terminal, finish }: CliContext): Promise<void> => {
  const nowMs = Date.now();
  const filter = { which: whichOf(flags), attention: flags.attention === true, limit: flags.limit, nowMs };
  await withTemporal(flags, async (session) => {
    const upgrades = await listUpgrades(session, filter);
    const none = noneWords(flags, session.namespace);
    if (flags.json === true) printJson(terminal, { upgrades });
    else terminal.out(listView({ upgrades, nowMs, none }, terminal.view));
    finish(exitCodeOf(upgrades, flags));
  });
};

/** `list`: every upgrade of the namespace. */
export const listCommand = (context: CliContext): Command =>
  withConnection(
    withJson(
      new Command('list')
        .description('list the upgrades of the namespace: those that run, and those that ended within 7 days')
        .addOption(new Option('--all', 'older ones, too').conflicts('running'))
        .option('--running', 'only those that run')
        .option('--attention', 'only those that wait for a person (exit code 4 when there are any)')
        .option('--limit <number>', 'at most so many', positive, 50),
    ),
  )
    .addHelpText(
      'after',
      examples(
        'kafka-upgrade list',
        'kafka-upgrade list --attention',
        'kafka-upgrade list --json | jq -r \'.upgrades[] | select(.phase == "parked") | .cluster\'',
      ),
    )
    .action((flags: ListFlags) => list(flags, context));
