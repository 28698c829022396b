import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { approveCommand } from './commands/approve';
import { labCommand } from './commands/lab';
import {
  abortCommand,
  confirmDrCommand,
  pauseCommand,
  rejectCommand,
  resumeCommand,
  retryCommand,
  rollbackCommand,
} from './commands/messages';
import { listCommand } from './commands/list';
import { planCommand } from './commands/plan';
import { restoreCommand } from './commands/restore';
import { startCommand } from './commands/start';
import { statusCommand } from './commands/status';
import { timelineCommand } from './commands/timeline';
import { workerCommand } from './commands/worker';
import { examples } from './context';
import type { CliContext } from './context';
import { exitCodes } from './exit-codes';

const packageVersion = (): string => {
  const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : null;
  return typeof version === 'string' ? version : 'unknown';
};

const exitCodeHelp = [
  '',
  'Exit codes:',
  `  ${exitCodes.ok}  done, or going well`,
  `  ${exitCodes.failed}  refused, or the upgrade ended otherwise than completed`,
  `  ${exitCodes.usage}  wrong command line or input`,
  `  ${exitCodes.unreachable}  Temporal or a worker does not answer`,
  `  ${exitCodes.waiting}  the upgrade waits for a person`,
  `  ${exitCodes.notFound}  there is no such upgrade`,
].join('\n');

/** The whole command line; `finish` of the context receives the exit code of the command that ran. */
export const buildProgram = (context: CliContext): Command => {
  const program = new Command('kafka-upgrade')
    .description('Upgrades Apache Kafka clusters in two rolling phases, durably, with a person at every gate.')
    .version(packageVersion())
    .configureOutput({ getOutHelpWidth: () => context.terminal.view.width })
    .showHelpAfterError('(add --help for the options and examples)')
    .addHelpText(
      'after',
      examples(
        'kafka-upgrade worker --definitions ./clusters',
        'kafka-upgrade plan orders-prod 3.8.1 --definitions ./clusters',
        'kafka-upgrade start orders-prod 3.8.1 --wait',
        'kafka-upgrade list --attention',
        'kafka-upgrade status orders-prod --watch',
        'kafka-upgrade approve orders-prod --gate protocol',
      ),
    )
    .addHelpText('after', exitCodeHelp);
  const commands = [
    planCommand,
    startCommand,
    listCommand,
    statusCommand,
    approveCommand,
    rejectCommand,
    confirmDrCommand,
    resumeCommand,
    pauseCommand,
    retryCommand,
    rollbackCommand,
    abortCommand,
    timelineCommand,
    restoreCommand,
    workerCommand,
    labCommand,
  ];
  for (const command of commands) {
    // Settings such as the help after an error are inherited only by asking.
    program.addCommand(
      command(context).copyInheritedSettings(program).option('--debug', 'show where in the code an error comes from'),
    );
  }
  return program;
};
