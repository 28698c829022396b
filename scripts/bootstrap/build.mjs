import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

import { withLock } from './lock.mjs';
import { inRoot } from './paths.mjs';
import { runToEnd } from './run.mjs';

const stampFile = inRoot('dist', '.built-from');
/** Beside dist, so that the relative paths in source maps hold after the rename. */
const fresh = inRoot('dist.new');
const replaced = inRoot('dist.old');

function sourceFiles() {
  return readdirSync(inRoot('src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Everything that decides what the build makes. 2 MB of sources take about 10 ms. */
function hashOfInputs() {
  const hash = createHash('sha256');
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((name) => inRoot(name));
  for (const file of [...settings, ...sourceFiles()]) {
    const content = readFileSync(file);
    hash.update(`${relative(inRoot(), file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Was dist made from the sources as they are? */
export const buildIsCurrent = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hashOfInputs();

/** tsc copies only the data that sources import; scripts and templates that are read as files go with them. */
function copyData() {
  for (const file of sourceFiles().filter((name) => extname(name) !== '.ts')) {
    cpSync(file, join(fresh, relative(inRoot('src'), file)), { recursive: true });
  }
}

/** A running process keeps working: dist is replaced in one go, and only by a complete build. */
function replaceDist() {
  rmSync(replaced, { recursive: true, force: true });
  if (existsSync(inRoot('dist'))) renameSync(inRoot('dist'), replaced);
  renameSync(fresh, inRoot('dist'));
  rmSync(replaced, { recursive: true, force: true });
}

/** Compiles src to dist. */
export async function build() {
  console.error('Compiling src to dist (tsc) …');
  const began = Date.now();
  const inputs = hashOfInputs();
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  await runToEnd('tsc', ['--project', 'tsconfig.build.json', '--outDir', fresh], {
    failure: 'The sources do not compile; the lines above say where.',
  });
  copyData();
  writeFileSync(join(fresh, '.built-from'), inputs);
  replaceDist();
  console.error(`Compiled in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
}

// `npm run build`: always, also when dist looks current.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await withLock(build).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
