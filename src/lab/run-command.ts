import { execFile, type ExecFileException } from 'node:child_process';
import type { CommandResult, ExecOptions } from './lab-types';

/**
 * Runs a program to its end with the lab's small, fixed environment. Resolves with any exit code; rejects when the
 * program cannot be started, takes longer than the limit, or is aborted.
 */
export function runCommand(file: string, args: string[], options: ExecOptions = {}): Promise<CommandResult> {
  const timeoutMs = options.timeoutMs ?? 60_000;
  return new Promise((resolve, reject) => {
    const settings = {
      env: labEnvironment(),
      maxBuffer: 16 * 1024 * 1024,
      timeout: timeoutMs,
      ...(options.signal ? { signal: options.signal } : {}),
    };
    const child = execFile(file, args, settings, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr, exitCode: 0 });
      else if (typeof error.code === 'number') resolve({ stdout, stderr, exitCode: error.code });
      else reject(explain(error, { command: [file, ...args].join(' '), timeoutMs }));
    });
    child.stdin?.end();
  });
}

function explain(error: ExecFileException, { command, timeoutMs }: { command: string; timeoutMs: number }): Error {
  if (error.name === 'AbortError' || error.killed !== true) return new Error(error.message, { cause: error });
  return new Error(`${command}: no end within ${String(timeoutMs)} ms`);
}

/** Like `runCommand`, but anything other than exit code 0 is an error that quotes what the program said. */
export async function runOrThrow(file: string, args: string[], options: ExecOptions = {}): Promise<string> {
  const result = await runCommand(file, args, options);
  if (result.exitCode === 0) return result.stdout;
  const said = (result.stderr + result.stdout).trim().slice(-2000);
  throw new Error(`${file} ${args.join(' ')}: exit code ${String(result.exitCode)}: ${said}`);
}

/** The environment of everything in the lab: the caller's settings must not leak into its hosts. */
export function labEnvironment(): Record<string, string> {
  const path = process.env['PATH'] ?? '';
  return {
    PATH: `${path}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    HOME: '/root',
    LANG: 'C.UTF-8',
  };
}
