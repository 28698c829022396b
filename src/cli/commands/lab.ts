import { Command, InvalidArgumentError, Option } from 'commander';
import { labDown, labStatus, labUp } from '../../lab/lab';
import type { LabMode } from '../../lab/lab';
import { columns } from '../../render/columns';
import { examples } from '../context';
import type { CliContext } from '../context';

interface LabFlags {
  directory: string;
}

interface UpFlags extends LabFlags {
  release: string;
  staged: string[];
  mode: LabMode;
  brokers: number;
  controllers: number;
  cluster: string;
}

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a number of nodes.');
  return value;
};

const directoryOption = (): Option =>
  new Option('--directory <path>', 'where the lab keeps its files').default('.lab/default', './.lab/default');

const up = async (flags: UpFlags, { terminal }: CliContext): Promise<void> => {
  const lab = await labUp({
    directory: flags.directory,
    cluster: flags.cluster,
    mode: flags.mode,
    brokers: flags.brokers,
    controllers: flags.controllers,
    release: flags.release,
    stagedReleases: flags.staged,
    log: terminal.out,
  });
  terminal.out(
    [
      `The lab is up: ${lab.bootstrap}`,
      `Cluster definition: ${lab.definitionsDirectory}/${lab.cluster}.yaml`,
      `Next: kafka-upgrade worker --definitions ${lab.definitionsDirectory}`,
    ].join('\n'),
  );
};

const status = async ({ directory }: LabFlags, { terminal }: CliContext): Promise<void> => {
  const lab = await labStatus(directory);
  const { style } = terminal.view;
  const rows = lab.hosts.map((host) => [
    host.name,
    host.address,
    host.up ? style.good('up') : style.bad('down'),
    host.servicePid === null ? style.bad('not running') : `pid ${host.servicePid}`,
    host.installedRelease ?? '',
    `${Math.round(host.residentBytes / 1_048_576)} MB`,
  ]);
  const head = ['host', 'address', '', 'service', 'release', 'memory'].map(style.quiet);
  terminal.out([`${lab.cluster} in ${lab.directory} (${lab.phase})`, ...columns([head, ...rows])].join('\n'));
};

const upCommand = (context: CliContext): Command =>
  new Command('up')
    .description('start hosts, ZooKeeper or controllers, and brokers; they stay until `lab down`')
    .addOption(directoryOption())
    .option('--release <version>', 'the Kafka release that runs at first', '3.7.2')
    .option('--staged <version...>', 'further releases that lie ready on every host', ['3.8.1'])
    .addOption(
      new Option('--mode <mode>', 'how the cluster keeps its metadata')
        .choices(['zookeeper', 'kraft', 'kraft-isolated'])
        .default('zookeeper'),
    )
    .option('--brokers <number>', 'how many brokers', count, 3)
    .option('--controllers <number>', 'how many controllers of their own, with --mode kraft-isolated', count, 3)
    .option('--cluster <name>', 'name of the cluster', 'lab')
    .addHelpText(
      'after',
      examples('kafka-upgrade lab up', 'kafka-upgrade lab up --mode kraft --release 3.9.2 --staged 4.3.0'),
    )
    .action((flags: UpFlags) => up(flags, context));

/** `lab`: a small data centre on this machine, to try an upgrade in. */
export const labCommand = (context: CliContext): Command =>
  new Command('lab')
    .description('a small data centre on this machine (Linux, root): hosts with sshd and Kafka, to try upgrades in')
    .addCommand(upCommand(context))
    .addCommand(
      new Command('down')
        .description('stop everything of the lab and remove its files')
        .addOption(directoryOption())
        .addHelpText('after', examples('kafka-upgrade lab down'))
        .action((flags: LabFlags) => labDown(flags.directory, context.terminal.out)),
    )
    .addCommand(
      new Command('status')
        .description('show what of the lab runs')
        .addOption(directoryOption())
        .addHelpText('after', examples('kafka-upgrade lab status'))
        .action((flags: LabFlags) => status(flags, context)),
    );
