import type { UpgradePlan } from '../domain/plan/upgrade-plan';
import { columns } from './columns';
import { wrapIndented } from './format';
import { nodeWord } from './plan-content';
import { expectedOrder, noRestartWords, outlookParts, outlookTitle } from './plan-outlook';
import type { OutlookPart } from './plan-outlook';
import type { ViewOptions } from './view-options';

const quoted = (text: string): string => `\`${text}\``;

const step = (text: string, number: number, width: number): string[] =>
  wrapIndented(text, 7, width).map((line, index) =>
    index === 0 ? `${`    ${number}.`.padEnd(7)}${line.trimStart()}` : line,
  );

const partLines = ({ title, lines, steps }: OutlookPart, { style, width }: ViewOptions): string[] => [
  `  ${style.active(title)}`,
  ...lines.flatMap((line, index) => (steps ? step(line, index + 1, width) : wrapIndented(line, 4, width))),
];

/** The steps of the upgrade, in their order and with real paths. */
export const outlookLines = (plan: UpgradePlan, options: ViewOptions): string[] => {
  const { style, width } = options;
  const { words, nodes } = expectedOrder(plan);
  const rows = nodes.map(({ nodeId, reason }, index) => [`${index + 1}.`, `${nodeWord(plan)} ${nodeId}`, reason]);
  return [
    '',
    style.strong(outlookTitle),
    ...(nodes.length === 0 ? [`  ${noRestartWords}`] : [...wrapIndented(words, 2, width), ...columns(rows, 4)]),
    ...outlookParts(plan, quoted).flatMap((part) => partLines(part, options)),
  ];
};
