import type { ChannelDefinition } from '../config/definition';
import { UpgradeError } from '../domain/common/failure';
import { messageOf } from '../domain/common/message-of';
import type { Notice } from '../domain/notices/notice';
import { NoAnswer, ask } from '../http/ask';
import type { HttpAnswer } from '../http/ask';
import { noticeExtras, noticeWords } from '../render/notice-words';
import { noticeBody } from './notice-bodies';
import type { NoticeSender } from './notice-sender';
import { readSecret } from './read-secret';

export interface NoticeSenderOptions {
  /** Page of a workflow in the web UI; null when its address is not known. */
  workflowPage: (workflowId: string) => string | null;
  /** A receiver that needs longer is tried again (ms). */
  timeLimitMs?: number;
}

/** Receivers answer with a word; what is longer is read no further (bytes). */
const excerptLimit = 4_096;

interface Target {
  url: URL;
  headers: Record<string, string>;
  /** What must not be told. */
  secrets: string[];
}

const addressOf = async ({ name, url }: ChannelDefinition): Promise<URL> => {
  const text = await readSecret(url);
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
  throw new Error(`what stands for the address of channel "${name}" is no http:// or https:// address`);
};

const targetOf = async (channel: ChannelDefinition): Promise<Target> => {
  try {
    const url = await addressOf(channel);
    const headers: [string, string][] = await Promise.all(
      channel.headers.map(async ({ name, value }) => [name, await readSecret(value)]),
    );
    const secrets = [...url.pathname.split('/'), ...url.searchParams.values(), ...headers.map(([, value]) => value)];
    return { url, headers: Object.fromEntries(headers), secrets: secrets.filter((part) => part.length > 3) };
  } catch (error) {
    // Another worker may have it, and this one after its next start.
    throw new UpgradeError('NotificationFailed', `Channel "${channel.name}": ${messageOf(error)}.`);
  }
};

/** The words of a receiver, when they are a few plain ones; an error page may hold the address. */
const reasonGiven = async (answer: HttpAnswer, { secrets }: Target): Promise<string> => {
  const text = (await answer.text(excerptLimit).catch(() => '')).trim();
  const isPlain = /^[\w .,-]{1,80}$/.test(text) && !secrets.some((secret) => text.includes(secret));
  return isPlain ? ` (${text})` : '';
};

/** Busy, broken or late now: worth another try. */
const mayWorkLater = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status);

const refusal = async (answer: HttpAnswer, channel: string, target: Target): Promise<UpgradeError> => {
  const { status } = answer;
  const redirected = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  const said = `Channel "${channel}": ${target.url.host} answered ${status}${await reasonGiven(answer, target)}${redirected}.`;
  return mayWorkLater(status)
    ? new UpgradeError('NotificationFailed', said)
    : new UpgradeError('NotificationRefused', said);
};

/** Sends notices by HTTP POST, each with its own `Idempotency-Key`. */
export class HttpNoticeSender implements NoticeSender {
  constructor(private readonly options: NoticeSenderOptions) {}

  async send(channel: ChannelDefinition, notice: Notice, signal?: AbortSignal): Promise<void> {
    const target = await targetOf(channel);
    const extras = noticeExtras(notice, this.options.workflowPage(notice.workflowId));
    const words = noticeWords(notice, channel, extras);
    const answer = await ask({
      url: target.url.href,
      json: noticeBody(channel.type, { notice, words, link: extras.link }),
      headers: { 'user-agent': 'kafka-upgrade', ...target.headers, 'idempotency-key': notice.id },
      timeLimitMs: this.options.timeLimitMs ?? 10_000,
      signal,
    }).catch((error: unknown) => {
      if (!(error instanceof NoAnswer)) throw error;
      throw new UpgradeError('NotificationFailed', `Channel "${channel.name}", ${target.url.host}: ${error.message}.`);
    });
    if (answer.status < 200 || answer.status > 299) throw await refusal(answer, channel.name, target);
    // It has taken the notice; to wait for more of its words could only end in sending it twice.
    answer.discard();
  }
}
