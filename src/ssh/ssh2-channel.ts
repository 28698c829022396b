import { shortenCommand, type CommandResult } from './command-result';
import type { LineStream, RunOptions, StreamEnd, StreamOptions } from './host-session';
import { LineSplitter } from './line-splitter';
import { lostWhile, openChannel, type ChannelExit, type ChannelHost, type OpenChannel } from './open-channel';
import { OutputTail } from './output-tail';

const DEFAULT_MAX_OUTPUT = 1024 * 1024;
/**
 * Ends the command behind a channel: sshd passes the signal to its process group (not for root, where sshd has no
 * privilege separation), then the channel closes, which ends a command that still writes.
 */
const endChannel = ({ channel }: OpenChannel): void => {
  if (!channel.writable && channel.destroyed) return;
  channel.signal('TERM');
  channel.close();
};

type Interruption = 'timedOut' | 'isCanceled';

/** Resolves when time is up or the signal is aborted; `stop` forgets both. */
const interruption = (
  timeoutMs: number,
  signal?: AbortSignal,
): { happened: Promise<Interruption>; stop: () => void } => {
  let stop = (): void => undefined;
  const happened = new Promise<Interruption>((resolve) => {
    const timer = setTimeout(() => {
      resolve('timedOut');
    }, timeoutMs);
    const abort = (): void => {
      resolve('isCanceled');
    };
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  return { happened, stop };
};

class CommandRun {
  private readonly startedAt = performance.now();
  private readonly stdout: OutputTail;
  private readonly stderr: OutputTail;

  constructor(
    private readonly host: ChannelHost,
    private readonly command: string,
    private readonly options: RunOptions,
  ) {
    this.stdout = new OutputTail(options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT);
    this.stderr = new OutputTail(options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT);
  }

  async result(): Promise<CommandResult> {
    const limit = interruption(this.options.timeoutMs, this.options.signal);
    const opening = openChannel(this.host, this.command);
    try {
      const outcome = await Promise.race([limit.happened, opening.then((open) => this.outcome(open))]);
      if (typeof outcome !== 'string') return outcome;
      // The channel may still be opening: it is ended whenever it comes.
      opening.then(endChannel, () => undefined);
      return this.describe({ exitCode: null, signal: null }, outcome);
    } finally {
      limit.stop();
    }
  }

  private async outcome({ channel, exit }: OpenChannel): Promise<CommandResult> {
    this.collect(channel);
    channel.end(this.options.stdin ?? '');
    const seen = await exit;
    if (seen.exitCode !== null || seen.signal !== null) return this.describe(seen);
    throw lostWhile(this.host, `running ${this.name()}`);
  }

  private collect(channel: OpenChannel['channel']): void {
    const onLine = this.options.onStdoutLine;
    const splitter = onLine ? new LineSplitter(onLine) : null;
    channel.on('data', (chunk: Buffer) => {
      this.stdout.add(chunk);
      splitter?.add(chunk);
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      this.stderr.add(chunk);
    });
  }

  private name(): string {
    return this.options.description ?? shortenCommand(this.command);
  }

  private describe(exit: ChannelExit, interrupted?: Interruption): CommandResult {
    return {
      host: this.host.address,
      command: this.name(),
      exitCode: exit.exitCode,
      signal: exit.signal,
      timedOut: interrupted === 'timedOut',
      isCanceled: interrupted === 'isCanceled',
      stdout: this.stdout.toString(),
      stderr: this.stderr.toString(),
      durationMs: Math.round(performance.now() - this.startedAt),
    };
  }
}

/** Runs one command on a channel of its own; see `HostSession.run`. */
export const runOnChannel = (host: ChannelHost, command: string, options: RunOptions): Promise<CommandResult> =>
  new CommandRun(host, command, options).result();

/** Opens a long-lived channel; see `HostSession.stream`. */
export const streamOnChannel = async (
  host: ChannelHost,
  command: string,
  options: StreamOptions,
): Promise<LineStream> => {
  const { channel, exit } = await openChannel(host, command);
  const stdout = new LineSplitter(options.onStdoutLine);
  const stderr = new LineSplitter(options.onStderrLine ?? ((): void => undefined));
  channel.on('data', (chunk: Buffer) => {
    stdout.add(chunk);
  });
  channel.stderr.on('data', (chunk: Buffer) => {
    stderr.add(chunk);
  });
  const ended = exit.then(({ exitCode, signal }): StreamEnd => {
    if (exitCode !== null) return { exitCode, reason: `it ended with exit code ${String(exitCode)}` };
    if (signal !== null) return { exitCode, reason: `it was ended by signal ${signal}` };
    return { exitCode, reason: host.connection.lossReason() ?? 'the channel was closed' };
  });
  if (options.stdin !== undefined) channel.write(options.stdin);
  // The end of the input is what tells the remote side to stop and tidy up; the channel closes when it has.
  return { ended, close: () => void channel.end() };
};
