/** A plan as a Markdown document, for change tickets and reviews: it says what the terminal's view says. */
import { gatesOf } from '../domain/people/approval';
import type { Finding } from '../domain/checks/finding';
import type { PlannedPhase, UpgradePlan } from '../domain/plan/upgrade-plan';
import { moved } from './format';
import { codeBlock, codeSpan, escaped, tableOf } from './markdown';
import { editTitle, groupedEdits, isEmpty, noEditsWords, unchangedWords } from './plan-changes';
import {
  acceptWords,
  changesTitle,
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
import { findingCounts, severities } from './plan-findings';
import { outlookSection } from './plan-outlook-markdown';

/** Blocks are set apart by an empty line. */
type Blocks = string[][];

const pathBlocks = (plan: UpgradePlan): Blocks => [
  ['## Path'],
  tableOf(['', 'phase', 'from → to', 'how'], pathRows(plan)),
];

const featureBlocks = ({ finalization }: UpgradePlan): Blocks =>
  finalization.length === 0
    ? []
    : [
        [`## ${featuresTitle}`],
        tableOf(
          ['feature', 'level', 'gate', 'way back'],
          finalization.map(({ feature, fromName, toName, gate, wayBack }) => [
            feature,
            moved(fromName, toName),
            gate,
            wayBack,
          ]),
        ),
      ];

const findingBlock = ({ seen, why, action, source }: Finding): string[] => [
  `- **${escaped(seen)}**`,
  `  - Why: ${escaped(why)}`,
  `  - Do: ${escaped(action)}`,
  `  - Source: ${escaped(source)}`,
];

const findingBlocks = (findings: readonly Finding[]): Blocks => [
  ['## Findings'],
  [`${findingCounts([...findings])}.`],
  ...severities.flatMap(({ severity, words }): Blocks => {
    const found = findings.filter((finding) => finding.severity === severity);
    return found.length === 0 ? [] : [[`### ${words}`], found.flatMap(findingBlock)];
  }),
];

const nodeBlocks = (plan: UpgradePlan): Blocks => [
  [`## ${nodesTitle(plan)}`],
  [escaped(plan.orderRule)],
  tableOf(
    nodeHeads(plan),
    plan.nodes.map((node) => nodeCells(plan, node)),
  ),
];

const editBlocks = (plan: UpgradePlan, phase: PlannedPhase): Blocks =>
  groupedEdits(plan, phase).flatMap(({ nodes, lines }): Blocks => {
    const title = editTitle(plan, phase, nodes);
    return isEmpty(lines) ? [[`${title} (${unchangedWords})`]] : [[`${title}:`], codeBlock('diff', lines)];
  });

const changeBlocks = (plan: UpgradePlan): Blocks => [
  [`## ${changesTitle}`],
  ...(plan.mode === 'kraft'
    ? [[`${noEditsWords}.`]]
    : [...editBlocks(plan, 'binaries'), ...editBlocks(plan, 'protocol')]),
];

const approvalBlocks = (plan: UpgradePlan): Blocks => {
  const accept = acceptWords(plan);
  return [
    ['## Approvals'],
    gatesOf(plan).map((gate) => `- **${escaped(gate)}**: ${escaped(gateText(gate, plan))}`),
    [recoveryWords(plan, codeSpan)],
    ...(accept === null ? [] : [[`**${escaped(accept)}**`]]),
  ];
};

/** The whole plan as a document, without a line end after the last line. */
export const planMarkdown = (hashed: HashedPlan): string => {
  const { plan } = hashed;
  const blocks: Blocks = [
    [`# Upgrade plan of ${escaped(plan.cluster)}`],
    [`**${escaped(movesWords(plan))}**`],
    [escaped(identityWords(hashed))],
    ...pathBlocks(plan),
    ...featureBlocks(plan),
    ...findingBlocks(plan.findings),
    ...nodeBlocks(plan),
    ...outlookSection(plan),
    ...changeBlocks(plan),
    ['## Rules'],
    tableOf(['rule', 'value'], ruleRows(plan)),
    ...approvalBlocks(plan),
  ];
  return blocks.map((lines) => lines.join('\n')).join('\n\n');
};
