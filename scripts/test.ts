/**
 * Runs every check and every test of the repository, the fast ones first, and says at the end how long each took.
 * The very last line is `N passed, N failed`: every test counts one, and so does every stage that is not made of tests.
 *
 *   npm test                          everything
 *   npm test -- --only lint,unit      some stages, in the usual order
 *   npm test -- --bail                stop after the first stage that fails
 */
import { parseArgs } from 'node:util';

import { runStage } from './test/run-stage';
import type { StageResult } from './test/run-stage';
import { stages } from './test/stages';
import type { Stage } from './test/stages';
import { renderSummary, totals } from './test/summary';

interface Selection {
  stages: readonly Stage[];
  bail: boolean;
}

function select(argv: string[]): Selection {
  const { values } = parseArgs({
    args: argv,
    options: { only: { type: 'string' }, bail: { type: 'boolean', default: false } },
  });
  if (values.only === undefined) return { stages, bail: values.bail };
  const names = values.only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    throw new Error(`No stage ${unknown.join(', ')}. There are: ${stages.map((stage) => stage.name).join(', ')}`);
  }
  return { stages: stages.filter((stage) => names.includes(stage.name)), bail: values.bail };
}

async function main(): Promise<void> {
  const selection = select(process.argv.slice(2));
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupt.abort(signal));
  }

  const results: StageResult[] = [];
  for (const stage of selection.stages) {
    const result = await runStage(stage, interrupt.signal);
    results.push(result);
    if (interrupt.signal.aborted || (selection.bail && result.failed > 0)) break;
  }

  const { passed, failed } = totals(results);
  console.log(renderSummary(selection.stages, results));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || results.length < selection.stages.length ? 1 : 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
