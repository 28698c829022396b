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
  ['mount', 'mount'],
  ['bash', 'bash'],
  ['sshd', 'openssh-server'],
  ['ssh', 'openssh-client'],
  ['ssh-keygen', 'openssh-client'],
  ['java', 'default-jre-headless'],
];

/** Rejects with `LabUnavailable` unless hosts can be made here: Linux, root, namespaces, OpenSSH and Java. */
export async function requireLabMachine(): Promise<void> {
  if (process.platform !== 'linux') {
    throw new LabUnavailable(
      `The lab's hosts are Linux namespaces, and this is ${process.platform}: use a Linux machine.`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new LabUnavailable(
      "The lab's hosts need mounts and a real sshd each, so it needs root: run it as root or by sudo.",
    );
  }
  const missing = NEEDED_PROGRAMS.filter(([program]) => programPath(program) === null);
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
export function programPath(program: string): string | null {
  for (const directory of (labEnvironment()['PATH'] ?? '').split(delimiter)) {
    const candidate = join(directory, program);
    if (directory !== '' && isExecutable(candidate)) return candidate;
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
