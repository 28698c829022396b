import { UpgradeError } from '../domain/common/failure';
import { NoAnswer, ask, excerptOf } from '../http/ask';

/** An agent that needs longer for an answer (ms) tells nothing that a gate could use. */
const timeLimitMs = 5_000;
/** The metrics of a broker with very many partitions; what is larger was not meant for us (bytes). */
const sizeLimit = 64 * 1024 * 1024;

/** What is sent to an agent; without a body it is asked with GET. */
export interface AgentRequest {
  url: string;
  json?: unknown;
  signal?: AbortSignal | undefined;
}

const unconnected = 'no connection within the time limit: is a firewall between the worker and the node?';
const cut = 'the connection was cut: the node is stopping, or this is another protocol (https?)';

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused: nothing listens there. Is the node up, and was it started with the agent?',
  ETIMEDOUT: unconnected,
  UND_ERR_CONNECT_TIMEOUT: unconnected,
  ECONNRESET: cut,
  UND_ERR_SOCKET: cut,
};

/** The text that an agent answers with. Everything else is a `BrokerUnreachable` whose words are the address and what came back. */
export const askAgent = async (request: AgentRequest): Promise<string> => {
  const { url } = request;
  const unreachable = (error: unknown): never => {
    throw error instanceof NoAnswer ? new UpgradeError('BrokerUnreachable', `${url}: ${error.message}`) : error;
  };
  const answer = await ask({ ...request, timeLimitMs, reasons }).catch(unreachable);
  const text = await answer.text(sizeLimit).catch(unreachable);
  if (answer.status === 200) return text;
  const words = `${url} answered ${answer.status} ${answer.statusText}: ${excerptOf(text)}`;
  throw new UpgradeError('BrokerUnreachable', words);
};
