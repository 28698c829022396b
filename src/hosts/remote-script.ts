import { requireEnded, type CommandResult } from '../ssh/command-result';
import type { HostSession } from '../ssh/host-session';
import type { OperationContext } from './broker-host';
import { scriptLibrary } from './script-library';

/** One POSIX script for a remote shell. */
export interface RemoteScript {
  /** What it does, for messages: "reading the lease". */
  description: string;
  body: string;
  timeoutMs: number;
  onStdoutLine?: (line: string) => void;
}

/** How a script ended. Its stdout is not part of that: facts may be secrets (server.properties), and failures are told. */
type ScriptResult = CommandResult & { exitCode: number; stdout: '' };

/** What a script reported, and how it ended. */
export interface ScriptOutcome {
  result: ScriptResult;
  facts: Map<string, string>;
}

/**
 * The whole text that `sh -s` gets. All of it is one function, called on the last line: a shell that loses the
 * connection half-way through its input has then run nothing at all.
 */
export const scriptText = (body: string): string => `main() {\n${scriptLibrary}\n${body}\n}\nmain </dev/null\n`;

/** The `name=value` lines of a script's output. */
export const parseFacts = (stdout: string): Map<string, string> =>
  new Map(
    stdout.split('\n').flatMap((line): [string, string][] => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
    }),
  );

/** The text of a fact that was sent in base64; null when it is missing. */
export const decodeFact = (facts: Map<string, string>, name: string): string | null => {
  const value = facts.get(name);
  return value === undefined ? null : Buffer.from(value, 'base64').toString('utf8');
};

/** Output beyond this is cut at its beginning; the largest is one server.properties in base64. */
const MAX_OUTPUT = 8 * 1024 * 1024;

/**
 * Runs a script in one remote shell, sent by its input: so its text, which may hold secrets, is on no command line, and
 * a search through the process list does not find the shell itself.
 */
export const runScript = async (
  session: HostSession,
  script: RemoteScript,
  context: OperationContext = {},
): Promise<ScriptOutcome> => {
  const { stdout, ...ran } = await session.run('sh -s', {
    stdin: scriptText(script.body),
    timeoutMs: script.timeoutMs,
    maxOutputBytes: MAX_OUTPUT,
    description: script.description,
    ...(context.signal ? { signal: context.signal } : {}),
    ...(script.onStdoutLine ? { onStdoutLine: script.onStdoutLine } : {}),
  });
  const result = requireEnded({ ...ran, stdout: '' as const }, context.signal);
  return { result, facts: parseFacts(stdout) };
};
