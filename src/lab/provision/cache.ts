import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileNameOf, isAlive, processStart, withLock } from './build-lock';
import { manifestProblems, writeManifest } from './manifest';

/** Where provisioning says, in whole sentences, what it does. */
export type ProvisionLog = (line: string) => void;

/** One directory of the cache and how to make it. */
export interface CachedDirectory {
  /** Names the lock and the messages, for example `Kafka 3.7.2`. */
  title: string;
  /** Path below the cache directory, for example `kafka/kafka_2.13-3.7.2`. */
  location: string;
  /** Raised when the recipe changes, so that old copies are made again. */
  revision: number;
  /** Fills the empty directory it is given; it is moved into place only when this succeeds. */
  build: (directory: string) => Promise<void>;
  log: ProvisionLog;
}

/** The one directory for everything heavy: `KAFKA_UPGRADE_CACHE`, else `$XDG_CACHE_HOME/kafka-upgrade` or `~/.cache/…`. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment['KAFKA_UPGRADE_CACHE'];
  if (named !== undefined && named !== '') return path.resolve(named);
  const xdg = environment['XDG_CACHE_HOME'];
  const base = xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(homedir(), '.cache');
  return path.join(base, 'kafka-upgrade');
}

/** Runs `work` while no other process or caller on this cache holds the lock of that name. */
async function withBuildLock<T>(name: string, work: () => Promise<T>, log?: ProvisionLog): Promise<T> {
  const options = { directory: path.join(cacheDirectory(), 'locks') };
  return withLock(name, log === undefined ? options : { ...options, onWait: log }, work);
}

/**
 * The full path of a cached directory that is as its manifest says, made first when it is not. Two processes asking at
 * once make it once; one that dies half-way leaves nothing that could be taken for the finished thing.
 */
export async function ensureCached(wanted: CachedDirectory): Promise<string> {
  const target = path.join(cacheDirectory(), wanted.location);
  if ((await manifestProblems(target, wanted.revision)).length === 0) return target;
  await withBuildLock(
    wanted.title,
    async () => {
      if ((await manifestProblems(target, wanted.revision)).length > 0) await make(target, wanted);
    },
    wanted.log,
  );
  return target;
}

async function make(target: string, wanted: CachedDirectory): Promise<void> {
  const scratchRoot = path.join(cacheDirectory(), 'tmp');
  await removeAbandoned(scratchRoot);
  const scratch = path.join(scratchRoot, scratchName(wanted.title));
  await mkdir(scratch, { recursive: true });
  try {
    await wanted.build(scratch);
    await writeManifest(scratch, wanted.revision);
    await mkdir(path.dirname(target), { recursive: true });
    await replaceDirectory(scratch, target, scratchRoot);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Running processes keep the open files of the directory that is moved away; nobody sees a half-filled one. */
async function replaceDirectory(fresh: string, target: string, scratchRoot: string): Promise<void> {
  const old = path.join(scratchRoot, scratchName('replaced'));
  await rename(target, old).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
  await rename(fresh, target);
  await rm(old, { recursive: true, force: true });
}

/** Directories of processes that are gone: the owner is in the name, see scratchName. */
async function removeAbandoned(scratchRoot: string): Promise<void> {
  for (const name of await readdir(scratchRoot).catch(() => [])) {
    const owner = /^(\d+)-(\d+)-/.exec(name);
    const [, pid, started] = owner ?? [];
    if (pid === undefined || started === undefined || isAlive(Number(pid), started)) continue;
    await rm(path.join(scratchRoot, name), { recursive: true, force: true });
  }
}

function scratchName(title: string): string {
  return `${String(process.pid)}-${processStart(process.pid) ?? '0'}-${fileNameOf(title)}-${randomUUID().slice(0, 8)}`;
}
