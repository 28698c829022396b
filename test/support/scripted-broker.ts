import net from 'node:net';
import { array, bytes, int16, int32 } from './wire';

/** What the scripted broker does with a request: an answer's body, silence, or hanging up. */
export type Reaction = Buffer | 'silence' | 'hang-up';

interface Request {
  apiKey: number;
  version: number;
  correlationId: number;
}

const API_VERSIONS = 18;

const frame = (correlationId: number, body: Buffer): Buffer =>
  bytes(int32(4 + body.length), int32(correlationId), body);

/** ApiVersions v2: every API in versions 0 to 12, or as given. */
const apiVersions = (ranges: Record<number, [number, number]>): Buffer => {
  const entries = Array.from({ length: 40 }, (_, key) => {
    const [min, max] = ranges[key] ?? [0, 12];
    return bytes(int16(key), int16(min), int16(max));
  });
  return bytes(int16(0), array(...entries), int32(0));
};

/**
 * A TCP server that speaks just enough of Kafka's protocol for unit tests: it negotiates versions and answers every other
 * request as the test says.
 */
export class ScriptedBroker {
  /** Reaction to a request by API key; unknown requests are met with silence. */
  reactions: Record<number, Reaction | ((request: Buffer) => Reaction)> = {};
  ranges: Record<number, [number, number]> = {};
  negotiation: 'answer' | 'silence' = 'answer';
  readonly requests: Request[] = [];
  connections = 0;
  private readonly sockets = new Set<net.Socket>();
  private server: net.Server | undefined;
  private port = 0;

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Starts listening; a second time on the port of the first. */
  async start(): Promise<void> {
    const server = net.createServer((socket) => {
      this.serve(socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
    this.server = server;
  }

  /** Hangs up on everybody and listens no more, as a broker that is killed. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  private serve(socket: net.Socket): void {
    this.connections++;
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
    let buffered = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0)) {
        const end = 4 + buffered.readInt32BE(0);
        this.react(socket, buffered.subarray(4, end));
        buffered = buffered.subarray(end);
      }
    });
  }

  private react(socket: net.Socket, request: Buffer): void {
    const [apiKey, version, correlationId] = [request.readInt16BE(0), request.readInt16BE(2), request.readInt32BE(4)];
    if (apiKey === API_VERSIONS) {
      if (this.negotiation === 'answer') socket.write(frame(correlationId, apiVersions(this.ranges)));
      return;
    }
    this.requests.push({ apiKey, version, correlationId });
    const scripted = this.reactions[apiKey] ?? 'silence';
    const reaction = typeof scripted === 'function' ? scripted(request) : scripted;
    if (reaction === 'hang-up') socket.destroy();
    else if (reaction !== 'silence') socket.write(frame(correlationId, reaction));
  }
}
