import { readFile } from 'node:fs/promises';
import { Client, type ConnectConfig } from 'ssh2';
import { UpgradeError } from '../domain/common/failure';
import { loadHostKeyPolicy, type HostKeyPolicy } from './host-key-policy';
import { messageOf } from '../domain/common/message-of';

/** Whom to connect to, and how. */
export interface SshTarget {
  host: string;
  port: number;
  user: string;
  /** null: the agent of SSH_AUTH_SOCK. */
  privateKeyFile: string | null;
  knownHostsFile: string;
  connectTimeoutMs: number;
}

/** An authenticated connection to a host whose key was checked. */
export interface Ssh2Connection {
  client: Client;
  /** Calls back once when the connection is gone, at once if it already is. */
  onLost(listener: () => void): void;
  /** Why the connection is gone; null while it is not. */
  lossReason(): string | null;
}

/** `user@address:port` */
export const addressOf = (target: SshTarget): string => `${target.user}@${target.host}:${String(target.port)}`;

// A dead peer is noticed after 15 s: soon enough for a gate, late enough for a host under load.
const KEEPALIVE_INTERVAL_MS = 5_000;
const KEEPALIVE_MISSES = 3;

const credentials = async (target: SshTarget): Promise<Pick<ConnectConfig, 'agent' | 'privateKey'>> => {
  if (target.privateKeyFile !== null) {
    const privateKey = await readFile(target.privateKeyFile).catch((error: unknown) => {
      const message = `Cannot log in to ${addressOf(target)}: the private key file cannot be read (${messageOf(error)}). Correct \`ssh.privateKeyFile\`.`;
      throw new UpgradeError('SshAuthenticationFailed', message);
    });
    return { privateKey };
  }
  const agent = process.env['SSH_AUTH_SOCK'];
  if (agent !== undefined && agent !== '') return { agent };
  const message = `Cannot log in to ${addressOf(target)}: no private key file is configured and SSH_AUTH_SOCK names no agent. Set \`ssh.privateKeyFile\` or start the worker with an agent.`;
  throw new UpgradeError('SshAuthenticationFailed', message);
};

const connectFailure = (target: SshTarget, error: Error & { level?: string }): UpgradeError => {
  const address = addressOf(target);
  const method = target.privateKeyFile === null ? 'the keys of the agent' : `the key ${target.privateKeyFile}`;
  if (error.level === 'client-authentication' || error.level === 'agent') {
    const message = `${address} refused ${method} (${error.message}). Check the user, the key and authorized_keys on the host.`;
    return new UpgradeError('SshAuthenticationFailed', message, { address });
  }
  const limit = `within ${String(target.connectTimeoutMs)} ms`;
  const seen = error.level === 'client-timeout' ? `no SSH handshake ${limit}` : error.message;
  const message = `Could not connect to ${address}: ${seen}. Check that the host is up and that sshd answers there.`;
  return new UpgradeError('SshUnreachable', message, { address });
};

const watchLoss = (client: Client): Ssh2Connection => {
  let error: string | null = null;
  let reason: string | null = null;
  const listeners: (() => void)[] = [];
  client.on('error', (seen) => (error = seen.message));
  client.on('close', () => {
    reason = error ?? 'the connection was closed';
    for (const listener of listeners.splice(0)) listener();
  });
  const onLost = (listener: () => void): void => {
    if (reason === null) listeners.push(listener);
    else listener();
  };
  return { client, onLost, lossReason: () => reason };
};

const handshake = (target: SshTarget, config: ConnectConfig, policy: HostKeyPolicy): Promise<Ssh2Connection> =>
  new Promise((resolve, reject) => {
    const client = new Client();
    let refusal: UpgradeError | null = null;
    const fail = (error: Error): void => {
      client.destroy();
      reject(refusal ?? connectFailure(target, error));
    };
    const hostVerifier = (key: Buffer): boolean => (refusal = policy.refusal(key)) === null;
    // The listeners stay: a late second error without a listener would end this process.
    client.on('error', fail);
    client.on('close', () => {
      fail(new Error('the connection was closed during the handshake'));
    });
    client.once('ready', () => {
      // Commands are small and wait for an answer: Nagle's algorithm would only delay them.
      client.setNoDelay(true);
      resolve(watchLoss(client));
    });
    try {
      client.connect({ ...config, hostVerifier });
    } catch (error) {
      // ssh2 throws for a key that it cannot read, for example one with a passphrase.
      reject(new UpgradeError('SshAuthenticationFailed', `Cannot log in to ${addressOf(target)}: ${messageOf(error)}`));
    }
  });

/**
 * Connects, checks the host key and authenticates. Rejects with `SshUnreachable`, `HostKeyMismatch` or
 * `SshAuthenticationFailed`.
 */
export const openConnection = async (target: SshTarget): Promise<Ssh2Connection> => {
  const policy = await loadHostKeyPolicy(target.host, target.port, target.knownHostsFile);
  const config: ConnectConfig = {
    ...(await credentials(target)),
    host: target.host,
    port: target.port,
    username: target.user,
    readyTimeout: target.connectTimeoutMs,
    keepaliveInterval: KEEPALIVE_INTERVAL_MS,
    keepaliveCountMax: KEEPALIVE_MISSES,
    algorithms: { serverHostKey: policy.algorithms },
  };
  return handshake(target, config, policy);
};
