/** The commands of docs/operations.md, so that tests can run what it prints. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = join(__dirname, '..', '..', 'docs', 'operations.md');

/** The page as it is written. */
export const runbook = (): string => readFileSync(page, 'utf8');

/** What the page writes, and what is meant here. */
export type Replacements = readonly (readonly [written: string, meant: string])[];

/** Every command line of the page, continued lines put together, comments left out. */
export const runbookCommands = (): string[] =>
  [...runbook().matchAll(/^ *```sh\n(.*?)^ *```$/gms)].flatMap(([, block = '']) =>
    block
      .replaceAll(/\s*\\\n\s*/g, ' ')
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== ''),
  );

/**
 * The one command of the page that holds all these words, ready to be typed. So the tests type what the page prints; a
 * command that the page no longer has, or has in two ways, is an error.
 */
export const runbookCommand = (words: readonly string[], replacements: Replacements): string => {
  const found = [...new Set(runbookCommands())].filter((command) => words.every((word) => command.includes(word)));
  const [command] = found;
  if (command === undefined || found.length > 1) {
    throw new Error(`docs/operations.md has ${found.length} commands with ${words.join(' … ')}: ${found.join(' | ')}`);
  }
  return replacements.reduce((text, [written, meant]) => text.replaceAll(written, meant), command);
};
