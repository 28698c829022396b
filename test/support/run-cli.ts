import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface CliRun {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** The built command line. */
export const cliMain = join(__dirname, '..', '..', 'dist', 'cli', 'main.js');

/** This process's environment without anything that says where Temporal is. */
const cleanEnvironment = (): Record<string, string | undefined> => {
  const kept = Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_|KAFKA_UPGRADE_|FORCE_COLOR)/.test(name));
  // Profiles are looked for below these; there is nothing.
  return { ...Object.fromEntries(kept), HOME: join(__dirname, 'no-home'), XDG_CONFIG_HOME: join(__dirname, 'no-home') };
};

/** Runs the built command line as a process of its own. */
export const runCli = (args: string[], env: Record<string, string> = {}): Promise<CliRun> => {
  if (!existsSync(cliMain)) throw new Error('The command line is not built: run `npm run build` first.');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [cliMain, ...args],
      { env: { ...cleanEnvironment(), ...env } },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ exitCode, stdout, stderr });
      },
    );
  });
};
