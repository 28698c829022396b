import { existsSync, readFileSync } from 'node:fs';

/** The tests of one Jest run. */
interface JestCounts {
  passed: number;
  failed: number;
  note: string | null;
}

/** What we read of the file that `jest --json` writes. */
interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
}

/**
 * Counts the tests in a report of `jest --json`; null when there is none. A file that cannot be loaded counts as a failed
 * test, and so does a skipped one: what did not run proves nothing.
 */
export function readJestCounts(reportFile: string): JestCounts | null {
  if (!existsSync(reportFile)) return null;
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport;
  const skipped = report.numPendingTests + report.numTodoTests;
  const unloadable = report.numRuntimeErrorTestSuites;
  const notes = [
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(unloadable > 0 ? [`${unloadable} test files could not be loaded`] : []),
  ];
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + skipped + unloadable,
    note: notes.length > 0 ? notes.join(', ') : null,
  };
}
