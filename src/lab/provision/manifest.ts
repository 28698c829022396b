import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** The file in each cached directory that says what belongs there. */
const manifestFileName = '.manifest.json';

interface ManifestEntry {
  size: number;
  sha256: string;
}

/** What a cached directory holds, and by which revision of our recipe it was made. */
export interface Manifest {
  revision: number;
  files: Record<string, ManifestEntry>;
}

/** `sizes` costs one stat a file and is done on every use; `sha256` reads everything. */
export type ManifestDepth = 'sizes' | 'sha256';

/** Records size and SHA-256 of every file below `directory`, in `directory/.manifest.json`. */
export async function writeManifest(directory: string, revision: number): Promise<Manifest> {
  const manifest: Manifest = { revision, files: {} };
  for (const file of await filesBelow(directory)) {
    const full = path.join(directory, file);
    manifest.files[file] = { size: (await stat(full)).size, sha256: await digestFile(full, 'sha256') };
  }
  await writeFile(path.join(directory, manifestFileName), `${JSON.stringify(manifest, null, 1)}\n`);
  return manifest;
}

/**
 * What is wrong with a cached directory, one sentence each; empty when it is as recorded. A directory that is not there,
 * has no manifest or was made by another revision has a problem, too: it has to be made (again).
 */
export async function manifestProblems(
  directory: string,
  revision: number,
  depth: ManifestDepth = 'sizes',
): Promise<string[]> {
  const manifest = await readManifest(directory);
  if (manifest === undefined) return [`${directory} has no readable ${manifestFileName}`];
  if (manifest.revision !== revision) return [`${directory} was made by another revision of its recipe`];
  const problems: string[] = [];
  for (const [file, entry] of Object.entries(manifest.files)) {
    const problem = await fileProblem(path.join(directory, file), entry, depth);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

/** Hex digest of a file, read as a stream. */
export async function digestFile(file: string, algorithm: 'sha256' | 'sha512'): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function fileProblem(file: string, entry: ManifestEntry, depth: ManifestDepth): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return `${file} is missing`;
  if (found.size !== entry.size) return `${file} has ${String(found.size)} bytes instead of ${String(entry.size)}`;
  if (depth === 'sha256' && (await digestFile(file, 'sha256')) !== entry.sha256) return `${file} has another SHA-256`;
  return undefined;
}

async function readManifest(directory: string): Promise<Manifest | undefined> {
  try {
    // Written by writeManifest; anything else in that place counts as no manifest.
    const parsed = JSON.parse(await readFile(path.join(directory, manifestFileName), 'utf8')) as Partial<Manifest>;
    return parsed.revision === undefined || parsed.files === undefined
      ? undefined
      : { revision: parsed.revision, files: parsed.files };
  } catch {
    return undefined;
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name !== manifestFileName)
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();
}
