/**
 * Writes src/domain/knowledge/broker-settings.json: every setting of a broker in every release line, from the jars of the
 * newest release of each. Run it when src/domain/knowledge/releases.ts gets a new line or a newer release.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { newestReleaseOf, releaseLines } from '../src/domain/knowledge/releases';
import { foldSettings } from './broker-settings/fold-settings';
import type { LineSettings } from './broker-settings/fold-settings';
import { readSettings } from './broker-settings/read-settings';

const file = join(__dirname, '..', 'src', 'domain', 'knowledge', 'broker-settings.json');

/** One line a setting, so that a change of one is a change of one line. */
const textOf = (folded: ReturnType<typeof foldSettings>): string => {
  const rows = Object.entries(folded).map(([name, spans]) => `  ${JSON.stringify(name)}: ${JSON.stringify(spans)}`);
  return `{\n${rows.join(',\n')}\n}\n`;
};

const main = async (): Promise<void> => {
  const lines: LineSettings[] = [];
  for (const known of releaseLines) {
    const version = newestReleaseOf(known);
    lines.push({ line: known.line, settings: await readSettings(version) });
    process.stdout.write(`${version}: ${lines.at(-1)?.settings.size ?? 0} settings\n`);
  }
  writeFileSync(file, textOf(foldSettings(lines)));
  process.stdout.write(`${file}\n`);
};

void main();
