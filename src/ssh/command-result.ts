import { UpgradeError } from '../domain/common/failure';

/** How a remote command ended; shaped like execa's result. */
export interface CommandResult {
  /** `user@address:port` */
  host: string;
  /** The command or its description, shortened for messages. */
  command: string;
  /** null when the command did not end by itself or was ended by a signal. */
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
  isCanceled: boolean;
  /** The last bytes of the output, see `maxOutputBytes`. */
  stdout: string;
  stderr: string;
  durationMs: number;
}

const COMMAND_LENGTH = 120;
const EVIDENCE_LENGTH = 2_000;

/** One line, short enough for a message. */
export const shortenCommand = (command: string): string => {
  const line = command.replace(/\s+/g, ' ').trim();
  return line.length <= COMMAND_LENGTH ? line : `${line.slice(0, COMMAND_LENGTH - 1)}…`;
};

/** The last words of a command: stderr, else stdout, on one line, bounded. */
export const lastWords = (result: CommandResult): string => {
  const text = result.stderr.trim() === '' ? result.stdout : result.stderr;
  return text
    .trim()
    .slice(-EVIDENCE_LENGTH)
    .replace(/\s*\n\s*/g, ' | ');
};

const ending = (result: CommandResult): string => {
  if (result.signal !== null) return `was ended by signal ${result.signal}`;
  return `ended with exit code ${String(result.exitCode)}`;
};

/** The UpgradeError for a command that did not succeed; the output's tail is its evidence. */
export const commandFailure = (result: CommandResult): UpgradeError => {
  const words = lastWords(result);
  const said = words === '' ? 'It said nothing.' : `It said: ${words}`;
  const evidence = { host: result.host, command: result.command, exitCode: result.exitCode, output: words };
  const seconds = (result.durationMs / 1000).toFixed(1);
  return result.timedOut
    ? new UpgradeError(
        'CommandTimedOut',
        `${result.command} on ${result.host} was given up after ${seconds} s. ${said}`,
        evidence,
      )
    : new UpgradeError('CommandFailed', `${result.command} on ${result.host} ${ending(result)}. ${said}`, evidence);
};

/**
 * The result itself when the command ended by itself (with any exit code). A time-out throws `CommandTimedOut`; a
 * cancellation throws the signal's own reason, so that it stays a cancellation for whoever asked for it.
 */
export const requireEnded = <Result extends CommandResult>(
  result: Result,
  signal?: AbortSignal,
): Result & { exitCode: number } => {
  if (result.isCanceled) signal?.throwIfAborted();
  if (result.exitCode === null) throw commandFailure(result);
  return { ...result, exitCode: result.exitCode };
};

/** Like `requireEnded`, and the exit code is 0. */
export const requireSuccess = (result: CommandResult, signal?: AbortSignal): CommandResult => {
  if (requireEnded(result, signal).exitCode !== 0) throw commandFailure(result);
  return result;
};
