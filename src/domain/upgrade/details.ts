/** The page that the Temporal web UI shows for a running upgrade: Markdown, a pure projection of the status. */
import type { ChecklistState } from './checklist';
import { remainingWords } from './eta';
import { cell, evidenceList, oneLine } from '../common/markdown-text';
import { someOf } from '../health/gate';
import { approvedWords } from '../policy/open-gate';
import type { NodeStatus, UpgradeStatus, WaitingFor } from './upgrade-status';
import type { FeatureProgress, NodeProgress } from './upgrade-state';

/** Plain signs: the web UI shows them in any font. */
const marks: Record<ChecklistState, string> = {
  pending: '·',
  running: '▶',
  waiting: '■',
  done: '✔',
  'not-applicable': '–',
  failed: '✘',
};

const progressCell = ({ state, detail }: NodeProgress | FeatureProgress): string =>
  cell(detail === '' ? state : `${state}: ${detail}`);

/** KRaft has no second roll, and most upgrades none back: no empty columns. */
const nodeTable = (status: UpgradeStatus, shown: readonly NodeStatus[]): string[] => {
  const back = status.nodes.some(({ rollback }) => rollback !== null);
  const row = (cells: (string | null)[]): string => `| ${cells.filter((text) => text !== null).join(' | ')} |`;
  const heads = [
    'node',
    'host',
    status.downgrade === true ? 'older binary' : 'new binary',
    status.mode === 'kraft' || status.downgrade === true ? null : 'new protocol',
    back ? (status.downgrade === true ? 'newer binary back' : 'old binary back') : null,
  ];
  return [
    row(heads),
    row(heads.map((head) => (head === null ? null : '---'))).replaceAll(' ', ''),
    ...shown.map(({ nodeId, address, binaries, protocol, rollback }) =>
      row([
        String(nodeId),
        cell(address),
        progressCell(binaries),
        protocol === null ? null : progressCell(protocol),
        back ? (rollback === null ? '' : progressCell(rollback)) : null,
      ]),
    ),
  ];
};

const featureLines = ({ features }: UpgradeStatus): string[] =>
  features.length === 0
    ? []
    : [
        '',
        '## Features',
        '',
        '| feature | from | to | state | way back |',
        '|---|---|---|---|---|',
        ...features.map(
          ({ step, ...progress }) =>
            `| ${step.feature} | ${step.fromName} | ${step.toName} | ${progressCell(progress)} | ${cell(step.wayBack)} |`,
        ),
      ];

const planLines = ({ plan, mode, fromProtocol, toProtocol }: UpgradeStatus): string[] =>
  plan === null || fromProtocol === null || toProtocol === null
    ? []
    : ['', `${mode === 'kraft' ? 'metadata.version' : 'Protocol'} ${fromProtocol} → ${toProtocol}, plan \`${plan}\``];

const whoLines = ({ who, approvedBy }: WaitingFor): string[] => [
  ...(who === null ? [] : ['', who]),
  ...approvedWords(approvedBy.map(oneLine)).flatMap((words) => ['', words]),
];

/** The page is small; the whole plan is a query away. */
const mostToRead = 15;

const readingLines = ({ toRead }: WaitingFor): string[] => {
  if (toRead.length === 0) return [];
  const left = toRead.length - mostToRead;
  return [
    '',
    '## To be read before',
    '',
    ...toRead.slice(0, mostToRead).map((finding) => `- ${oneLine(finding)}`),
    ...(left > 0 ? [`- and ${left} more`] : []),
    '',
    'The whole plan, with why and what to do: tab "Queries", `plan`; or `kafka-upgrade plan` with the name of the cluster.',
  ];
};

const downLines = ({ down }: UpgradeStatus): string[] => down.map((words) => `\n**DOWN: ${oneLine(words)}**`);

const waitingLines = (waiting: WaitingFor): string[] => [
  '',
  '## Waiting for a person',
  '',
  `**${oneLine(waiting.question)}**`,
  '',
  waiting.afterwards,
  ...whoLines(waiting),
  '',
  'Send one of these signals:',
  '',
  ...waiting.answers.map(({ signal, payload }) => `- \`${signal}\` with \`${payload}\``),
  ...readingLines(waiting),
];

/** The restart in progress is a workflow of its own, with a page like this one. */
const rollingLines = ({ nodes }: UpgradeStatus): string[] =>
  nodes.flatMap(({ nodeId, rollingWorkflowId }) =>
    rollingWorkflowId === null
      ? []
      : [
          '',
          `Node ${nodeId} is being restarted: workflow \`${rollingWorkflowId}\` shows its step and the figures of its gate.`,
        ],
  );

/** The page is small; all names are in the answer of the query `status`. */
const mostAccepted = 20;

const acceptedLines = ({ accepted }: UpgradeStatus): string[] =>
  accepted.length === 0 ? [] : ['', `Accepted by name: ${someOf(accepted.map(cell), mostAccepted)}.`];

const seenLines = ({ lastEvidence }: UpgradeStatus): string[] =>
  lastEvidence === null
    ? []
    : ['', `## Seen last: ${oneLine(lastEvidence.title)}`, '', ...evidenceList(lastEvidence.lines)];

const isUnderWay = ({ binaries, protocol, rollback }: NodeStatus): boolean =>
  [binaries, protocol, rollback].some((progress) => progress?.state === 'rolling' || progress?.state === 'parked');

/** All nodes, or of many those that something happens to before the others. */
const shownNodes = ({ nodes }: UpgradeStatus, most: number): NodeStatus[] => {
  if (nodes.length <= most) return nodes;
  return [...nodes.filter(isUnderWay), ...nodes.filter((node) => !isUnderWay(node))].slice(0, most);
};

/**
 * Markdown of a few kilobytes, whatever the size of the cluster: the web UI hands it to a frame as a part of an address,
 * which proxies limit to 8 kB or so.
 */
export const detailsMarkdown = (status: UpgradeStatus, maxNodes = 30): string => {
  const shown = shownNodes(status, maxNodes);
  const left = status.nodes.length - shown.length;
  return [
    `# Kafka upgrade of ${status.cluster}: ${status.fromVersion ?? '?'} → ${status.toVersion}`,
    '',
    `**${status.phase}**: ${oneLine(status.message)}`,
    ...downLines(status),
    ...planLines(status),
    ...(status.remaining === null ? [] : ['', `Left to do: ${remainingWords(status.remaining)}`]),
    ...(status.waitingFor === null ? [] : waitingLines(status.waitingFor)),
    '',
    '## Checklist',
    '',
    ...status.items.map(
      ({ item, title, state, detail }) =>
        `${item}. ${marks[state]} ${title}${detail === '' ? '' : `: ${oneLine(detail)}`}`,
    ),
    '',
    '## Nodes',
    '',
    ...nodeTable(status, shown),
    ...(left > 0 ? ['', `and ${left} more nodes`] : []),
    ...featureLines(status),
    ...rollingLines(status),
    ...acceptedLines(status),
    ...seenLines(status),
  ].join('\n');
};
