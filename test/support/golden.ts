import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compares a text with the committed file `test/<folder>/golden/<name>`; with UPDATE_GOLDEN=1 the file is written first,
 * to be reviewed like code.
 */
export const expectGolden = (folder: string, name: string, text: string): void => {
  const path = join(__dirname, '..', folder, 'golden', name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, `${text}\n`);
  if (!existsSync(path)) throw new Error(`${path} is missing: run once with UPDATE_GOLDEN=1 and review it.`);
  expect(`${text}\n`).toBe(readFileSync(path, 'utf8'));
};
