/** The words of a notice for somebody who is woken by it: what, where, what is waited for and by whom, and how to answer. */
import { approvedWords } from '../domain/policy/open-gate';
import { fillTemplate } from '../domain/notices/notice-template';
import type { NoticeExtras } from '../domain/notices/notice-template';
import type { Notice, NoticeWait } from '../domain/notices/notice';
import type { NoticeKind } from '../domain/policy/planned-channel';
import { temporalCommand } from './answer-commands';

/** A first line and the rest. */
export interface NoticeWords {
  title: string;
  text: string;
}

/** Templates of a channel, null for our own words. */
export interface NoticeTemplates {
  title: string | null;
  text: string | null;
}

/** Readers are elsewhere: what reaches Temporal from there is their own profile. */
const plainCommand = { program: 'kafka-upgrade', address: null, namespace: null };

/** What only the worker can say about a notice. */
export const noticeExtras = ({ wait, workflowId }: Notice, link: string | null): NoticeExtras => {
  const [answer] = wait?.answers ?? [];
  return { link, command: answer === undefined ? null : temporalCommand(answer, workflowId, plainCommand) };
};

const headlines: Record<NoticeKind, (notice: Notice) => string> = {
  started: () => 'upgrade started',
  waiting: ({ wait }) => `waits for a person: ${wait?.name ?? 'an answer'}`,
  reminder: ({ wait }) => `still waits: ${wait?.name ?? 'an answer'}`,
  escalation: ({ wait }) => `ESCALATION, nobody answers: ${wait?.name ?? 'an answer'}`,
  expired: ({ wait }) => `EXPIRED: ${wait?.name ?? 'a gate'}`,
  parked: ({ nodeId }) => `PARKED${nodeId === null ? '' : ` at node ${nodeId}`}`,
  warning: () => 'warning',
  finished: ({ outcome }) => `upgrade ${outcome ?? 'ended'}`,
};

const defaultTitle = (notice: Notice): string => {
  const versions = notice.from === null ? notice.to : `${notice.from} → ${notice.to}`;
  return `[${notice.cluster}] Kafka ${versions}: ${headlines[notice.kind](notice)}`;
};

/** Said apart only where the message does not say it already. */
const questionLines = (message: string, { question, afterwards }: NoticeWait): string[] => [
  ...(message.includes(question) ? [] : [question]),
  ...(afterwards === '' ? [] : [afterwards]),
];

const whoLines = ({ who, approvedBy }: NoticeWait): string[] => [
  who ?? 'Who may answer: anybody who may send a message.',
  ...approvedWords(approvedBy),
];

const answerLines = ({ answers }: NoticeWait, { command }: NoticeExtras): string[] => [
  '',
  'To answer, send one of these signals:',
  ...answers.map(({ signal, payload }) => `  ${signal}  ${payload}`),
  ...(command === null ? [] : ['for example', `  ${command}`]),
];

const waitLines = (notice: Notice, extras: NoticeExtras): string[] => {
  const { wait, message } = notice;
  // A start and a warning want no answer; what they happen in may.
  if (wait === null || notice.kind === 'started' || notice.kind === 'warning') return [];
  return [...questionLines(message, wait), ...whoLines(wait), ...answerLines(wait, extras)];
};

const defaultText = (notice: Notice, extras: NoticeExtras): string =>
  [
    notice.message,
    ...notice.down.map((words) => `DOWN: ${words}`),
    ...waitLines(notice, extras),
    '',
    `Workflow ${notice.workflowId}${notice.plan === null ? '' : `, plan ${notice.plan}`}${notice.ticket === null ? '' : `, ticket ${notice.ticket}`}`,
    ...(extras.link === null ? [] : [extras.link]),
  ].join('\n');

/** Title and text, by the templates of the channel where it has some. */
export const noticeWords = (notice: Notice, { title, text }: NoticeTemplates, extras: NoticeExtras): NoticeWords => ({
  title: title === null ? defaultTitle(notice) : fillTemplate(title, notice, extras),
  text: text === null ? defaultText(notice, extras) : fillTemplate(text, notice, extras),
});
