import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientChannel } from 'ssh2';
import { UpgradeError } from '../domain/common/failure';
import { shortenCommand } from './command-result';
import type { Ssh2Connection } from './ssh2-connection';
import { messageOf } from '../domain/common/message-of';

/** One connection together with the address it belongs to, for messages. */
export interface ChannelHost {
  address: string;
  connection: Ssh2Connection;
}

/** A process that the command left behind may keep its output open; once that is silent for so long, we do not wait. */
const LINGER_MS = 1_000;

/** How the command on a channel ended; both null when the channel went away first. */
export interface ChannelExit {
  exitCode: number | null;
  signal: string | null;
}

/** Calls `expired` when nothing arrives on a channel for a while; the function it gives stops that. */
const whenSilent = (channel: ClientChannel, expired: () => void): (() => void) => {
  const timer = setTimeout(expired, LINGER_MS);
  const postpone = (): void => void timer.refresh();
  // A first 'data' listener makes the output flow: by the next turn of the event loop its real reader is there.
  setImmediate(() => {
    channel.on('data', postpone);
    channel.stderr.on('data', postpone);
  });
  return () => clearTimeout(timer);
};

/** Resolves when the command has ended and its output is complete, or has been silent for a while after the end. */
const channelExit = (channel: ClientChannel): Promise<ChannelExit> =>
  new Promise((resolve) => {
    let exit: ChannelExit = { exitCode: null, signal: null };
    let stopWaiting = (): void => undefined;
    channel.on('exit', (code: number | null, signal?: string) => {
      exit = { exitCode: code, signal: signal ?? null };
      stopWaiting = whenSilent(channel, () => {
        channel.close();
        resolve(exit);
      });
    });
    channel.on('close', () => {
      stopWaiting();
      resolve(exit);
    });
    channel.on('error', () => {
      resolve(exit);
    });
  });

/** A channel and how it will end. */
export interface OpenChannel {
  channel: ClientChannel;
  exit: Promise<ChannelExit>;
}

/** The connection, or the channel on it, is gone: nobody knows how far the command came. */
export const lostWhile = (host: ChannelHost, what: string): UpgradeError => {
  const reason = host.connection.lossReason() ?? 'the channel was closed without an exit status';
  const message = `${host.address} was lost while ${what} (${reason}). The command may or may not have run; looking again is safe.`;
  return new UpgradeError('SshUnreachable', message, { address: host.address });
};

/**
 * sshd refuses a channel beyond its MaxSessions, and for a moment it still counts sessions that have just been closed.
 * A refused channel has run nothing, so it is asked for again: after 20 ms, then twice as long, for 2.5 s in all.
 */
const FIRST_RETRY_MS = 20;
const RETRIES = 7;

// ssh2 sets `reason` (RFC 4254, 5.1) on the error of a refused channel, and on no other.
const isRefusal = (error: unknown): boolean => error instanceof Error && 'reason' in error;

const requestChannel = (host: ChannelHost, command: string): Promise<OpenChannel> =>
  new Promise((resolve, reject) => {
    // exec throws when the connection is already gone; inside a promise that is a rejection.
    host.connection.client.exec(command, (error, channel) => {
      if (error) reject(error);
      // The exit status may be in the same packet: who listens only after the next await misses it.
      else resolve({ channel, exit: channelExit(channel) });
    });
  });

const openFailure = (host: ChannelHost, command: string, error: unknown): UpgradeError => {
  const said = host.connection.lossReason() ?? messageOf(error);
  const advice = isRefusal(error) ? ' sshd allows too few sessions on one connection: raise its MaxSessions.' : '';
  const message = `${host.address}: no channel for ${shortenCommand(command)} (${said}); the command has not run.${advice}`;
  return new UpgradeError('SshUnreachable', message, { address: host.address });
};

/** Opens a channel that runs a command. A connection that is gone, or a channel that stays refused, is `SshUnreachable`. */
export const openChannel = async (host: ChannelHost, command: string): Promise<OpenChannel> => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await requestChannel(host, command);
    } catch (error) {
      if (!isRefusal(error) || attempt === RETRIES) throw openFailure(host, command, error);
      await sleep(FIRST_RETRY_MS * 2 ** attempt);
    }
  }
};
