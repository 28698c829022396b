import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { SshTarget } from '../../src/ssh/ssh2-connection';
import { until } from './until';

/** A real OpenSSH server on an address of 127.0.0.0/8, with keys of its own, for one test file. */
export interface TestSshd {
  /** A directory for the test; its name has a space on purpose. */
  directory: string;
  address: string;
  target: SshTarget;
  hostKeyFingerprint: string;
  sshd: ChildProcess;
  stop(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
}

const freePort = (address: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, address, () => {
      const bound = server.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
      server.close(() => resolve(port));
    });
  });

const answers = (address: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port });
    socket.once('data', () => resolve((socket.destroy(), true)));
    socket.once('error', () => resolve(false));
  });

/** Makes a key pair without a passphrase; resolves to the private key's path. */
export const makeKey = (file: string, type = 'ed25519'): string => {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'test', '-f', file]);
  return file;
};

const configuration = (directory: string, address: string, port: number): string =>
  [
    `Port ${port}`,
    `ListenAddress ${address}`,
    `HostKey "${directory}/host_key"`,
    `AuthorizedKeysFile "${directory}/authorized_keys"`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'LogLevel ERROR',
    // An empty home: what this machine's user has in .bashrc would run before every command and dominate all times.
    `SetEnv "HOME=${directory}/home"`,
    '',
  ].join('\n');

/** Starts an sshd that lets the current user in with a key made for it. */
export const startSshd = async (address: string): Promise<TestSshd> => {
  const directory = mkdtempSync(join(tmpdir(), 'kafka upgrade '));
  const port = await freePort(address);
  mkdirSync(join(directory, 'home'));
  makeKey(join(directory, 'host_key'));
  makeKey(join(directory, 'client_key'));
  const publicKey = readFileSync(join(directory, 'host_key.pub'), 'utf8').split(' ');
  writeFileSync(join(directory, 'known_hosts'), `[${address}]:${port} ${publicKey[0] ?? ''} ${publicKey[1] ?? ''}\n`);
  writeFileSync(join(directory, 'authorized_keys'), readFileSync(join(directory, 'client_key.pub')));
  writeFileSync(join(directory, 'sshd_config'), configuration(directory, address, port));
  // sshd insists on this directory for privilege separation; a distribution's service makes it at boot.
  if (userInfo().uid === 0 && !existsSync('/run/sshd')) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const launch = (): ChildProcess =>
    spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(directory, 'sshd_config')], { stdio: 'ignore' });
  const target: SshTarget = {
    host: address,
    port,
    user: userInfo().username,
    privateKeyFile: join(directory, 'client_key'),
    knownHostsFile: join(directory, 'known_hosts'),
    connectTimeoutMs: 5_000,
  };
  const fingerprint = execFileSync('ssh-keygen', ['-lf', join(directory, 'host_key.pub')], { encoding: 'utf8' });
  const server: TestSshd = {
    directory,
    address,
    target,
    hostKeyFingerprint: fingerprint.split(' ')[1] ?? '',
    sshd: launch(),
    stop: async () => {
      server.sshd.kill('SIGTERM');
      await until('sshd ends', () => server.sshd.exitCode !== null || server.sshd.signalCode !== null);
      rmSync(directory, { recursive: true, force: true });
    },
    start: async () => {
      if (server.sshd.exitCode !== null || server.sshd.signalCode !== null) server.sshd = launch();
      await until('sshd answers', () => answers(address, port));
    },
  };
  await server.start();
  return server;
};
