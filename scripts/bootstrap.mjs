/**
 * Makes a fresh clone ready, then runs a command: `node scripts/bootstrap.mjs [--build] -- <command> [arguments]`.
 *
 * Plain Node without packages, because it runs before there are any. It says in one line what it does, and nothing when
 * there is nothing to do. Several may run at once: one works, the others wait for it.
 */
import { buildIsCurrent, build } from './bootstrap/build.mjs';
import { dependenciesAreCurrent, installDependencies } from './bootstrap/dependencies.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { requireNode } from './bootstrap/node-version.mjs';
import { become } from './bootstrap/run.mjs';

function parse(argv) {
  const separator = argv.indexOf('--');
  const options = separator === -1 ? argv : argv.slice(0, separator);
  const command = separator === -1 ? [] : argv.slice(separator + 1);
  const unknown = options.filter((option) => option !== '--build');
  if (unknown.length > 0) {
    throw new Error(`Unknown option ${unknown.join(' ')}. Use: bootstrap.mjs [--build] -- <command> [arguments]`);
  }
  return { needsBuild: options.includes('--build'), command };
}

/** Checks outside the lock first, so that the usual case costs milliseconds; checks again inside it. */
async function ensure(isCurrent, make) {
  if (isCurrent()) return;
  await withLock(async () => {
    if (!isCurrent()) await make();
  });
}

try {
  const { needsBuild, command } = parse(process.argv.slice(2));
  requireNode();
  await ensure(dependenciesAreCurrent, installDependencies);
  if (needsBuild) await ensure(buildIsCurrent, build);
  if (command.length > 0) await become(command);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
