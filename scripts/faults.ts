/**
 * `npm run test:faults`: real upgrades under live traffic, struck by faults at every step of a restart and watched from
 * outside of the product; ends with a Markdown table. Words after `--` choose cases: `npm run test:faults -- kraft frozen`
 * runs those whose name has both.
 */
import { prepareMachine } from '../src/demo/prepare';
import { messageOf } from '../src/domain/common/message-of';
import { ensureTool } from '../src/lab/provision/toolchain';
import { faultRun } from '../test/e2e/support/faults/fault-run';
import { faultReport } from '../test/e2e/support/faults/report';
import { faultCases } from './faults/cases';
import type { FaultCase } from './faults/cases';
import { failuresOf, tableHead, tableRows } from './faults/table';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const runCase = async (wanted: FaultCase, signal: AbortSignal): Promise<{ rows: string[]; failures: string[] }> => {
  const began = performance.now();
  const log = (line: string): void => say(`  ${((performance.now() - began) / 1_000).toFixed(1)} s  ${line}`);
  await prepareMachine({ releases: [wanted.from, wanted.to], log });
  await ensureTool('nft', { log });
  const result = await faultRun({ ...wanted, log, signal });
  try {
    const report = faultReport(result);
    for (const flicker of report.flickers) log(`a single connection failed: ${flicker}`);
    for (const { nodes } of result.observer.downTogether) log(`down together: ${nodes.join(', ')}`);
    return { rows: tableRows(wanted, report), failures: failuresOf(wanted, report) };
  } finally {
    await result.close();
  }
};

const main = async (): Promise<void> => {
  const words = process.argv.slice(2);
  const chosen = faultCases.filter(({ name }) => words.every((word) => name.includes(word)));
  const rows: string[] = [];
  const failures: string[] = [];
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupt.abort(name));
  for (const wanted of chosen) {
    say(wanted.name);
    try {
      const done = await runCase(wanted, interrupt.signal);
      rows.push(...done.rows);
      failures.push(...done.failures.map((failure) => `${wanted.name}: ${failure}`));
      for (const row of done.rows) say(row);
    } catch (error) {
      failures.push(`${wanted.name}: ${messageOf(error)}`);
      if (interrupt.signal.aborted) break;
    }
  }
  for (const line of ['', ...tableHead, ...rows, '', ...failures.map((failure) => `✗ ${failure}`)]) say(line);
  say(`\n${chosen.length} cases, ${failures.length} failures`);
  process.exitCode = failures.length === 0 && chosen.length > 0 ? 0 : 1;
};

void main();
