import { createInterface } from 'node:readline/promises';
import { createColors } from 'picocolors';
import { defaultWidth } from '../render/format';
import type { Screen } from '../render/live-screen';
import type { ViewOptions } from '../render/view-options';
import { styleOf } from '../render/style';

/** Where a command talks to a person: its output, and its questions where there is a person to ask. */
export interface Terminal {
  /** Writes one or more lines to the standard output. */
  out: (text: string) => void;
  /** Writes one or more lines to the standard error. */
  err: (text: string) => void;
  /** Writes as it is: for frames. */
  draw: (text: string) => void;
  /** A person can see the output and type an answer. */
  interactive: boolean;
  /** The output is a terminal that can be drawn over. */
  drawable: boolean;
  view: ViewOptions;
  /** Its size now: windows are resized. */
  screen: () => Screen;
  /** Asks for one line; rejects when aborted. */
  ask: (question: string, signal?: AbortSignal) => Promise<string>;
}

const askOnce = async (question: string, signal?: AbortSignal): Promise<string> => {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await lines.question(question, signal === undefined ? {} : { signal })).trim();
  } finally {
    lines.close();
  }
};

/** Below this nothing can be read any more (columns). */
const narrowest = 40;

/** A pipe is as wide as the views are made for. */
const columnsOf = (stdout: NodeJS.WriteStream): number => (stdout.isTTY ? stdout.columns : defaultWidth + 1);

/** The terminal of this process; colours follow NO_COLOR, FORCE_COLOR and whether the output is a terminal. */
export const processTerminal = (): Terminal => {
  const { stdout, stderr, stdin } = process;
  const style = styleOf(stdout.isTTY ? createColors().isColorSupported : process.env['FORCE_COLOR'] !== undefined);
  return {
    out: (text) => stdout.write(`${text}\n`),
    err: (text) => stderr.write(`${text}\n`),
    draw: (text) => stdout.write(text),
    interactive: stdin.isTTY && stdout.isTTY,
    drawable: stdout.isTTY,
    get view() {
      // One column less than there are: a full line would leave the cursor where clearing eats its last character.
      return { style, width: Math.max(narrowest, Math.min(defaultWidth, columnsOf(stdout) - 1)) };
    },
    screen: () => ({ rows: stdout.isTTY ? stdout.rows : 50, columns: columnsOf(stdout) }),
    ask: askOnce,
  };
};

/** Asks a yes-or-no question; anything but y or yes is a no. */
export const confirm = async (terminal: Terminal, question: string, signal?: AbortSignal): Promise<boolean> =>
  /^y(es)?$/i.test(await terminal.ask(`${question} [y/N] `, signal));
