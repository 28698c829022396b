import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureClass, failures } from '../../src/domain/common/failure';

describe('docs/errors.md', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'errors.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));

  it('has a row for every failure, with its class', () => {
    const documented = rows.map((row) => row.split('|').map((cell) => cell.trim().replaceAll('`', '')));
    expect(documented.map(([, type, found]) => [type, found]).sort()).toEqual(
      Object.keys(failures)
        .map((type) => [type, failureClass(type)])
        .sort(),
    );
  });
});
