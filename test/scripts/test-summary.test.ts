import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readJestCounts } from '../../scripts/test/jest-counts';
import type { StageResult } from '../../scripts/test/run-stage';
import { runStage } from '../../scripts/test/run-stage';
import type { Stage } from '../../scripts/test/stages';
import { renderSummary, totals } from '../../scripts/test/summary';
import { identify } from '../../src/lab/process-identity';
import { until } from '../support/until';

const stage = (name: string, command: Stage['command'] = ['true']): Stage => ({
  name,
  proves: `${name} is sound`,
  command,
  kind: 'check',
  limitMinutes: 1,
});

const result = (name: string, counts: Partial<StageResult> = {}): StageResult => ({
  name,
  passed: 1,
  failed: 0,
  durationMs: 1_234,
  note: null,
  ...counts,
});

describe('counting the tests of a Jest run', () => {
  let directory: string;
  const report = (numbers: Record<string, number>): string => {
    const file = join(directory, 'report.json');
    const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
    writeFileSync(file, JSON.stringify({ ...none, numRuntimeErrorTestSuites: 0, ...numbers }));
    return file;
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'jest-counts-'));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('takes passed and failed tests as they are', () => {
    const file = report({ numPassedTests: 7, numFailedTests: 2 });
    expect(readJestCounts(file)).toEqual({ passed: 7, failed: 2, note: null });
  });

  it('counts skipped tests as failed: what did not run proves nothing', () => {
    const file = report({ numPassedTests: 7, numPendingTests: 1, numTodoTests: 2 });
    expect(readJestCounts(file)).toEqual({ passed: 7, failed: 3, note: '3 skipped' });
  });

  it('counts a file that cannot be loaded as a failed test', () => {
    const file = report({ numPassedTests: 7, numRuntimeErrorTestSuites: 1 });
    expect(readJestCounts(file)).toMatchObject({ passed: 7, failed: 1 });
  });

  it('knows no counts without a report', () => {
    expect(readJestCounts(join(directory, 'none.json'))).toBeNull();
  });
});

describe('running a stage', () => {
  const never = new AbortController().signal;

  beforeEach(() => {
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('counts a check as one', async () => {
    expect(await runStage(stage('good'), never)).toMatchObject({ passed: 1, failed: 0 });
    expect(await runStage(stage('bad', ['false']), never)).toMatchObject({ passed: 0, failed: 1 });
  });

  it('counts a program that cannot be run as failed, and says so', async () => {
    const outcome = await runStage(stage('gone', ['no-such-program']), never);
    expect(outcome).toMatchObject({ passed: 0, failed: 1 });
    expect(outcome.note).toContain('no-such-program cannot be run');
  });

  it('ends the program when the run is interrupted', async () => {
    const interrupt = new AbortController();
    const outcome = runStage(stage('long', ['sleep', '60']), interrupt.signal);
    interrupt.abort();
    expect(await outcome).toMatchObject({ failed: 1, note: 'ended by SIGTERM' });
  });

  it('ends what the program has left behind, and removes its temporary files', async () => {
    const file = join(tmpdir(), `left-behind-${process.pid}`);
    const script = `setsid sleep 60 & echo "$! $TMPDIR" >"${file}"; touch "$TMPDIR/a file"`;
    try {
      expect(await runStage(stage('leaves', ['bash', '-c', script]), never)).toMatchObject({ passed: 1 });
      const [pid, directory] = readFileSync(file, 'utf8').trim().split(' ');
      expect(console.log).toHaveBeenCalledWith(`ended what was left behind: process ${pid}`);
      expect(existsSync(directory ?? '/')).toBe(false);
      await until('it is gone', () => identify(Number(pid)) === null);
    } finally {
      rmSync(file, { force: true });
    }
  });
});

describe('the summary', () => {
  it('adds up all stages', () => {
    expect(totals([result('a'), result('b', { passed: 40, failed: 2 })])).toEqual({ passed: 41, failed: 2 });
  });

  it('has a line for every stage, also for one that did not run', () => {
    const lines = renderSummary(
      [stage('lint'), stage('unit'), stage('e2e')],
      [result('lint'), result('unit', { passed: 40, failed: 2, durationMs: 61_000, note: '2 skipped' })],
    );
    expect(lines.trim().split('\n')).toEqual([
      'stage  passed  failed        took  proves that',
      '✓  lint        1       0       1.2 s  lint is sound',
      '✗  unit       40       2  1 min 01 s  unit is sound (2 skipped)',
      '–  e2e                                not run',
    ]);
  });
});
