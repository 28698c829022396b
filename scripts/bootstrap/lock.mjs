import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { inRoot } from './paths.mjs';

const lockFile = inRoot('.bootstrap', 'lock');
/** Short enough not to be noticed, long enough to cost nothing. */
const pollMs = 100;

function tryToTake() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function holder() {
  try {
    return Number(readFileSync(lockFile, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function isAlive(pid) {
  // 0 is a lock file between its creation and its content.
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Takes the lock of a dead process out of the way. Renaming lets only one of several waiting processes do it. */
function clearAfter(deadPid) {
  const aside = `${lockFile}.of-${deadPid}-cleared-by-${process.pid}`;
  try {
    renameSync(lockFile, aside);
    rmSync(aside);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** Runs `work` while no other process of this checkout does. A lock whose process has died is taken over. */
export async function withLock(work) {
  mkdirSync(inRoot('.bootstrap'), { recursive: true });
  let announced = false;
  while (!tryToTake()) {
    const pid = holder();
    if (pid !== null && !isAlive(pid)) {
      clearAfter(pid);
      continue;
    }
    if (!announced && pid !== null) console.error(`Waiting for process ${pid}, which is preparing this checkout.`);
    announced = true;
    await sleep(pollMs);
  }
  const release = () => rmSync(lockFile, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}
