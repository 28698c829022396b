/** Terminal control for a view that is drawn again in place. */

const home = '\u001b[H';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';
const clearAll = '\u001b[2J';

/** Cuts a view to the rows of the terminal: blank lines go first, then the end, with a note. */
export const fitRows = (view: string, rows: number): string[] => {
  const lines = view.split('\n');
  if (lines.length <= rows) return lines;
  const dense = lines.filter((line) => line.trim() !== '');
  return dense.length <= rows ? dense : [...dense.slice(0, Math.max(1, rows - 1)), '… (the window is too low)'];
};

/** What to write so that the terminal shows exactly this view; the first frame clears the screen once. */
export const frame = (view: string, options: { rows: number; first: boolean }): string => {
  const lines = fitRows(view, options.rows - 1);
  const start = options.first ? clearAll + home : home;
  return `${start}${lines.map((line) => `${line}${clearLine}\n`).join('')}${clearBelow}`;
};
