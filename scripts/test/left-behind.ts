/**
 * What a stage leaves behind when it is ended in the middle: labs, whose hosts outlive everybody, and processes that nobody
 * waits for any more. Every stage gets a temporary directory of its own, by which both are known.
 */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeDown } from '../../src/lab/lab-down';
import { labPaths } from '../../src/lab/lab-state';
import { identify, sendSignal } from '../../src/lab/process-identity';
import type { ProcessIdentity } from '../../src/lab/process-identity';

/** A lab stands in the directory of a stage, or of the test or demo that made one for itself. */
const depth = 2;

const labsBelow = (directory: string, levels = depth): string[] => {
  if (existsSync(labPaths(directory).state)) return [directory];
  if (levels === 0) return [];
  const below = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return below.flatMap(({ name }) => labsBelow(join(directory, name), levels - 1));
};

const hasTemporaryDirectory = (pid: number, directory: string): boolean => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`TMPDIR=${directory}`);
  } catch {
    // It has ended by now.
    return false;
  }
};

const processesOf = (directory: string): ProcessIdentity[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && hasTemporaryDirectory(pid, directory))
    .map(identify)
    .filter((identity) => identity !== null);

/** The temporary directory of a stage. */
export class StageDirectory {
  readonly path = mkdtempSync(join(tmpdir(), 'kafka-upgrade-test-'));

  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, TMPDIR: this.path };
  }

  /** Ends what still runs and removes the directory; resolves to what was found, a line each. */
  async clear(): Promise<string[]> {
    const processes = processesOf(this.path);
    for (const identity of processes) sendSignal(identity, 'SIGKILL');
    const labs = labsBelow(this.path);
    for (const lab of labs) await takeDown(lab);
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
    return [...processes.map(({ pid }) => `process ${pid}`), ...labs.map((lab) => `lab ${lab}`)];
  }
}
