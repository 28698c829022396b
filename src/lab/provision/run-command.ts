import { spawn } from 'node:child_process';

/** A command that provisioning runs, with everything it needs to end by itself. */
export interface CommandRequest {
  command: string;
  args: readonly string[];
  cwd?: string;
  /** Added to the environment of this process. */
  env?: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** Called about every 15 s with the seconds elapsed, so that a long build is seen to be alive. */
  onElapsed?: (seconds: number) => void;
}

/** Runs a command and answers its standard output; unit tests pass their own. */
export type RunCommand = (request: CommandRequest) => Promise<string>;

/** How much of a failed command's output goes into the error: enough for the cause, not the whole log. */
const tailCharacters = 2_000;
const progressIntervalMs = 15_000;
/** Some builds print for minutes; only the end is ever read. */
const keptCharacters = 4_000_000;

/**
 * Runs a command in its own process group and answers its standard output. A non-zero exit, a signal or the time limit
 * is an error with the command, the limit and the end of its output; at the limit the whole group is killed.
 */
export const runCommand: RunCommand = (request) =>
  new Promise((resolve, reject) => {
    const child = spawn(request.command, request.args, {
      cwd: request.cwd,
      env: { ...process.env, ...request.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const output = { stdout: '', stderr: '' };
    collect(child.stdout, (text) => (output.stdout = (output.stdout + text).slice(-keptCharacters)));
    collect(child.stderr, (text) => (output.stderr = (output.stderr + text).slice(-keptCharacters)));
    const started = Date.now();
    const progress = setInterval(() => {
      request.onElapsed?.(Math.round((Date.now() - started) / 1000));
    }, progressIntervalMs);
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      killGroup(child.pid);
    }, request.timeoutMs);
    const finish = (end: () => void): void => {
      clearInterval(progress);
      clearTimeout(limit);
      end();
    };
    child.once('error', (error) => {
      finish(() => {
        reject(new Error(`${request.command} could not be run: ${error.message}`));
      });
    });
    child.once('close', (code, signal) => {
      finish(() => {
        if (code === 0) resolve(output.stdout);
        else reject(new Error(describeFailure(request, outcome(timedOut, code, signal), output)));
      });
    });
  });

function collect(stream: NodeJS.ReadableStream, add: (text: string) => void): void {
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    add(chunk);
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group ended between the timer and the signal.
  }
}

function outcome(timedOut: boolean, code: number | null, signal: NodeJS.Signals | null): string {
  if (timedOut) return 'did not finish within its time limit';
  return code === null ? `ended by ${signal ?? 'a signal'}` : `exit status ${String(code)}`;
}

function describeFailure(request: CommandRequest, what: string, output: { stdout: string; stderr: string }): string {
  const tail = `${output.stdout}\n${output.stderr}`.trim().slice(-tailCharacters);
  return `\`${request.command} ${request.args.join(' ')}\`: ${what}${tail === '' ? '' : `\n${tail}`}`;
}
