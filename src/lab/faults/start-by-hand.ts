import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shellQuote } from '../../ssh/shell-quote';
import { hostInit } from '../host';
import type { LabHost } from '../lab-types';
import type { ProcessIdentity } from '../process-identity';

const words = (path: string): string[] => readFileSync(path, 'utf8').split('\0').slice(0, -1);

/** The pid inside of the host's own namespace, which is the innermost. */
const innerPid = (pid: number): string => {
  const line = /^NSpid:.*$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[0] ?? '';
  return line.split(/\s+/).at(-1) ?? '';
};

/**
 * A shell on the host that starts the very same program again the moment it is gone: 5 ms a look, without a fork. A zombie
 * is gone: it may take a busy machine a while to bury it.
 */
const waitingScript = (pid: number, command: readonly string[], environment: readonly string[]): string =>
  [
    'exec 8<> <(:)',
    `while read -r stat 2>/dev/null </proc/${innerPid(pid)}/stat && [[ $stat != *') Z '* ]]; do read -r -t 0.005 -u 8 || :; done`,
    `exec env -i ${[...environment, ...command].map(shellQuote).join(' ')}`,
    '',
  ].join('\n');

/**
 * Starts the release that runs now again as soon as it has stopped, as a person or a service manager does that does not
 * know of an upgrade: same arguments, same environment, and the old binary, wherever the release link points by then.
 * Resolves when the host waits for the end of the process.
 */
export const startByHandWhenGone = async (host: LabHost, running: ProcessIdentity): Promise<void> => {
  const init = hostInit(host.root);
  if (init === null) throw new Error(`Host ${host.name} does not run.`);
  const release = readlinkSync(join(host.root, 'opt/kafka'));
  const command = words(`/proc/${running.pid}/cmdline`).map((word) => word.replaceAll('/opt/kafka/', `${release}/`));
  const script = waitingScript(running.pid, command, words(`/proc/${running.pid}/environ`));
  await writeFile(join(host.root, 'tmp/start-by-hand.sh'), script);
  const enter = ['--target', String(init.pid), '--mount', '--pid', '--uts', '--', 'bash', '-c'];
  const detached = 'cd / && setsid bash /tmp/start-by-hand.sh </dev/null >/var/log/kafka/by-hand.out 2>&1 &';
  await once(spawn('nsenter', [...enter, detached], { stdio: 'ignore' }), 'exit');
};
