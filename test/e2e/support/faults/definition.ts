import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { Stage } from '../../../../src/demo/stage';

/** Writes a stage's cluster definition anew; workers read it at the start of an upgrade. */
export const changeDefinition = ({ lab, cluster }: Stage, change: (document: Document) => void): void => {
  const file = join(lab.definitionsDirectory, `${cluster}.yaml`);
  const document = parseDocument(readFileSync(file, 'utf8'));
  change(document);
  writeFileSync(file, document.toString());
};
