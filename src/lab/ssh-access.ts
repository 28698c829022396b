import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandResult, ExecOptions, LabSsh } from './lab-types';
import { LAB_PORTS } from './network';
import { runCommand, runOrThrow } from './run-command';

/** The client's and the hosts' keys of one lab. */
export interface LabKeys {
  authorizedKey: string;
  /** Private host key file by host name. */
  hostKeyFiles: Map<string, string>;
}

/** How the client reaches the hosts of a lab whose keys are in `directory`. */
export function labSsh(directory: string): LabSsh {
  return {
    keyFile: join(directory, 'client_key'),
    knownHostsFile: join(directory, 'known_hosts'),
    port: LAB_PORTS.ssh,
    user: 'root',
  };
}

/** Generates the client key, one key per host and a known_hosts file that names exactly those. */
export async function makeKeys(directory: string, hosts: { name: string; address: string }[]): Promise<LabKeys> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { keyFile, knownHostsFile } = labSsh(directory);
  const hostKeyFiles = new Map(hosts.map(({ name }) => [name, join(directory, `${name}_host_key`)]));
  await Promise.all([keyFile, ...hostKeyFiles.values()].map(generateKey));
  const known = await Promise.all(
    hosts.map(async ({ name, address }) => {
      const [type, key] = (await readFile(join(directory, `${name}_host_key.pub`), 'utf8')).split(' ');
      return `[${address}]:${String(LAB_PORTS.ssh)} ${type ?? ''} ${key ?? ''}\n`;
    }),
  );
  await writeFile(knownHostsFile, known.join(''));
  return { authorizedKey: await readFile(`${keyFile}.pub`, 'utf8'), hostKeyFiles };
}

/** Arguments for the real `ssh` client that reach a lab host and read none of the caller's own SSH settings. */
function sshArguments(ssh: LabSsh, address: string): string[] {
  const settings = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${ssh.knownHostsFile}`,
    'GlobalKnownHostsFile=/dev/null',
    'ConnectTimeout=10',
    'LogLevel=ERROR',
  ];
  const options = settings.flatMap((setting) => ['-o', setting]);
  return ['-F', '/dev/null', '-i', ssh.keyFile, '-p', String(ssh.port), ...options, `${ssh.user}@${address}`];
}

/** Runs a shell command on a host as an operator would: over SSH. */
export function runOverSsh(
  target: { ssh: LabSsh; address: string },
  command: string,
  options: ExecOptions = {},
): Promise<CommandResult> {
  return runCommand('ssh', [...sshArguments(target.ssh, target.address), command], options);
}

async function generateKey(file: string): Promise<void> {
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab', '-f', file]);
}
