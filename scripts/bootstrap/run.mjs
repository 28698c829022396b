import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';

import { inRoot, root } from './paths.mjs';

/** The tools of node_modules by their names, as in an npm script. */
const environment = () => ({
  ...process.env,
  PATH: `${inRoot('node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
});

/** Runs a command to its end; what it says goes to stderr. Throws `failure` when it does not succeed. */
export async function runToEnd(command, args, { failure }) {
  const child = spawn(command, args, { cwd: root, env: environment(), stdio: ['ignore', 2, 2] });
  const [code] = await once(child, 'exit').catch((error) => {
    throw new Error(`${command} cannot be run: ${error.message}. ${failure}`);
  });
  if (code !== 0) throw new Error(failure);
}

/**
 * Runs the command in place of this process: same streams, same directory, its exit code or its signal.
 *
 * An interrupt from a terminal reaches the whole process group, the command too; passing it on again would look like a
 * second Ctrl-C. Other signals are sent to one process, so they are passed on.
 */
export async function become([command, ...args]) {
  const child = spawn(command, args, { env: environment(), stdio: 'inherit' });
  const passOn = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, passOn);
  const [code, signal] = await once(child, 'exit').catch((error) => {
    throw new Error(`${command} cannot be run: ${error.message}`);
  });
  for (const name of signals) process.off(name, passOn);
  if (signal !== null) process.kill(process.pid, signal);
  else process.exitCode = code;
}
