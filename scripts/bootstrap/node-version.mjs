import { readFileSync } from 'node:fs';

import { inRoot } from './paths.mjs';

const numbers = (version) => version.split('.').map(Number);

/** Is `version` at least `minimum`? Both are `major.minor[.patch]`. */
function isAtLeast(version, minimum) {
  const [have, want] = [numbers(version), numbers(minimum)];
  const differing = want.findIndex((part, index) => (have[index] ?? 0) !== part);
  return differing === -1 || (have[differing] ?? 0) > want[differing];
}

/** Throws unless this Node is new enough for `engines.node` of package.json. */
export function requireNode() {
  const minimum = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).engines.node.replace(/^>=\s*/, '');
  if (isAtLeast(process.versions.node, minimum)) return;
  throw new Error(
    `This needs Node ${minimum} or newer; this is ${process.versions.node} (${process.execPath}). ` +
      'Install a newer one (with nvm: `nvm install`, which reads .nvmrc) and run the command again.',
  );
}
