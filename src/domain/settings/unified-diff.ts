import { splitLines, type PhysicalLine } from './properties-document';

interface DiffLine {
  sign: ' ' | '-' | '+';
  line: PhysicalLine;
}

const contextLines = 3;

const sameLine = (a: PhysicalLine, b: PhysicalLine | undefined): boolean => a.text === b?.text && a.end === b.end;

type Cell = (i: number, j: number) => number;

/**
 * Lengths of the longest common subsequences of all pairs of tails: cell (i, j) is that of a from i on and b from j on;
 * what begins behind an end has none. Files of settings are short, so that n·m cells are cheap.
 */
const commonLengths = (a: readonly PhysicalLine[], b: readonly PhysicalLine[]): Cell => {
  const width = b.length + 1;
  const lengths = new Array<number | undefined>((a.length + 1) * width);
  const cell: Cell = (i, j) => lengths[i * width + j] ?? 0;
  const columns = [...b.entries()].reverse();
  for (const [i, line] of [...a.entries()].reverse()) {
    for (const [j, other] of columns) {
      lengths[i * width + j] = sameLine(line, other)
        ? 1 + cell(i + 1, j + 1)
        : Math.max(cell(i + 1, j), cell(i, j + 1));
    }
  }
  return cell;
};

const compare = (a: readonly PhysicalLine[], b: readonly PhysicalLine[]): DiffLine[] => {
  const cell = commonLengths(a, b);
  const result: DiffLine[] = [];
  let next = 0;
  a.forEach((line, i) => {
    // Lines of b that come before this line of a, because keeping them for later would lose a common line.
    while (next < b.length && !sameLine(line, b[next]) && cell(i, next + 1) > cell(i + 1, next)) {
      result.push(...b.slice(next, ++next).map((added) => ({ sign: '+' as const, line: added })));
    }
    const kept = sameLine(line, b[next]);
    result.push({ sign: kept ? ' ' : '-', line });
    if (kept) next++;
  });
  return [...result, ...b.slice(next).map((line) => ({ sign: '+' as const, line }))];
};

/** Index ranges of the lines to show: each change with its context, ranges that touch joined. */
const hunkRanges = (all: readonly DiffLine[]): [number, number][] => {
  const ranges: [number, number][] = [];
  all.forEach(({ sign }, index) => {
    if (sign === ' ') return;
    const [from, to] = [Math.max(0, index - contextLines), Math.min(all.length, index + contextLines + 1)];
    const last = ranges.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = to;
    else ranges.push([from, to]);
  });
  return ranges;
};

const renderLine = ({ sign, line }: DiffLine): string =>
  `${sign}${line.text}${line.end === '\r\n' ? '\r' : ''}\n${line.end === '' ? '\\ No newline at end of file\n' : ''}`;

const rangeText = (linesBefore: number, count: number): string => {
  const start = count === 0 ? linesBefore : linesBefore + 1;
  return count === 1 ? String(start) : `${start},${count}`;
};

const renderHunk = (all: readonly DiffLine[], [from, to]: [number, number]): string => {
  const count = (lines: readonly DiffLine[], sign: '-' | '+'): number =>
    lines.filter((line) => line.sign === ' ' || line.sign === sign).length;
  const [earlier, shown] = [all.slice(0, from), all.slice(from, to)];
  const range = (sign: '-' | '+'): string => sign + rangeText(count(earlier, sign), count(shown, sign));
  return `@@ ${range('-')} ${range('+')} @@\n${shown.map(renderLine).join('')}`;
};

/** The lines of a text; what follows the last line end is a line only if there is something. */
const linesOf = (text: string): PhysicalLine[] =>
  splitLines(text).filter((line) => line.text !== '' || line.end !== '');

/** What changes between two texts, as `diff -u` shows it with three lines of context; '' when they are equal. The label is a path. */
export const unifiedDiff = (before: string, after: string, label: string): string => {
  if (before === after) return '';
  const all = compare(linesOf(before), linesOf(after));
  const hunks = hunkRanges(all).map((range) => renderHunk(all, range));
  const path = label.replace(/^\//, '');
  return `--- a/${path}\n+++ b/${path}\n${hunks.join('')}`;
};
