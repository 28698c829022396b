/** A plan as text to be read before it is approved: what, in which order, why, and what cannot be undone. */
import { gatesOf } from '../domain/people/approval';
import type { GateName } from '../domain/policy/gate-name';
import type { UpgradePlan } from '../domain/plan/upgrade-plan';
import { columns } from './columns';
import { moved, wrap, wrapIndented } from './format';
import { changeLines } from './plan-changes';
import {
  acceptWords,
  featuresTitle,
  identityWords,
  movesWords,
  nodeCells,
  nodeHeads,
  nodesTitle,
  pathRows,
  recoveryWords,
  ruleRows,
  gateText,
} from './plan-content';
import type { HashedPlan } from './plan-content';
import { findingLines } from './plan-findings';
import { outlookLines } from './plan-outlook-view';
import type { ViewOptions } from './view-options';
import type { Style } from './style';

const heading = (words: string, style: Style): string[] => ['', style.strong(words)];

const pathLines = (plan: UpgradePlan, { style }: ViewOptions): string[] => [
  ...heading('Path', style),
  ...columns(pathRows(plan)),
];

const orderLines = (plan: UpgradePlan, { style, width }: ViewOptions): string[] => [
  ...heading(nodesTitle(plan), style),
  ...wrapIndented(plan.orderRule, 2, width),
  '',
  ...columns([
    nodeHeads(plan).map(style.quiet),
    ...plan.nodes.map((node) => nodeCells(plan, node).map((cell) => (cell === 'canary' ? style.active(cell) : cell))),
  ]),
];

/** The features in the order in which they are raised, each with its way back. */
const featureLines = ({ finalization }: UpgradePlan, { style, width }: ViewOptions): string[] => {
  if (finalization.length === 0) return [];
  const heads = columns(
    finalization.map(({ feature, fromName, toName, gate }) => [
      style.strong(feature),
      moved(fromName, toName),
      style.quiet(`gate ${gate}`),
    ]),
  );
  return [
    ...heading(featuresTitle, style),
    ...finalization.flatMap(({ wayBack, reversible }, index) => [
      heads[index] ?? '',
      ...wrapIndented(wayBack, 4, width).map(reversible ? style.quiet : style.bad),
    ]),
  ];
};

const ruleLines = (plan: UpgradePlan, { style }: ViewOptions): string[] => [
  ...heading('Rules', style),
  ...columns(ruleRows(plan)),
];

const gateLines = (gate: GateName, plan: UpgradePlan, { style, width }: ViewOptions): string[] => {
  const lines = wrap(gateText(gate, plan), width - 12).map((line) => `${' '.repeat(12)}${line}`);
  const [first] = lines;
  // A name that is too long for its column stands on a line of its own.
  return gate.length > 9 || first === undefined
    ? [`  ${style.active(gate)}`, ...lines]
    : [`  ${style.active(gate.padEnd(10))}${first.trimStart()}`, ...lines.slice(1)];
};

const quoted = (text: string): string => `\`${text}\``;

const approvalLines = (plan: UpgradePlan, { style, width }: ViewOptions): string[] => [
  ...heading('Approvals', style),
  ...gatesOf(plan).flatMap((gate) => gateLines(gate, plan, { style, width })),
  ...wrapIndented(recoveryWords(plan, quoted), 2, width),
  ...wrapIndented(acceptWords(plan) ?? '', 2, width).map(style.attention),
];

/** The whole plan, without a line end after the last line. */
export const planView = (hashed: HashedPlan, options: ViewOptions): string => {
  const { plan } = hashed;
  const { style } = options;
  return [
    `${style.strong(`Upgrade plan of ${plan.cluster}`)}  ${movesWords(plan)}`,
    style.quiet(identityWords(hashed)),
    ...pathLines(plan, options),
    ...featureLines(plan, options),
    ...findingLines(plan.findings, options),
    ...orderLines(plan, options),
    ...outlookLines(plan, options),
    ...changeLines(plan, options),
    ...ruleLines(plan, options),
    ...approvalLines(plan, options),
  ].join('\n');
};
