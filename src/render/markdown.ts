/** GitHub flavoured Markdown from values that may hold anything. */

/** A value as plain text: nothing in it is markup, and it stays on one line, in a table as well. */
export const escaped = (text: string): string =>
  text
    .replace(/[\\`*_|<>[\]~]/g, '\\$&')
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .trim();

/** The longest run of backticks in a text: what encloses it must be longer. */
const longestRun = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));

/** A command or a path as code, whatever it holds; not for cells of tables, where a pipe would end the cell. */
export const codeSpan = (text: string): string => {
  const line = text.replace(/[\r\n]+/g, ' ');
  const fence = '`'.repeat(longestRun(line) + 1);
  return fence.length === 1 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
};

/** A fenced block of code. */
export const codeBlock = (language: string, lines: readonly string[]): string[] => {
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}${language}`, ...lines, fence];
};

/** A table of plain values. */
export const tableOf = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(heads), `| ${heads.map(() => '---').join(' | ')} |`, ...rows.map(line)];
};
