/** One broker's connection: kafkajs's transport (framing, TLS, SASL) under our own time limits and requests. */
import { setMaxListeners } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import type { SASLOptions } from 'kafkajs';
import Broker from 'kafkajs/src/broker';
import ConnectionPool from 'kafkajs/src/network/connectionPool';
import Decoder from 'kafkajs/src/protocol/decoder';
import Encoder from 'kafkajs/src/protocol/encoder';
import type { NodeId } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import type { KafkaRequest } from './requests/kafka-request';

/** How to secure the connection: kafkajs's own options, handed through. */
export interface ConnectionSecurity {
  ssl?: tls.ConnectionOptions;
  sasl?: SASLOptions;
}

export interface NodeConnectionOptions {
  nodeId: NodeId;
  /** `host:port` from the cluster definition; what brokers advertise may be out of reach for the worker. */
  address: string;
  connectTimeoutMs: number;
  requestTimeoutMs: number;
  security?: ConnectionSecurity;
}

const CLIENT_ID = 'kafka-upgrade';

/** kafkajs reports each lost connection as an error; here they are expected and reported once, as the failure. */
const silent: ConnectionPool.Logger = {
  namespace: () => silent,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** `host:port` or `[v6]:port`, split. Validated with the definition, so no more than that is checked here. */
const splitAddress = (address: string): { host: string; port: number } => {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
};

/** The connection was lost before the answer came; on a connection that had been idle, asking once more is right. */
class ConnectionLost extends Error {}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));

/** kafkajs sees the end of a connection before the socket is closed, and says so by the name of its error. */
const asLoss = (reason: unknown): Error => {
  const error = asError(reason);
  return /^KafkaJSConnection(Closed)?Error$/.test(error.name)
    ? new ConnectionLost('the broker closed the connection before it answered')
    : error;
};

const decode = <T>(request: KafkaRequest<T>, payload: Buffer): Promise<T> => {
  try {
    return Promise.resolve(request.decode(new Decoder(payload)));
  } catch (error) {
    const what = `its answer of ${payload.length} bytes could not be read (${asError(error).message})`;
    return Promise.reject(new Error(what));
  }
};

/** The life of one socket. Once lost it stays lost; NodeConnection then opens another. */
class Link {
  private readonly pool: ConnectionPool;
  private readonly broker: Broker;
  private readonly waiting = new Set<(error: Error) => void>();
  private socket: net.Socket | undefined;
  private lostBecause: Error | undefined;
  private opened = false;
  private readonly opening: Promise<void>;

  constructor(private readonly options: NodeConnectionOptions) {
    this.pool = new ConnectionPool({
      ...splitAddress(options.address),
      logger: silent,
      clientId: CLIENT_ID,
      connectionTimeout: options.connectTimeoutMs,
      requestTimeout: options.requestTimeoutMs,
      enforceRequestTimeout: false, // `ask` has its own limit, which also covers connecting
      socketFactory: (request) => this.openSocket(request),
      ssl: options.security?.ssl ?? null,
      sasl: options.security?.sasl ?? null,
    });
    armNoIdleTimers(this.pool);
    this.broker = new Broker({ connectionPool: this.pool, logger: silent, nodeId: options.nodeId });
    this.opening = this.open();
    this.opening.catch(() => undefined); // told to whoever waits for it; nobody may
  }

  /** Can a request be sent on it, now or once it is open? */
  get usable(): boolean {
    return this.lostBecause === undefined && (!this.opened || this.broker.isConnected());
  }

  get isOpen(): boolean {
    return this.usable && this.opened;
  }

  /**
   * Sends one request; rejects when the answer is not there in time, and then gives the whole connection up. Calls `onSend`
   * right before the first byte may leave.
   */
  async ask<T>(request: KafkaRequest<T>, signal: AbortSignal | undefined, onSend: () => void): Promise<T> {
    await this.orLost(this.opening, signal);
    if (!this.usable) throw this.lostBecause ?? new ConnectionLost('the broker closed the connection');
    const limit = this.options.requestTimeoutMs;
    const timer = setTimeout(() => {
      this.lose(new Error(`no answer to ${request.name} within ${limit} ms`));
    }, limit);
    try {
      return await this.orLost(this.exchange(request, onSend), signal);
    } catch (error) {
      throw asLoss(error);
    } finally {
      clearTimeout(timer);
      letGoOfAnswers(this.pool);
    }
  }

  lose(because: Error): void {
    if (this.lostBecause !== undefined) return;
    this.lostBecause = because;
    this.socket?.destroy(because);
    for (const giveUp of [...this.waiting]) giveUp(because);
  }

  private async open(): Promise<void> {
    const limit = this.options.connectTimeoutMs;
    const timer = setTimeout(() => {
      this.lose(new Error(`no connection within ${limit} ms`));
    }, limit);
    try {
      await this.orLost(this.broker.connect(), undefined);
      this.opened = true;
    } catch (error) {
      this.lose(asLoss(error));
      throw this.lostBecause ?? error;
    } finally {
      clearTimeout(timer);
    }
  }

  private openSocket({ host, port, ssl, onConnect }: ConnectionPool.SocketRequest): net.Socket {
    const serverName = net.isIP(host) === 0 ? { servername: host } : {};
    const socket = ssl
      ? tls.connect({ host, port, ...serverName, ...ssl }, onConnect)
      : net.connect({ host, port }, onConnect);
    socket.setNoDelay(true); // small requests, pipelined: without it each waits for the answer to the one before
    socket.on('error', (error: Error) => {
      this.lose(new ConnectionLost(error.message));
    });
    socket.on('close', () => {
      this.lose(new ConnectionLost('the broker closed the connection'));
    });
    this.socket = socket;
    if (this.lostBecause !== undefined) socket.destroy(this.lostBecause); // given up while it was waiting to open
    return socket;
  }

  private exchange<T>(request: KafkaRequest<T>, onSend: () => void): Promise<T> {
    const spoken = this.broker.versions?.[request.apiKey];
    if (spoken && (request.version < spoken.minVersion || request.version > spoken.maxVersion)) {
      const range = `${spoken.minVersion} to ${spoken.maxVersion}`;
      return Promise.reject(new Error(`it speaks ${request.name} versions ${range}, not ${request.version}`));
    }
    const encode = (): Promise<Encoder> => {
      const encoder = new Encoder();
      request.encode(encoder);
      return Promise.resolve(encoder);
    };
    onSend();
    return this.pool.send<T>({
      request: { apiKey: request.apiKey, apiVersion: request.version, apiName: request.name, encode },
      response: {
        decode: (payload) => decode(request, payload),
        parse: (data) => Promise.resolve(data),
      },
      logResponseError: false,
    });
  }

  /** The promise's outcome, unless the connection is lost or the caller gives up first. */
  private orLost<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => {
        giveUp(asError(signal?.reason));
      };
      const forget = (): void => {
        this.waiting.delete(giveUp);
        signal?.removeEventListener('abort', abort);
      };
      const giveUp = (error: Error): void => {
        forget();
        reject(error);
      };
      this.waiting.add(giveUp);
      signal?.addEventListener('abort', abort, { once: true });
      promise.then(resolve, reject).finally(forget);
      if (this.lostBecause !== undefined) giveUp(this.lostBecause);
    });
  }
}

/**
 * kafkajs arms a timer after every answer, with a negative delay while nothing is throttled, of which newer Node releases
 * warn. It matters only while requests are held back.
 */
const armNoIdleTimers = (pool: ConnectionPool): void => {
  for (const { requestQueue } of pool.pool) {
    const arm = requestQueue.scheduleCheckPendingRequests.bind(requestQueue);
    requestQueue.scheduleCheckPendingRequests = () => {
      if (requestQueue.pending.length > 0) arm();
    };
  }
};

/** kafkajs keeps the empty rest of the last answer, and with it the whole answer: megabytes for each broker that is asked. */
const letGoOfAnswers = (pool: ConnectionPool): void => {
  for (const connection of pool.pool) if (connection.bytesBuffered === 0) connection.chunks = [];
};

/** A change was sent, and how it went did not come back. */
class AnswerMissing extends Error {}

/**
 * A warm connection to one broker. A lost one is replaced by the next request at once, without back-off: the caller's
 * polling sets the pace. A read that met a stale connection is simply sent again; a change only if it was not sent yet.
 */
export class NodeConnection {
  private link: Link | undefined;
  private closed = false;

  constructor(private readonly options: NodeConnectionOptions) {}

  get address(): string {
    return this.options.address;
  }

  /** `node 2 at 10.0.0.2:9092`, for messages. */
  get label(): string {
    return `node ${this.options.nodeId} at ${this.options.address}`;
  }

  /**
   * Rejects with `BrokerUnreachable`, with `OutcomeUnknown` when a change may have been carried out, or with the signal's
   * reason when the caller gave up.
   */
  async request<T>(request: KafkaRequest<T>, signal?: AbortSignal): Promise<T> {
    const started = performance.now();
    signal?.throwIfAborted();
    if (signal) setMaxListeners(0, signal); // one activity asks hundreds of things at once; that is no leak
    try {
      return await this.askTwiceIfStale(request, signal);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      const evidence = { node: this.options.nodeId, address: this.address, request: request.name };
      const afterMs = Math.round(performance.now() - started);
      const isUnknown = error instanceof AnswerMissing;
      const message = `Asked ${this.label} for ${request.name}: ${asError(error).message}.`;
      throw new UpgradeError(
        isUnknown ? 'OutcomeUnknown' : 'BrokerUnreachable',
        isUnknown ? `${message} Whether it was carried out is not known.` : message,
        { ...evidence, afterMs },
      );
    }
  }

  /** Drops the socket; the next request opens another. */
  drop(): void {
    this.link?.lose(new Error('the connection was dropped because the broker is being restarted'));
    this.link = undefined;
  }

  /** Drops the socket for good. */
  close(): void {
    this.closed = true;
    this.link?.lose(new Error('the reader was closed'));
    this.link = undefined;
  }

  private async askTwiceIfStale<T>(request: KafkaRequest<T>, signal: AbortSignal | undefined): Promise<T> {
    const wasWarm = this.link?.isOpen === true;
    try {
      return await this.askOnce(request, signal);
    } catch (error) {
      if (!wasWarm || !(error instanceof ConnectionLost)) throw error;
      return await this.askOnce(request, signal);
    }
  }

  private async askOnce<T>(request: KafkaRequest<T>, signal: AbortSignal | undefined): Promise<T> {
    let sent = false;
    try {
      return await this.current().ask(request, signal, () => (sent = true));
    } catch (error) {
      throw sent && !request.repeatable ? new AnswerMissing(asError(error).message) : error;
    }
  }

  private current(): Link {
    if (this.closed) throw new Error('the reader was closed');
    if (this.link?.usable !== true) {
      this.link?.lose(new Error('the connection was replaced'));
      this.link = new Link(this.options);
    }
    return this.link;
  }
}
