import type { UpgradePlan } from '../domain/plan/upgrade-plan';
import { codeSpan, escaped, tableOf } from './markdown';
import { nodeWord } from './plan-content';
import { expectedOrder, noRestartWords, outlookParts, outlookTitle } from './plan-outlook';

const orderBlocks = (plan: UpgradePlan): string[][] => {
  const { words, nodes } = expectedOrder(plan);
  const rows = nodes.map(({ nodeId, reason }, index) => [String(index + 1), String(nodeId), reason]);
  return nodes.length === 0 ? [[noRestartWords]] : [[words], tableOf(['', nodeWord(plan), 'why there'], rows)];
};

/** The steps of the upgrade as blocks of Markdown. */
export const outlookSection = (plan: UpgradePlan): string[][] => [
  [`## ${outlookTitle}`],
  ...orderBlocks(plan),
  // The parts escape what they quote; their own words hold no markup.
  ...outlookParts(plan, codeSpan).flatMap(({ title, lines, steps }) => [
    [`### ${escaped(title)}`],
    lines.map((line, index) => `${steps ? `${index + 1}.` : '-'} ${line}`),
  ]),
];
