/** Follows an upgrade on a terminal: drawn in place where that is possible, otherwise a line per change. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError } from '../client/client-error';
import type { UpgradeClient, UpgradeLook } from '../client/upgrade-client';
import { frame } from '../render/live-screen';
import type { CommandContext } from '../render/answer-commands';
import { statusChanges } from '../render/status-changes';
import { statusView } from '../render/status-view';
import { waitingLines } from '../render/status-waiting';
import type { Terminal } from './terminal';

/** Often enough to look alive, seldom enough to cost nothing (ms). */
const lookEveryMs = 1_000;

export interface WatchInput {
  client: UpgradeClient;
  terminal: Terminal;
  commands: CommandContext;
  /** True for the look at which watching ends. */
  until: (look: UpgradeLook) => boolean;
  /** More lines for the view, asked anew for every frame. */
  extra?: () => string[];
  signal?: AbortSignal;
}

interface Shown {
  look: UpgradeLook | null;
  /** What kept the last look from being taken. */
  trouble: string | null;
  drawn: boolean;
}

/** The screen of one look. */
export const screenOf = (look: UpgradeLook, { client, terminal, commands, extra }: WatchInput): string =>
  statusView({ ...look, nowMs: Date.now(), commands, webPage: client.webPage, extra: extra?.() ?? [] }, terminal.view);

const drawLook = (look: UpgradeLook, shown: Shown, input: WatchInput): void => {
  const { terminal } = input;
  if (terminal.drawable) {
    terminal.draw(frame(screenOf(look, input), { rows: terminal.rows(), first: !shown.drawn }));
    return;
  }
  for (const line of statusChanges(shown.look, look, Date.now())) terminal.out(line);
  if (look.ending !== null || look.status.waitingFor?.question === shown.look?.status.waitingFor?.question) return;
  const lines = waitingLines(look.status, input.commands, terminal.view);
  if (lines.length > 0) terminal.out(['', ...lines, ''].join('\n'));
};

/** Absences of the server or the worker end by themselves: the view says so and goes on. */
const passing = (error: unknown): string => {
  if (error instanceof ClientError && (error.kind === 'no-worker' || error.kind === 'unreachable')) {
    return error.message;
  }
  throw error;
};

const sayTrouble = (trouble: string, shown: Shown, { terminal }: WatchInput): void => {
  if (shown.trouble !== trouble) terminal.out(terminal.view.style.attention(trouble));
};

/** Looks again and again until `until` says so; resolves with that look. */
export const watchUpgrade = async (input: WatchInput): Promise<UpgradeLook> => {
  const shown: Shown = { look: null, trouble: null, drawn: false };
  for (;;) {
    input.signal?.throwIfAborted();
    const look = await input.client.look().catch((error: unknown) => {
      const trouble = passing(error);
      sayTrouble(trouble, shown, input);
      shown.trouble = trouble;
      return null;
    });
    if (look !== null) {
      drawLook(look, shown, input);
      Object.assign(shown, { look, trouble: null, drawn: true });
      if (input.until(look)) return look;
    }
    await sleep(lookEveryMs, undefined, input.signal === undefined ? {} : { signal: input.signal });
  }
};
