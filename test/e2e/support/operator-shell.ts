/** The shell of an operator: `temporal` and `kafka-upgrade` are on the PATH, and the environment says where Temporal is. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Stage } from '../../../src/demo/stage';
import { runCommand } from '../../../src/lab/provision/run-command';
import { ensureTemporalCli } from '../../../src/lab/provision/temporal-cli';

const commandLine = join(__dirname, '..', '..', '..', 'dist', 'cli', 'main.js');

/** A command that only asks Temporal, on a machine that upgrades brokers at the same time (ms). */
const answerLimitMs = 60_000;

export interface OperatorShell {
  /** Goes away with the shell. */
  directory: string;
  env: Readonly<Record<string, string>>;
  /** Runs a line as the shell would; resolves to what it printed. */
  run: (line: string) => Promise<string>;
  close: () => void;
}

export const openOperatorShell = async ({ temporal }: Stage): Promise<OperatorShell> => {
  if (!existsSync(commandLine)) throw new Error('The command line is not built: run `npm run build` first.');
  const directory = mkdtempSync(join(tmpdir(), 'kafka-upgrade-operator-'));
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  chmodSync(commandLine, 0o755);
  symlinkSync(commandLine, join(bin, 'kafka-upgrade'));
  symlinkSync((await ensureTemporalCli({ log: () => undefined })).path, join(bin, 'temporal'));
  const env = {
    PATH: [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    // No profile of whoever runs the tests.
    HOME: directory,
    XDG_CONFIG_HOME: directory,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_UI_ADDRESS: temporal.webUi ?? '',
  };
  return {
    directory,
    env,
    run: (line) => runCommand({ command: 'bash', args: ['-c', line], env, timeoutMs: answerLimitMs }),
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
};
