/** The page that the Temporal web UI shows for a running upgrade: Markdown, a pure projection of the status. */
import type { ChecklistState } from './checklist';
import type { NodeStatus, UpgradeStatus, WaitingFor } from './upgrade-status';
import type { NodeProgress } from './upgrade-state';

/** Plain signs: the web UI shows them in any font. */
const marks: Record<ChecklistState, string> = {
  pending: '·',
  running: '▶',
  waiting: '■',
  done: '✔',
  'not-applicable': '–',
  failed: '✘',
};

/** Messages may hold the tail of a log, whose lines would be read as Markdown. */
const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');

/** A table cell must not end the table. */
const cell = (text: string): string => oneLine(text).replaceAll('|', '\\|');

const progressCell = (progress: NodeProgress | null): string => {
  if (progress === null) return '–';
  const { state, detail } = progress;
  return cell(detail === '' ? state : `${state}: ${detail}`);
};

const nodeRow = ({ nodeId, address, binaries, protocol, rollback }: NodeStatus): string =>
  `| ${nodeId} | ${cell(address)} | ${progressCell(binaries)} | ${progressCell(protocol)} | ${progressCell(rollback)} |`;

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
          ({ step, state, detail }) =>
            `| ${step.feature} | ${step.fromName} | ${step.toName} | ${cell(detail === '' ? state : `${state}: ${detail}`)} | ${cell(step.wayBack)} |`,
        ),
      ];

const waitingLines = ({ question, afterwards, answers }: WaitingFor): string[] => [
  '',
  '## Waiting for a person',
  '',
  `**${oneLine(question)}**`,
  '',
  afterwards,
  '',
  'Send one of these signals:',
  '',
  ...answers.map(({ signal, payload }) => `- \`${signal}\` with \`${payload}\``),
];

/** Markdown of at most a few kilobytes, whatever the size of the cluster. */
export const detailsMarkdown = (status: UpgradeStatus, maxNodes = 100): string => {
  const shown = status.nodes.slice(0, maxNodes);
  const left = status.nodes.length - shown.length;
  return [
    `# Kafka upgrade of ${status.cluster}: ${status.fromVersion ?? '?'} → ${status.toVersion}`,
    '',
    `**${status.phase}**: ${oneLine(status.message)}`,
    ...(status.plan === null
      ? []
      : ['', `Protocol ${status.fromProtocol ?? '?'} → ${status.toProtocol ?? '?'}, plan \`${status.plan}\``]),
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
    '| node | host | new binary | new protocol | old binary back |',
    '|---|---|---|---|---|',
    ...shown.map(nodeRow),
    ...(left > 0 ? ['', `and ${left} more nodes`] : []),
    ...featureLines(status),
  ].join('\n');
};
