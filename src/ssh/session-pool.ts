import { UpgradeError } from '../domain/common/failure';
import type { CommandResult } from './command-result';
import type { HostSession, LineStream, RunOptions, StreamOptions } from './host-session';
import { Slots } from './slots';
import { runOnChannel, streamOnChannel } from './ssh2-channel';
import { addressOf, openConnection, type Ssh2Connection, type SshTarget } from './ssh2-connection';

/** sshd allows 10 sessions on a connection by default (MaxSessions); two are left for whoever else shares it. */
const MAX_CHANNELS = 8;

/** One host's session: connects when first used, keeps the connection warm, connects again after it was lost. */
class PooledSession implements HostSession {
  readonly address: string;
  private readonly slots: Slots;
  private connection: Promise<Ssh2Connection> | null = null;
  private closed = false;

  constructor(
    private readonly target: SshTarget,
    maxChannels: number,
  ) {
    this.address = addressOf(target);
    this.slots = new Slots(maxChannels);
  }

  async run(command: string, options: RunOptions): Promise<CommandResult> {
    const release = await this.slots.acquire(options.signal);
    try {
      const connection = await this.connect();
      options.signal?.throwIfAborted();
      return await runOnChannel({ address: this.address, connection }, command, options);
    } finally {
      release();
    }
  }

  async stream(command: string, options: StreamOptions): Promise<LineStream> {
    const release = await this.slots.acquire();
    try {
      const connection = await this.connect();
      const stream = await streamOnChannel({ address: this.address, connection }, command, options);
      void stream.ended.then(release);
      return stream;
    } catch (error) {
      release();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const connection = await this.connection?.catch(() => null);
    if (!connection) return;
    await new Promise<void>((resolve) => {
      connection.onLost(resolve);
      connection.client.end();
    });
  }

  /** Concurrent callers share one attempt; a failed or lost connection is forgotten at once. */
  private connect(): Promise<Ssh2Connection> {
    if (this.closed) {
      const message = `The session to ${this.address} is closed because the worker is shutting down.`;
      return Promise.reject(new UpgradeError('SshUnreachable', message));
    }
    if (this.connection) return this.connection;
    const opening = openConnection(this.target);
    const forget = (): void => {
      if (this.connection === opening) this.connection = null;
    };
    opening.then((connection) => connection.onLost(forget), forget);
    this.connection = opening;
    return opening;
  }
}

/** One warm connection for each host; everything that runs on a host goes through its session here. */
export class SessionPool {
  private readonly sessions = new Map<string, PooledSession>();

  constructor(private readonly options: { maxChannels: number } = { maxChannels: MAX_CHANNELS }) {}

  /** The session of a host; it connects when it is first used. */
  session(target: SshTarget): HostSession {
    const key = JSON.stringify([target.user, target.host, target.port, target.privateKeyFile, target.knownHostsFile]);
    const known = this.sessions.get(key);
    if (known) return known;
    const session = new PooledSession(target, this.options.maxChannels);
    this.sessions.set(key, session);
    return session;
  }

  /** Closes every connection; commands in flight end with `SshUnreachable`. */
  async close(): Promise<void> {
    const sessions = [...this.sessions.values()];
    this.sessions.clear();
    await Promise.all(sessions.map((session) => session.close()));
  }
}
