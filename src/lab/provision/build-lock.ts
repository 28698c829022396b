import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

interface LockOwner {
  host: string;
  pid: number;
  /** Start time in clock ticks from /proc, because process ids are used again. */
  started: string;
}

/** A lock of another host cannot be probed; after this long its holder is taken for dead. Builds take minutes. */
const foreignLockMaxAgeMs = 30 * 60_000;
/** Breaking a lock takes milliseconds; an older breaker was left by a process that died doing it. */
const breakerMaxAgeMs = 10_000;
const pollMs = 200;

/** Where the lock lives and whom to tell that somebody else holds it. */
export interface LockOptions {
  directory: string;
  onWait?: (message: string) => void;
}

/**
 * Runs `work` while holding the named lock, against other processes and other callers in this one. The lock of a process
 * that is gone is taken over; a lock file is complete from the moment it exists (written aside, then linked).
 */
export async function withLock<T>(name: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await mkdir(options.directory, { recursive: true });
  const lock = path.join(options.directory, `${fileNameOf(name)}.lock`);
  await acquire(lock, name, options);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** A name made of words and versions as a file name. */
export function fileNameOf(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, '-');
}

/** Whether a process of this host with that start time is still there. */
export function isAlive(pid: number, started: string): boolean {
  return processStart(pid) === started;
}

/** The start time of a process as /proc tells it, or undefined when there is no such process. */
export function processStart(pid: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The name in parentheses may hold spaces; starttime is field 22, the 20th after it.
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

async function acquire(lock: string, name: string, options: LockOptions): Promise<void> {
  let told = false;
  while (!(await tryLink(lock))) {
    const owner = await readOwner(lock);
    if (await isStale(lock, owner)) {
      await breakLock(lock);
      continue;
    }
    if (!told && owner !== undefined) {
      told = true;
      options.onWait?.(`${name}: waiting for process ${String(owner.pid)}, which is fetching it already`);
    }
    await delay(pollMs);
  }
}

async function tryLink(lock: string): Promise<boolean> {
  const mine: LockOwner = { host: hostname(), pid: process.pid, started: processStart(process.pid) ?? '' };
  const aside = `${lock}.${String(process.pid)}.${randomUUID()}`;
  await writeFile(aside, JSON.stringify(mine));
  try {
    await link(aside, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function readOwner(lock: string): Promise<LockOwner | undefined> {
  try {
    return JSON.parse(await readFile(lock, 'utf8')) as LockOwner;
  } catch {
    return undefined;
  }
}

async function isStale(lock: string, owner: LockOwner | undefined): Promise<boolean> {
  if (owner?.host === hostname()) return !isAlive(owner.pid, owner.started);
  return (await ageMs(lock)) > foreignLockMaxAgeMs;
}

/** Removes a stale lock under a second lock, so that two processes never remove each other's fresh one. */
async function breakLock(lock: string): Promise<void> {
  const breaker = `${lock}.breaker`;
  if (!(await tryLink(breaker))) {
    if ((await ageMs(breaker)) > breakerMaxAgeMs) await rm(breaker, { force: true });
    await delay(pollMs);
    return;
  }
  try {
    if (await isStale(lock, await readOwner(lock))) await rm(lock, { force: true });
  } finally {
    await rm(breaker, { force: true });
  }
}

async function ageMs(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}
