/** The documents that are sent: our own, versioned, and the one of Slack and its likes. */
import type { ChannelDefinition } from '../config/definition';
import type { Notice } from '../domain/notices/notice';
import type { NoticeWords } from '../render/notice-words';

/** What a document is made of. */
export interface NoticeDocument {
  notice: Notice;
  words: NoticeWords;
  link: string | null;
}

const inputOf = (payload: string): unknown => JSON.parse(payload);

/** Raised when a field changes its meaning; new fields do not raise it. */
const documentVersion = 1;

const webhookBody = ({ notice, words, link }: NoticeDocument): unknown => {
  const { id, kind, atMs, nodeId, wait, ...facts } = notice;
  return {
    version: documentVersion,
    id,
    kind,
    time: new Date(atMs).toISOString(),
    title: words.title,
    text: words.text,
    ...facts,
    node: nodeId,
    wait:
      wait === null
        ? null
        : {
            ...wait,
            waitedSeconds: Math.round(wait.waitedMs / 1_000),
            waitedMs: undefined,
            answers: wait.answers.map(({ signal, payload }) => ({ signal, input: inputOf(payload) })),
          },
    link,
  };
};

/** Slack's limits: a header of 150 characters, a section of 3,000. */
const limits = { title: 150, text: 2_900 };

const cut = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text);

/** What Slack reads as its own marks in text with marks. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const slackBody = ({ words, link }: NoticeDocument): unknown => ({
  // Where blocks are not known, and in notifications of phones.
  text: escaped(cut(`${words.title}\n${words.text}`, limits.text)),
  blocks: [
    { type: 'header', text: { type: 'plain_text', text: cut(words.title, limits.title), emoji: false } },
    // Without marks: names of topics and lines of logs hold stars and underscores.
    { type: 'section', text: { type: 'plain_text', text: cut(words.text, limits.text), emoji: false } },
    ...(link === null
      ? []
      : [{ type: 'section', text: { type: 'mrkdwn', text: `<${escaped(link)}|Open it in the web UI>` } }]),
  ],
});

/** The document for this kind of channel. */
export const noticeBody = (type: ChannelDefinition['type'], document: NoticeDocument): unknown =>
  type === 'slack' ? slackBody(document) : webhookBody(document);
