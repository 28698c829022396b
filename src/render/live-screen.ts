/** Terminal control for a view that is drawn again in place. */
import { visibleWidth } from './style';

const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';
const clearAll = '\u001b[2J';

/** The size of a terminal. */
export interface Screen {
  rows: number;
  columns: number;
}

/** A line that is longer than the terminal is wide takes several of its rows: commands to paste are never cut. */
const rowsOf = (line: string, columns: number): number => Math.max(1, Math.ceil(visibleWidth(line) / columns));

const heightOf = (lines: readonly string[], columns: number): number =>
  lines.reduce((sum, line) => sum + rowsOf(line, columns), 0);

/** Does a view fit without being cut, with a row left for the cursor? */
export const fits = (view: string, { rows, columns }: Screen): boolean => heightOf(view.split('\n'), columns) < rows;

/** Cuts a view to the rows of the terminal: blank lines go first, then the end, with a note. */
export const fitRows = (view: string, { rows, columns }: Screen): string[] => {
  const lines = view.split('\n');
  if (heightOf(lines, columns) <= rows) return lines;
  const dense = lines.filter((line) => line.trim() !== '');
  if (heightOf(dense, columns) <= rows) return dense;
  let left = Math.max(1, rows - 1);
  const kept = dense.filter((line) => (left -= rowsOf(line, columns)) >= 0);
  return [...kept, '… (the window is too low)'];
};

/** What to write so that the terminal shows exactly this view; the first frame clears the screen once. */
export const frame = (view: string, options: Screen & { first: boolean }): string => {
  const lines = fitRows(view, { ...options, rows: options.rows - 1 });
  const start = options.first ? clearAll + home : home;
  return `${start}${lines.map((line) => `${line}${clearLine}\n`).join('')}${clearBelow}`;
};
