import { chmod, copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runOrThrow } from './run-command';

/** What makes one host's files differ from another's. */
export interface HostFilesInput {
  root: string;
  name: string;
  address: string;
  /** All hosts of the lab, for `/etc/hosts`. */
  neighbours: { name: string; address: string }[];
  sshPort: number;
  javaHome: string;
  /** Private host key; its `.pub` lies beside it. */
  hostKeyFile: string;
  authorizedKey: string;
  /** Directory of the initial release; `/opt/kafka` points at its name. */
  release: string;
  /** Files under the host's `/etc/kafka`. */
  kafkaConfig: Record<string, string>;
}

/** Makes the directory tree that becomes the host's own /etc, /opt, /run, /tmp, /var/lib and /var/log. */
export async function makeHostFiles(input: HostFilesInput): Promise<void> {
  for (const directory of ['var/lib/kafka/data', 'var/log/kafka', 'run/sshd', 'opt/kafka-releases', 'root', 'tmp']) {
    await mkdir(join(input.root, directory), { recursive: true });
  }
  await chmod(join(input.root, 'tmp'), 0o1777);
  await runOrThrow('cp', ['-a', '/etc', join(input.root, 'etc')]);
  await symlink(`/opt/kafka-releases/${basename(input.release)}`, join(input.root, 'opt/kafka'));
  await writeFile(join(input.root, 'etc/hostname'), `${input.name}\n`);
  await writeEtcFile(input.root, 'hosts', hostsText(input));
  await unlockRoot(input.root);
  await makeSshFiles(input);
  await rm(join(input.root, 'etc/kafka'), { recursive: true, force: true });
  for (const [name, text] of Object.entries(input.kafkaConfig)) await writeEtcFile(input.root, `kafka/${name}`, text);
}

/** The text of a host's sshd_config: keys only, own address, and the lab's Java on the PATH of every command. */
function sshdConfigText(input: Pick<HostFilesInput, 'address' | 'sshPort' | 'javaHome'>): string {
  const path = `${input.javaHome}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  return [
    `ListenAddress ${input.address}:${String(input.sshPort)}`,
    'HostKey /etc/ssh/ssh_host_ed25519_key',
    'PidFile /run/sshd.pid',
    'AuthorizedKeysFile /etc/ssh/authorized_keys',
    'PermitRootLogin prohibit-password',
    'PubkeyAuthentication yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    'UseDNS no',
    'PrintMotd no',
    '# Many sessions at once are normal here; the defaults drop connections beyond ten.',
    'MaxStartups 100',
    'MaxSessions 100',
    'Subsystem sftp internal-sftp',
    `SetEnv PATH=${path}`,
    '',
  ].join('\n');
}

function hostsText(input: HostFilesInput): string {
  const neighbours = input.neighbours.filter(({ name }) => name !== input.name);
  return [
    '127.0.0.1 localhost',
    `${input.address} ${input.name} self`,
    ...neighbours.map(({ name, address }) => `${address} ${name}`),
    '',
  ].join('\n');
}

async function makeSshFiles(input: HostFilesInput): Promise<void> {
  const directory = join(input.root, 'etc/ssh');
  // The copy of /etc may hold the machine's own host keys and settings: none of them is the lab's.
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await copyFile(input.hostKeyFile, join(directory, 'ssh_host_ed25519_key'));
  await chmod(join(directory, 'ssh_host_ed25519_key'), 0o600);
  await writeFile(join(directory, 'authorized_keys'), input.authorizedKey, { mode: 0o600 });
  await writeFile(join(directory, 'sshd_config'), sshdConfigText(input));
}

/** sshd without PAM refuses an account whose password field begins with `!`, which many cloud images give root. */
async function unlockRoot(root: string): Promise<void> {
  const path = join(root, 'etc/shadow');
  const shadow = await readFile(path, 'utf8').catch(() => '');
  if (/^root:!/m.test(shadow)) await writeFile(path, shadow.replace(/^root:![^:]*/m, 'root:*'));
}

async function writeEtcFile(root: string, name: string, text: string): Promise<void> {
  const path = join(root, 'etc', name);
  await mkdir(dirname(path), { recursive: true });
  // A link (as /etc/resolv.conf often is) would lead out of the copy.
  await rm(path, { force: true });
  await writeFile(path, text);
}
