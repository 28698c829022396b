import { approvedWords } from '../domain/policy/open-gate';
import type { UpgradeStatus, WaitingFor } from '../domain/upgrade/upgrade-status';
import { ownCommand, temporalCommand } from './answer-commands';
import type { CommandContext } from './answer-commands';
import { wrapIndented } from './format';
import type { ViewOptions } from './view-options';
import type { Style } from './style';

const titles: Record<WaitingFor['kind'], { words: string; paint: keyof Style }> = {
  approval: { words: 'WAITING FOR YOUR APPROVAL', paint: 'attention' },
  parked: { words: 'PARKED', paint: 'bad' },
  paused: { words: 'PAUSED', paint: 'attention' },
};

/** Gates are known by their names, parks and pauses by their numbers. */
const nameOf = ({ kind, gate }: WaitingFor, { park, pause }: UpgradeStatus): string => {
  if (gate !== null) return ` of gate "${gate}"`;
  return kind === 'parked' ? ` (park ${park ?? ''})` : ` (pause ${pause ?? ''})`;
};

const title = (waiting: WaitingFor, status: UpgradeStatus, style: Style): string => {
  const { words, paint } = titles[waiting.kind];
  return style[paint](style.strong(`${words}${nameOf(waiting, status)}`));
};

/** Commands are never broken: they are to be pasted. */
const commandLines = (status: UpgradeStatus, waiting: WaitingFor, context: CommandContext): string[] => [
  ...waiting.answers.map((answer) => `    ${ownCommand(answer, status.cluster, context)}`),
  '  or',
  ...waiting.answers.slice(0, 1).map((answer) => `    ${temporalCommand(answer, status.workflowId, context)}`),
  '  or in the web UI, "Send a Signal":',
  ...waiting.answers.slice(0, 1).map(({ signal, payload }) => `    name ${signal}   input ${payload}`),
];

const whoLines = ({ who, approvedBy }: WaitingFor): string[] => [
  ...(who === null ? [] : [who]),
  ...approvedWords(approvedBy),
];

/** What a person is asked, what follows from it, and how to answer. Empty when nothing waits. */
export const waitingLines = (
  status: UpgradeStatus,
  context: CommandContext,
  { style, width }: ViewOptions,
): string[] => {
  const { waitingFor } = status;
  if (waitingFor === null) return [];
  return [
    title(waitingFor, status, style),
    ...wrapIndented(waitingFor.question, 2, width),
    ...wrapIndented(waitingFor.afterwards, 2, width),
    ...whoLines(waitingFor).flatMap((line) => wrapIndented(line, 2, width)),
    '',
    ...commandLines(status, waitingFor, context),
  ];
};
