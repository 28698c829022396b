import type { CommandResult } from './command-result';

export interface RunOptions {
  /** Sent to the command, which then sees the end of its input; scripts and secrets travel here, never as arguments. */
  stdin?: string;
  /** The command is given up after this many milliseconds. */
  timeoutMs: number;
  signal?: AbortSignal;
  /** Of each of stdout and stderr at most this many bytes are kept: the last ones. Default 1 MiB. */
  maxOutputBytes?: number;
  /** Called with every complete line of stdout as it arrives. */
  onStdoutLine?: (line: string) => void;
  /** What the command does, for messages; default is the command itself, shortened. */
  description?: string;
}

export interface StreamOptions {
  /** Sent first; the input then stays open until `close`, so that the remote side can watch for its end. */
  stdin?: string;
  onStdoutLine: (line: string) => void;
  onStderrLine?: (line: string) => void;
  description?: string;
}

/** How a long-lived channel ended. */
export interface StreamEnd {
  exitCode: number | null;
  reason: string;
}

/** A long-lived channel. `ended` resolves once, whoever ended it; it never rejects. */
export interface LineStream {
  readonly ended: Promise<StreamEnd>;
  close(): void;
}

/**
 * Runs commands on one host. A command's own failure, time-out and cancellation are results; only what keeps a command
 * from being run to an end that we saw (connection, authentication, host key) rejects, with an UpgradeError.
 */
export interface HostSession {
  /** `user@address:port`, for messages. */
  readonly address: string;
  run(command: string, options: RunOptions): Promise<CommandResult>;
  stream(command: string, options: StreamOptions): Promise<LineStream>;
}
