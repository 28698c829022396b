/** Follows an upgrade on a terminal: drawn in place where that is possible, otherwise a line per change. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError } from '../client/client-error';
import type { UpgradeClient, UpgradeLook } from '../client/upgrade-client';
import type { CommandContext } from '../render/answer-commands';
import { fits, frame } from '../render/live-screen';
import { statusChanges } from '../render/status-changes';
import { statusView } from '../render/status-view';
import { waitingLines } from '../render/status-waiting';
import type { Terminal } from './terminal';

/** Often enough to look alive, seldom enough to cost nothing (ms). */
const lookEveryMs = 1_000;

export interface WatchOptions {
  client: UpgradeClient;
  terminal: Terminal;
  /** How to answer what the upgrade waits for; null when somebody is asked in another way. */
  commands: CommandContext | null;
  /** More lines for the view, asked anew for every frame. */
  extra?: () => string[];
  signal?: AbortSignal | undefined;
}

/** The screen of one look. */
export const screenOf = (look: UpgradeLook, { client, terminal, commands, extra }: WatchOptions): string => {
  const input = { ...look, nowMs: Date.now(), commands, webPage: client.webPage, extra: extra?.() ?? [] };
  const full = statusView(input, terminal.view);
  return fits(full, terminal.screen()) || !terminal.drawable
    ? full
    : statusView({ ...input, compact: true }, terminal.view);
};

/** Absences of the server or the worker end by themselves: the view says so and goes on. */
const passing = (error: unknown): string => {
  if (error instanceof ClientError && (error.kind === 'no-worker' || error.kind === 'unreachable')) {
    return error.message;
  }
  throw error;
};

/** Remembers what was shown, so that only changes are told. */
export class UpgradeWatch {
  private shown: UpgradeLook | null = null;
  private trouble: string | null = null;
  private size = '';

  constructor(private readonly options: WatchOptions) {}

  /** Looks again and again until `until` says so; resolves with that look. */
  async until(reached: (look: UpgradeLook) => boolean): Promise<UpgradeLook> {
    const { signal } = this.options;
    for (;;) {
      signal?.throwIfAborted();
      const look = await this.take();
      if (look !== null) {
        this.show(look);
        if (reached(look)) return look;
      }
      await sleep(lookEveryMs, undefined, signal === undefined ? {} : { signal });
    }
  }

  private async take(): Promise<UpgradeLook | null> {
    const { client, terminal } = this.options;
    try {
      const look = await client.look();
      this.trouble = null;
      return look;
    } catch (error) {
      const trouble = passing(error);
      if (trouble !== this.trouble) terminal.out(terminal.view.style.attention(trouble));
      this.trouble = trouble;
      return null;
    }
  }

  private show(look: UpgradeLook): void {
    const { terminal } = this.options;
    if (terminal.drawable) {
      const screen = terminal.screen();
      const size = `${screen.columns}x${screen.rows}`;
      terminal.draw(frame(screenOf(look, this.options), { ...screen, first: size !== this.size }));
      this.size = size;
    } else {
      for (const line of statusChanges(this.shown, look, Date.now())) terminal.out(line);
      this.showWaiting(look);
    }
    this.shown = look;
  }

  private showWaiting(look: UpgradeLook): void {
    const { terminal, commands } = this.options;
    const isNew = look.status.waitingFor?.question !== this.shown?.status.waitingFor?.question;
    if (commands === null || look.ending !== null || !isNew) return;
    const lines = waitingLines(look.status, commands, terminal.view);
    if (lines.length > 0) terminal.out(['', ...lines, ''].join('\n'));
  }
}
