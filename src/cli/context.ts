import { hostname, userInfo } from 'node:os';
import type { Command } from 'commander';
import { connectTemporal } from '../client/connect';
import type { ConnectOptions, TemporalSession } from '../client/connect';
import { UpgradeClient } from '../client/upgrade-client';
import type { CommandContext } from '../render/answer-commands';
import type { Terminal } from '../terminal/terminal';

/** What every command gets beside its options; `finish` sets the exit code. */
export interface CliContext {
  terminal: Terminal;
  finish: (exitCode: number) => void;
}

/** Options of every command that talks to Temporal. */
export interface ConnectionFlags {
  address?: string;
  namespace?: string;
  profile?: string;
  webUi?: string;
}

/** Adds the options that say where Temporal is. */
export const withConnection = (command: Command): Command =>
  command
    .optionsGroup('Temporal:')
    .option('--address <host:port>', 'Temporal server (default: TEMPORAL_ADDRESS, the profile, localhost:7233)')
    .option('--namespace <name>', 'Temporal namespace (default: TEMPORAL_NAMESPACE, the profile, "default")')
    .option('--profile <name>', 'profile of the Temporal configuration file (default: TEMPORAL_PROFILE)')
    .option('--web-ui <url>', 'base address of the Temporal web UI, for links (default: TEMPORAL_UI_ADDRESS)');

/** Who gives an order, unless --by says so. */
export const defaultOperator = (): string => `${userInfo().username}@${hostname()}`;

const connectOptions = (flags: ConnectionFlags): ConnectOptions => ({
  address: flags.address,
  namespace: flags.namespace,
  profile: flags.profile,
  webUi: flags.webUi,
});

/** How printed commands are called; they repeat the connection that was typed. */
export const commandContext = (flags: ConnectionFlags): CommandContext => ({
  program: 'kafka-upgrade',
  address: flags.address ?? null,
  namespace: flags.namespace ?? null,
});

/** Runs with a connection to Temporal and closes it afterwards. */
export const withTemporal = async <T>(
  flags: ConnectionFlags,
  action: (session: TemporalSession) => Promise<T>,
): Promise<T> => {
  const session = await connectTemporal(connectOptions(flags));
  try {
    return await action(session);
  } finally {
    await session.close();
  }
};

/** The same for one cluster's upgrade. */
export const withUpgrade = <T>(
  cluster: string,
  flags: ConnectionFlags,
  action: (client: UpgradeClient) => Promise<T>,
): Promise<T> => withTemporal(flags, (session) => action(new UpgradeClient(session, cluster)));

/** Examples at the end of a command's help. */
export const examples = (...lines: string[]): string =>
  ['', 'Examples:', ...lines.map((line) => `  $ ${line}`)].join('\n');
