import { columns } from './columns';
import { clip } from './clip';
import { visibleWidth } from './style';

/** A table, and which of its columns may go, first the one that is missed least. */
export interface FittedTable {
  rows: string[][];
  optional: readonly number[];
}

const without = (rows: string[][], gone: readonly number[]): string[][] =>
  rows.map((row) => row.filter((_cell, index) => !gone.includes(index)));

/** Aligned columns within a width: optional columns go first, then the ends of the lines. */
export const fitColumns = ({ rows, optional }: FittedTable, width: number): string[] => {
  for (let count = 0; count <= optional.length; count++) {
    const lines = columns(without(rows, optional.slice(0, count)));
    if (lines.every((line) => visibleWidth(line) <= width)) return lines;
  }
  return columns(without(rows, optional)).map((line) => clip(line, width));
};
