import { Command } from 'commander';
import { ClientError } from '../../client/client-error';
import { findBackup } from '../../domain/settings/backup';
import type { PropertiesBackup } from '../../domain/settings/backup';
import { backupsView, differenceView } from '../../render/backups-view';
import { confirm } from '../../terminal/terminal';
import type { RestoreDesk, RestorePreview } from '../../worker/local-restore';
import { defaultOperator, examples } from '../context';
import type { CliContext } from '../context';
import { exitCodes } from '../exit-codes';
import { withDefinitions } from './definitions-option';
import { nodeId } from './node-option';

interface RestoreFlags {
  definitions: string;
  node: number;
  backup: string;
  yes?: boolean;
  json?: boolean;
}

/** A backup that was chosen on a host. */
interface Chosen {
  desk: RestoreDesk;
  backup: PropertiesBackup;
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const list = async (desk: RestoreDesk, flags: RestoreFlags, { terminal }: CliContext): Promise<void> => {
  const found = { address: desk.address, ...(await desk.list()) };
  terminal.out(flags.json === true ? json(found) : backupsView(found, terminal.view));
};

const choose = async (desk: RestoreDesk, name: string): Promise<Chosen> => {
  const { backups } = await desk.list();
  const backup = findBackup(backups, name);
  if (backup !== null) return { desk, backup };
  const labels = backups.map(({ label }) => label).join(', ');
  throw new ClientError('invalid', `There is no backup "${name}" on ${desk.address}.`, {
    hint: labels === '' ? 'There is none at all: each upgrade makes one.' : `Backups, newest first: ${labels}.`,
  });
};

const mayRestore = async (flags: RestoreFlags, { terminal }: CliContext): Promise<boolean> => {
  if (flags.yes === true) return true;
  if (terminal.interactive) return confirm(terminal, '  Put this backup back?');
  throw new ClientError('invalid', 'There is no terminal to ask for a yes.', { hint: 'Pass --yes to put it back.' });
};

const put = async ({ desk, backup }: Chosen, preview: RestorePreview, input: Asked): Promise<void> => {
  const { flags, context } = input;
  const { terminal } = context;
  const result = await desk.restore(preview);
  if (flags.json === true) {
    const { diff, warnings } = preview;
    terminal.out(json({ address: desk.address, backup, diff, warnings, ...result }));
    return;
  }
  terminal.out(`${desk.address}: ${result.evidence}`);
  if (result.leaseTrouble !== null) terminal.err(result.leaseTrouble);
  if (result.savedAs === null) return;
  terminal.out(`The file as it was is backed up in ${result.savedAs.path} (--backup ${result.savedAs.label}).`);
  terminal.out(`Node ${flags.node} reads the file at its next start: restart it for the change to take effect.`);
};

interface Asked {
  flags: RestoreFlags;
  context: CliContext;
}

const restoreOne = async (chosen: Chosen, input: Asked): Promise<void> => {
  const { flags, context } = input;
  const { desk, backup } = chosen;
  const preview = await desk.preview(backup.label);
  if (flags.json !== true) {
    context.terminal.out(differenceView({ address: desk.address, backup, difference: preview }, context.terminal.view));
  }
  if (preview.sha256 === preview.currentSha256 || (await mayRestore(flags, context))) {
    await put(chosen, preview, input);
    return;
  }
  context.terminal.err('Not restored; nothing was changed.');
  context.finish(exitCodes.failed);
};

const restore = async (cluster: string, flags: RestoreFlags, context: CliContext): Promise<void> => {
  // Refused before anything is read: a program gets either its JSON or an error.
  if (flags.json === true && flags.yes !== true && flags.backup !== 'list') {
    throw new ClientError('invalid', '--json asks nobody.', { hint: 'Pass --yes with it to put the backup back.' });
  }
  const { withRestoreDesk } = await import('../../worker/local-restore.js');
  const where = { definitionsDirectory: flags.definitions, cluster, nodeId: flags.node, operator: defaultOperator() };
  await withRestoreDesk(where, async (desk) => {
    if (flags.backup === 'list') await list(desk, flags, context);
    else await restoreOne(await choose(desk, flags.backup), { flags, context });
  });
};

/** `restore`: the backups of a host's server.properties, and the way back to one of them. */
export const restoreCommand = (context: CliContext): Command =>
  withDefinitions(
    new Command('restore')
      .description('list the backups of server.properties on a host, or put one back; over SSH from here')
      .argument('<cluster>', 'name of the cluster')
      .requiredOption('--node <id>', 'the node whose host is meant', nodeId)
      .option('--backup <label>', 'which one: a label, latest (the newest that an upgrade made), or list', 'list')
      .option('--yes', 'do not ask')
      .option('--json', 'print as JSON; with a backup it needs --yes'),
  )
    .addHelpText(
      'after',
      examples(
        'kafka-upgrade restore orders-prod --node 2 --definitions ./clusters',
        'kafka-upgrade restore orders-prod --node 2 --backup latest',
        'kafka-upgrade restore orders-prod --node 2 --backup latest --yes --json | jq .sha256',
      ),
    )
    .action((cluster: string, flags: RestoreFlags) => restore(cluster, flags, context));
