import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { labEnvironment, runCommand } from './run-command';

/** This machine cannot hold a lab; the message says in one line why and what would help. */
export class LabUnavailable extends Error {
  override readonly name = 'LabUnavailable';
}

// Program, and the Debian package that has it.
const NEEDED_PROGRAMS: readonly (readonly [program: string, debianPackage: string])[] = [
  ['unshare', 'util-linux'],
  ['nsenter', 'util-linux'],
  ['setpriv', 'util-linux'],
  ['mount', 'mount'],
  ['bash', 'bash'],
  ['sshd', 'openssh-server'],
  ['ssh', 'openssh-client'],
  ['ssh-keygen', 'openssh-client'],
  ['java', 'default-jre-headless'],
];

/** What decides before any trial whether a machine can hold a lab. */
export interface LabMachine {
  platform: string;
  /** Effective user; undefined where there are none. */
  userId: number | undefined;
  /** The PATH that programs are looked for on. */
  path: string;
}

/** Rejects with `LabUnavailable` unless hosts can be made here: Linux, root, namespaces, OpenSSH and Java. */
export async function requireLabMachine(machine: LabMachine = thisMachine()): Promise<void> {
  if (machine.platform !== 'linux') {
    throw new LabUnavailable(
      `The lab's hosts are Linux namespaces, and this is ${machine.platform}: use a Linux machine.`,
    );
  }
  if (machine.userId !== 0) {
    throw new LabUnavailable(
      "The lab's hosts need mounts and a real sshd each, so it needs root: run it as root or by sudo.",
    );
  }
  const missing = NEEDED_PROGRAMS.filter(([program]) => programPath(program, machine.path) === null);
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(([, debianPackage]) => debianPackage))].join(' ');
    const names = missing.map(([program]) => program).join(', ');
    throw new LabUnavailable(
      `The lab needs ${names}, not found on the PATH: install it (Debian: apt-get install ${packages}).`,
    );
  }
  const trial = await runCommand('unshare', [
    '--mount',
    '--pid',
    '--fork',
    '--uts',
    'mount',
    '-t',
    'tmpfs',
    'lab',
    '/mnt',
  ]);
  if (trial.exitCode !== 0) {
    const said = trial.stderr.trim().replaceAll('\n', ' ');
    throw new LabUnavailable(`The lab needs mount, PID and UTS namespaces, and this machine refuses them: ${said}`);
  }
}

/** Absolute path of a program on the lab's PATH, or null. */
export function programPath(program: string, path = thisMachine().path): string | null {
  for (const directory of path.split(delimiter)) {
    const candidate = join(directory, program);
    if (directory !== '' && isExecutable(candidate)) return candidate;
  }
  return null;
}

function thisMachine(): LabMachine {
  return { platform: process.platform, userId: process.geteuid?.(), path: labEnvironment()['PATH'] ?? '' };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
