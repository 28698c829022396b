import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { inRoot } from './paths.mjs';
import { runToEnd } from './run.mjs';

const lockFile = inRoot('package-lock.json');
/** npm writes this one last: when it is there, an installation was finished. */
const installedFile = inRoot('node_modules', '.package-lock.json');
/** Inside node_modules, so that it goes when they go. */
const stampFile = inRoot('node_modules', '.installed-from');

const hashOfLock = () => createHash('sha256').update(readFileSync(lockFile)).digest('hex');
const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/** Does an installation made by hand (`npm install`, `npm ci`) have every package that the lock file names? */
function installedAsLocked() {
  const installed = packagesIn(installedFile);
  return Object.entries(packagesIn(lockFile)).every(([path, { version, optional, peer }]) => {
    if (path === '') return true;
    const found = installed[path];
    // Optional packages of other platforms are locked, but not installed.
    return found === undefined ? optional === true || peer === true : found.version === version;
  });
}

/** Are the packages of package-lock.json installed? */
export function dependenciesAreCurrent() {
  if (!existsSync(installedFile)) return false;
  const hash = hashOfLock();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash) return true;
  if (!installedAsLocked()) return false;
  writeFileSync(stampFile, hash);
  return true;
}

/** Installs exactly what package-lock.json says. */
export async function installDependencies() {
  console.error('Installing packages (npm ci) …');
  const began = Date.now();
  await runToEnd('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    failure:
      'The packages could not be installed. The lines above are from `npm ci`; check that this machine reaches its ' +
      'package registry, then run the command again.',
  });
  writeFileSync(stampFile, hashOfLock());
  console.error(`Installed packages in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
}
