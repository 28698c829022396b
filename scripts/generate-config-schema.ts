/** Writes the JSON schema of cluster definitions; run it after a change of src/config/schema.ts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { format } from 'prettier';

import { definitionJsonSchema } from '../src/config/schema';

const file = join(__dirname, '..', 'docs', 'cluster-definition.schema.json');

const main = async (): Promise<void> => {
  writeFileSync(file, await format(JSON.stringify(definitionJsonSchema()), { parser: 'json', printWidth: 120 }));
  process.stdout.write(`${file}\n`);
};

void main();
