import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { StageDirectory } from './left-behind';
import { readJestCounts } from './jest-counts';
import type { Stage } from './stages';

/** How a stage ended. `note` explains a failure that the counts do not. */
export interface StageResult {
  name: string;
  passed: number;
  failed: number;
  durationMs: number;
  note: string | null;
}

const root = join(__dirname, '..', '..');
const resultsDirectory = join(root, '.test-results');
/** What a stage has after SIGTERM to clean up: the end-to-end tests stop brokers, which takes seconds each. */
const cleanUpMs = 60_000;

interface Ending {
  succeeded: boolean;
  /** Why it did not, when it was not its own verdict. */
  reason: string | null;
}

async function run(stage: Pick<Stage, 'command' | 'limitMinutes'>, interrupt: AbortSignal): Promise<Ending> {
  const { command, limitMinutes } = stage;
  const [program, ...args] = command;
  const directory = new StageDirectory();
  const child = spawn(program, args, { cwd: root, stdio: 'inherit', env: directory.environment });
  const limit = AbortSignal.timeout(limitMinutes * 60_000);
  const either = AbortSignal.any([limit, interrupt]);
  const end = (): void => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), cleanUpMs).unref();
  };
  either.addEventListener('abort', end, { once: true });
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    if (limit.aborted) return { succeeded: false, reason: `ended after its limit of ${limitMinutes} min` };
    return { succeeded: code === 0, reason: signal === null ? null : `ended by ${signal}` };
  } catch (error) {
    return { succeeded: false, reason: `${program} cannot be run: ${String(error)}` };
  } finally {
    either.removeEventListener('abort', end);
    for (const left of await directory.clear()) console.log(`ended what was left behind: ${left}`);
  }
}

async function runCheck(stage: Stage, interrupt: AbortSignal): Promise<Omit<StageResult, 'name' | 'durationMs'>> {
  const { succeeded, reason } = await run(stage, interrupt);
  return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, note: reason };
}

async function runJest(stage: Stage, interrupt: AbortSignal): Promise<Omit<StageResult, 'name' | 'durationMs'>> {
  const outputFile = join(resultsDirectory, `${stage.name}.json`);
  mkdirSync(resultsDirectory, { recursive: true });
  rmSync(outputFile, { force: true });
  const command: Stage['command'] = [...stage.command, '--json', `--outputFile=${outputFile}`];
  const { succeeded, reason } = await run({ command, limitMinutes: stage.limitMinutes }, interrupt);
  const counts = readJestCounts(outputFile);
  if (counts === null) return { passed: 0, failed: 1, note: reason ?? 'Jest ended without results' };
  // Jest also fails for what is no test: coverage below its threshold, no test found at all.
  if (!succeeded && counts.failed === 0) {
    return { passed: counts.passed, failed: 1, note: reason ?? 'Jest failed, though no test did' };
  }
  return { ...counts, note: reason ?? counts.note };
}

/** Runs one stage, its output going where ours goes. Never throws: what cannot be run has failed. */
export async function runStage(stage: Stage, interrupt: AbortSignal): Promise<StageResult> {
  console.log(`\n── ${stage.name}: ${stage.command.join(' ')}`);
  const began = performance.now();
  const outcome = await (stage.kind === 'jest' ? runJest : runCheck)(stage, interrupt);
  return { name: stage.name, ...outcome, durationMs: performance.now() - began };
}
