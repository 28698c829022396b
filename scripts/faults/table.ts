import type { FaultReport, RestartReport } from '../../test/e2e/support/faults/report';
import type { FaultCase } from './cases';

const secondsWords = (value: number | null): string => (value === null ? '–' : `${value.toFixed(1)} s`);

export const tableHead = [
  '| cluster and fault | at | without a process (undisturbed) | away (undisturbed) | people told after | end | lost | two down | two processes |',
  '| --- | --- | --: | --: | --: | --- | --: | --: | --: |',
];

const rowOf = (name: string, report: FaultReport, { strike, ...restart }: RestartReport): string =>
  `| ${[
    name,
    strike?.step ?? 'undisturbed',
    `${secondsWords(restart.goneSeconds)} (${secondsWords(report.base.goneSeconds)})`,
    `${restart.awaySeconds === null ? 'not back' : secondsWords(restart.awaySeconds)} (${secondsWords(report.base.awaySeconds)})`,
    secondsWords(restart.toldSeconds),
    `${report.outcome}${restart.toldSeconds === null ? '' : ' after `retry`'}`,
    report.lost,
    report.downTogether,
    report.doubles,
  ].join(' | ')} |`;

/** One line a strike. */
export const tableRows = ({ name }: FaultCase, report: FaultReport): string[] =>
  report.restarts.filter(({ strike }) => strike !== null).map((restart) => rowOf(name, report, restart));

/** What no fault may do, whatever it is: a sentence for each that it did. */
export const failuresOf = ({ strikes, rollBack }: FaultCase, report: FaultReport): string[] => {
  const made = report.restarts.filter(({ strike }) => strike !== null);
  const wanted = rollBack ? 'rolled-back' : 'completed';
  const wrong: [boolean, string][] = [
    [made.length !== strikes.length, `${made.length} of ${strikes.length} strikes were made`],
    [report.outcome !== wanted, `ended ${report.outcome}: ${report.message}`],
    [report.lost > 0, `${report.lost} acknowledged records are lost`],
    ...report.notReplayed.map((which): [boolean, string] => [true, `cannot be replayed: ${which}`]),
    [report.downTogether > 0, `two nodes down at once in ${report.downTogether} looks`],
    [report.doubles > 0, `two processes of one node in ${report.doubles} looks`],
    ...made.map(({ strike, awaySeconds }): [boolean, string] => [
      awaySeconds === null,
      `${strike?.step ?? ''}: the broker did not come back`,
    ]),
    ...made.map(({ strike }): [boolean, string] => [
      strike?.failure !== null,
      `${strike?.step ?? ''}: the fault itself failed: ${strike?.failure ?? ''}`,
    ]),
  ];
  return wrong.flatMap(([is, words]) => (is ? [words] : []));
};
