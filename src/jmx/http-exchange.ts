import { UpgradeError } from '../domain/failure';
import { isRecord } from '../domain/is-record';
import { messageOf } from '../domain/message-of';

/** An agent that needs longer for an answer (ms) tells nothing that a gate could use. */
const TIME_LIMIT_MS = 5_000;
/** The metrics of a broker with very many partitions; what is larger was not meant for us (bytes). */
const SIZE_LIMIT = 64 * 1024 * 1024;

/** What is sent to an agent; without a body it is asked with GET. */
export interface AgentRequest {
  url: string;
  json?: unknown;
  signal?: AbortSignal | undefined;
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused: nothing listens there. Is the node up, and was it started with the agent?',
  ENOTFOUND: 'there is no such host name',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'no connection within the time limit: is a firewall between the worker and the node?',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within the time limit: is a firewall between the worker and the node?',
  ECONNRESET: 'the connection was cut: the node is stopping, or this is another protocol (https?)',
  UND_ERR_SOCKET: 'the connection was cut: the node is stopping, or this is another protocol (https?)',
};

const reasonOf = (error: unknown): string => {
  const cause = isRecord(error) && isRecord(error['cause']) ? error['cause'] : {};
  const known = typeof cause['code'] === 'string' ? reasons[cause['code']] : undefined;
  if (known !== undefined) return known;
  if (isRecord(error) && error['name'] === 'TimeoutError') return `no answer within ${TIME_LIMIT_MS / 1_000} s`;
  const deeper = typeof cause['message'] === 'string' && cause['message'] !== '' ? `: ${cause['message']}` : '';
  return `${messageOf(error)}${deeper}`;
};

/** The first words of an answer, as one line. */
export const excerptOf = (text: string): string => {
  const line = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line === '' ? 'nothing' : `"${line.slice(0, 160)}${line.length > 160 ? '…' : ''}"`;
};

const readBody = async (response: Response, url: string): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > SIZE_LIMIT)
      throw new UpgradeError('BrokerUnreachable', `${url}: the answer has more than ${SIZE_LIMIT / 2 ** 20} MiB`);
  }
  return text + decoder.decode();
};

/**
 * The text that an agent answers with. Everything else is a `BrokerUnreachable` whose words are the address and what came
 * back. Connections stay open between requests: Node's own fetch keeps them.
 */
export const askAgent = async ({ url, json, signal }: AgentRequest): Promise<string> => {
  const limit = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    const response = await fetch(url, {
      // An agent does not redirect; whoever does is another service.
      redirect: 'manual',
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      ...(json === undefined
        ? {}
        : { method: 'POST', body: JSON.stringify(json), headers: { 'content-type': 'application/json' } }),
    });
    const text = await readBody(response, url);
    if (response.status === 200) return text;
    const words = `${url} answered ${response.status} ${response.statusText}: ${excerptOf(text)}`;
    throw new UpgradeError('BrokerUnreachable', words);
  } catch (error) {
    if (error instanceof UpgradeError) throw error;
    throw new UpgradeError('BrokerUnreachable', `${url}: ${reasonOf(error)}`);
  }
};
