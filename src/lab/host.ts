import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult, ExecOptions } from './lab-types';
import { identify, isRunning, type ProcessIdentity } from './process-identity';
import { labEnvironment, runCommand } from './run-command';
import { until } from './until';

/** What is needed to start a host whose files are made. */
export interface HostStart {
  root: string;
  name: string;
  initScript: string;
  sshd: string;
  javaHome: string;
  releases: string[];
  signal?: AbortSignal | undefined;
}

/** Starts the host's namespaces and sshd; resolves when sshd listens. The host outlives this process. */
export async function startHost(input: HostStart): Promise<ProcessIdentity> {
  const output = openSync(join(input.root, 'init.log'), 'a');
  const command = ['bash', input.initScript, input.root, input.name, input.sshd, input.javaHome, ...input.releases];
  const child = spawn('unshare', ['--mount', '--pid', '--fork', '--uts', '--kill-child', ...command], {
    detached: true,
    stdio: ['ignore', output, output],
    cwd: '/',
    env: labEnvironment(),
  });
  closeSync(output);
  let ended: string | null = null;
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = `ended with ${String(code ?? signal)}`));
  child.unref();
  return until(
    () => {
      if (ended !== null) throw new Error(`Host ${input.name} did not start: ${ended}: ${initLog(input.root)}`);
      return existsSync(join(input.root, 'ready')) ? hostInit(input.root) : null;
    },
    { what: `start of host ${input.name}`, timeoutMs: 20_000, everyMs: 10, signal: input.signal },
  );
}

/** The namespace init of the host in `root`, as it wrote it itself; null when it has not started or no longer runs. */
export function hostInit(root: string): ProcessIdentity | null {
  const path = join(root, 'init');
  if (!existsSync(path)) return null;
  const [pid, startTicks] = readFileSync(path, 'utf8').trim().split(' ').map(Number);
  if (pid === undefined || startTicks === undefined) return null;
  const identity = { pid, startTicks };
  return isRunning(identity) ? identity : null;
}

/** Runs a shell command inside a host by entering its namespaces; sshd is not involved. */
export async function execOnHost(
  host: { name: string; root: string },
  command: string,
  options: ExecOptions = {},
): Promise<CommandResult> {
  const init = hostInit(host.root);
  if (init === null || identify(init.pid) === null) throw new Error(`Host ${host.name} does not run.`);
  const entering = ['--target', String(init.pid), '--mount', '--pid', '--uts', '--', 'bash', '-c', command];
  return runCommand('nsenter', entering, options);
}

function initLog(root: string): string {
  return readFileSync(join(root, 'init.log'), 'utf8').trim().slice(-1000);
}
