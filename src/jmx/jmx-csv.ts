/** One JmxTool row by column name; the columns are `time` and `BEAN:ATTRIBUTE`. */
export type JmxRow = ReadonlyMap<string, string>;

/** The cells of one CSV line; quoted cells may hold commas, and doubled quotes stand for one. */
export const splitCsv = (line: string): string[] => {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (char === '"' && quoted && line[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += char;
  }
  return [...cells, cell];
};

// JmxTool prints attribute values unquoted: one that holds a comma shifts its row, which then has too many cells.
const rowOf = (header: string[], cells: string[]): JmxRow | null => {
  if (cells.length !== header.length || !/^\d+$/.test(cells[0] ?? '')) return null;
  return new Map(header.map((column, index) => [column, cells[index] ?? '']));
};

/**
 * Reads the lines of a JmxTool that may be started again at any time: every header line (its first column is `time`)
 * counts from then on. What is neither header nor row gives null.
 */
export class JmxCsv {
  private header: string[] | null = null;

  read(line: string): JmxRow | null {
    const cells = splitCsv(line.trim());
    if (cells[0] === 'time') {
      this.header = cells;
      return null;
    }
    return this.header && rowOf(this.header, cells);
  }
}
