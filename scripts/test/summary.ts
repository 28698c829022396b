import type { StageResult } from './run-stage';
import type { Stage } from './stages';

/** The sums over all stages. */
export function totals(results: readonly StageResult[]): { passed: number; failed: number } {
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failed: results.reduce((sum, result) => sum + result.failed, 0),
  };
}

const duration = (ms: number): string =>
  ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${String(Math.round((ms % 60_000) / 1000)).padStart(2, '0')} s`;

function row(stage: Stage, result: StageResult | undefined): string[] {
  if (result === undefined) return ['–', stage.name, '', '', '', 'not run'];
  return [
    result.failed > 0 ? '✗' : '✓',
    stage.name,
    String(result.passed),
    String(result.failed),
    duration(result.durationMs),
    result.note === null ? stage.proves : `${stage.proves} (${result.note})`,
  ];
}

/** The table of stages: verdict, counts, duration, meaning. */
export function renderSummary(stages: readonly Stage[], results: readonly StageResult[]): string {
  const header = ['', 'stage', 'passed', 'failed', 'took', 'proves that'];
  const body = stages.map((stage) =>
    row(
      stage,
      results.find((result) => result.name === stage.name),
    ),
  );
  const rows = [header, ...body];
  const widths = header.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const isNumeric = (column: number): boolean => column >= 2 && column <= 4;
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) =>
        isNumeric(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return `\n${lines.join('\n')}\n`;
}
