import { Command, InvalidArgumentError, Option } from 'commander';
import { compareVersions, requireVersion } from '../domain/cluster/version';
import type { LabMode } from '../lab/lab';
import { messageOf } from '../domain/common/message-of';

/** What the demo is asked to do. */
export interface DemoOptions {
  from: string;
  to: string;
  brokers: number;
  controllers: number;
  mode: LabMode;
  /** Answer every gate with yes, by real signals. */
  yes: boolean;
  /** Leave hosts, brokers, worker and Temporal running at the end. */
  keep: boolean;
  /** Where the result goes as JSON. */
  json: string | null;
}

const release = (text: string): string => {
  try {
    requireVersion(text, 'release');
    return text;
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
};

const controllers = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 9) throw new InvalidArgumentError('It must be 1 to 9.');
  return value;
};

const brokers = (text: string): number => {
  const value = Number(text);
  // RF 3 with min.insync.replicas 2 is what makes a restart invisible; 9 is what a lab holds.
  if (!Number.isInteger(value) || value < 3 || value > 9) {
    throw new InvalidArgumentError('It must be 3 to 9: every partition has three replicas.');
  }
  return value;
};

const help = `
Exit code 0 only if the upgrade completed and no acknowledged record is missing.

Examples:
  $ npm run demo
  $ npm run demo -- --yes --json result.json
  $ npm run demo -- --from 3.6.2 --to 3.9.1 --keep
  $ npm run demo -- --mode kraft --from 3.9.2 --to 4.3.0`;

/** Reads the flags after `npm run demo --`; throws commander's errors with a clear line. */
export const parseDemoOptions = (argv: string[]): DemoOptions => {
  const command = new Command('npm run demo --')
    .description('A real Kafka cluster on this machine, upgraded in two rolling phases under live traffic.')
    .option('--from <version>', 'the release that the cluster runs at first', release, '3.7.2')
    .option('--to <version>', 'the release to upgrade to', release, '3.8.1')
    .option('--brokers <number>', 'how many brokers, 3 to 9', brokers, 3)
    .option('--controllers <number>', 'how many controllers of their own, with --mode kraft-isolated', controllers, 3)
    .addOption(
      new Option('--mode <mode>', 'how the cluster keeps its metadata')
        .choices(['zookeeper', 'kraft', 'kraft-isolated'])
        .default('zookeeper'),
    )
    .option('--yes', 'answer every gate with yes, by real signals', false)
    .option('--keep', 'leave everything running at the end', false)
    .option('--json <file>', 'write the result as JSON')
    .addHelpText('after', help)
    .showHelpAfterError('(add --help for the flags)')
    .exitOverride();
  const flags = command.parse(argv, { from: 'user' }).opts<Omit<DemoOptions, 'json'> & { json?: string }>();
  if (compareVersions(requireVersion(flags.from, 'release'), requireVersion(flags.to, 'release')) >= 0) {
    command.error(`error: --to ${flags.to} is not newer than --from ${flags.from}; choose a newer target.`);
  }
  return { ...flags, json: flags.json ?? null };
};
