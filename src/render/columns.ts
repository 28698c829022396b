import Table from 'cli-table3';

const none = Object.fromEntries(
  [
    ['top', 'top-mid', 'top-left', 'top-right'],
    ['bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ['left', 'left-mid', 'mid', 'mid-mid'],
    ['right', 'right-mid', 'middle'],
  ]
    .flat()
    .map((part) => [part, '']),
);

/** Aligned columns without rules: a table that can be read aloud and grepped. */
export const columns = (rows: string[][], indent = 2): string[] => {
  if (rows.length === 0) return [];
  const table = new Table({
    chars: none,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 3 },
  });
  table.push(...rows);
  return table
    .toString()
    .split('\n')
    .map((line) => ' '.repeat(indent) + line.trimEnd());
};
