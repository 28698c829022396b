/** One HTTP request of the worker: with a time limit, never redirected, and with words for everything but an answer. */
import { isRecord } from '../domain/common/is-record';
import { messageOf } from '../domain/common/message-of';

/** What is sent; without `json` it has no body. */
export interface HttpRequest {
  url: string;
  /** Default: GET, with a body POST. */
  method?: 'GET' | 'POST' | 'DELETE';
  json?: unknown;
  headers?: Record<string, string>;
  /** For the whole exchange, the reading of the answer included (ms). */
  timeLimitMs: number;
  signal?: AbortSignal | undefined;
  /** Better words for errors of the connection, by Node's code, where more is known of the other side. */
  reasons?: Record<string, string>;
}

/** There was no answer, or none that could be read to its end. The words hold no address: it may be a secret. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

const unconnected = 'no connection within the time limit: is a firewall in between?';
const cut = 'the connection was cut, or this is another protocol (https?)';

const generalReasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused: nothing listens there',
  ENOTFOUND: 'there is no such host name',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: unconnected,
  UND_ERR_CONNECT_TIMEOUT: unconnected,
  ECONNRESET: cut,
  UND_ERR_SOCKET: cut,
};

const reasonOf = (error: unknown, { reasons, timeLimitMs }: HttpRequest): string => {
  const cause = isRecord(error) && isRecord(error['cause']) ? error['cause'] : {};
  const known = typeof cause['code'] === 'string' ? { ...generalReasons, ...reasons }[cause['code']] : undefined;
  if (known !== undefined) return known;
  if (isRecord(error) && error['name'] === 'TimeoutError') return `no answer within ${timeLimitMs / 1_000} s`;
  const deeper = typeof cause['message'] === 'string' && cause['message'] !== '' ? `: ${cause['message']}` : '';
  return `${messageOf(error)}${deeper}`;
};

const readText = async (response: Response, sizeLimit: number): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > sizeLimit) throw new NoAnswer(`the answer has more than ${sizeLimit / 2 ** 20} MiB`);
  }
  return text + decoder.decode();
};

/** An answer whose status is known; its text may still be on its way. */
export interface HttpAnswer {
  status: number;
  statusText: string;
  /** Reads the text; rejects with `NoAnswer` when it is larger (bytes) or does not come. */
  text: (sizeLimit: number) => Promise<string>;
  /** Reads nothing of it. */
  discard: () => void;
}

/** Sends a request; rejects with `NoAnswer`. Connections stay open between requests: Node's own fetch keeps them. */
export const ask = async (request: HttpRequest): Promise<HttpAnswer> => {
  const { url, json, headers, signal, timeLimitMs } = request;
  const limit = AbortSignal.timeout(timeLimitMs);
  const failed = (error: unknown): never => {
    throw error instanceof NoAnswer ? error : new NoAnswer(reasonOf(error, request));
  };
  const response = await fetch(url, {
    method: request.method ?? (json === undefined ? 'GET' : 'POST'),
    // Whoever redirects is another service than the one that was named.
    redirect: 'manual',
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
  }).catch(failed);
  return {
    status: response.status,
    statusText: response.statusText,
    text: (sizeLimit) => readText(response, sizeLimit).catch(failed),
    discard: () => void response.body?.cancel().catch(() => undefined),
  };
};

/** The first words of an answer, as one line. */
export const excerptOf = (text: string): string => {
  const line = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line === '' ? 'nothing' : `"${line.slice(0, 160)}${line.length > 160 ? '…' : ''}"`;
};
