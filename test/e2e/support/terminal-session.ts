/** A real terminal (tmux) in which a test types as a person does, and reads the screen. */
import { join } from 'node:path';
import { awaitGone, identify } from '../../../src/lab/process-identity';
import { runCommand } from '../../../src/lab/provision/run-command';
import { ensureTool } from '../../../src/lab/provision/toolchain';
import { until } from '../../support/until';

/** A command that only asks Temporal, on a machine that upgrades brokers at the same time (ms). */
const answerLimitMs = 60_000;

/** A shell that nobody types into any more, because the test was killed, ends by itself, and tmux with it. */
const abandonedAfterSeconds = '1200';

/** Holds the whole status of three nodes. */
const size = { columns: 110, rows: 80 };

/** What a shell shows when it waits for a command; nothing else prints it. */
const prompt = 'operator$ ';

export class TerminalSession {
  /** Numbers the commands, so that the end of an earlier one is never taken for that of a later one. */
  private commands = 0;

  private constructor(
    private readonly tmux: string,
    private readonly socket: string,
    /** tmux gives the shell the variables that it was called with itself. */
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Opens a shell with these variables; the socket of tmux is in the given directory. */
  static async open(directory: string, env: Readonly<Record<string, string>>): Promise<TerminalSession> {
    const tmux = await ensureTool('tmux', { log: (line) => process.stderr.write(`${line}\n`) });
    const variables = { ...env, PS1: prompt, LANG: 'C.UTF-8', TMOUT: abandonedAfterSeconds };
    const session = new TerminalSession(tmux, join(directory, 'tmux'), variables);
    await session.run([
      ...['-u', '-f', '/dev/null', 'new-session', '-d', '-x', String(size.columns), '-y', String(size.rows)],
      ...['bash', '--norc', '--noprofile', '-i'],
    ]);
    await session.until(prompt.trim());
    return session;
  }

  /** Types a line and presses Enter. */
  async type(line: string): Promise<void> {
    await this.run(['send-keys', '-l', line]);
    await this.run(['send-keys', 'Enter']);
  }

  /** Presses a key by the name that tmux gives it, for example `C-c`. */
  async press(key: string): Promise<void> {
    await this.run(['send-keys', key]);
  }

  /** What the screen shows now. */
  async screen(): Promise<string> {
    return this.run(['capture-pane', '-p']);
  }

  /** Waits until the screen shows this; resolves to the screen. */
  async until(shown: string | RegExp, limitMs = answerLimitMs): Promise<string> {
    let screen = '';
    const shows = (): boolean => (typeof shown === 'string' ? screen.includes(shown) : shown.test(screen));
    const look = async (): Promise<string | null> => {
      screen = await this.screen();
      return shows() ? screen : null;
    };
    return until(`the terminal shows ${String(shown)}`, look, limitMs).catch((error: unknown) => {
      throw new Error(`The terminal does not show ${String(shown)}, but:\n${screen}`, { cause: error });
    });
  }

  /** Types a command on a clear screen and waits until the shell is back; resolves to what was printed. */
  async command(line: string, limitMs = answerLimitMs): Promise<{ screen: string; exitCode: number }> {
    this.commands += 1;
    const end = new RegExp(`^end of ${this.commands}: (\\d+)$`, 'm');
    await this.type('clear');
    await this.type(`${line}; echo "end of ${this.commands}: $?"`);
    const screen = await this.until(end, limitMs);
    return { screen, exitCode: Number(end.exec(screen)?.[1]) };
  }

  /** Ends tmux and waits for the shell in it, which writes its history into the home directory at its end. */
  async close(): Promise<void> {
    const shell = identify(Number(await this.run(['display-message', '-p', '#{pane_pid}'])));
    await this.run(['kill-server']);
    if (shell !== null && !(await awaitGone([shell], answerLimitMs)))
      throw new Error(`The shell of the terminal (pid ${shell.pid}) does not end.`);
  }

  private run(args: string[]): Promise<string> {
    return runCommand({
      command: this.tmux,
      args: ['-S', this.socket, ...args],
      env: this.env,
      timeoutMs: answerLimitMs,
    });
  }
}
