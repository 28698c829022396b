import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a fake agent answers: a text with status 200, or whatever it does to the response itself. */
export type FakeAnswer = string | ((response: ServerResponse) => void);

/** An agent's HTTP server whose answers the test makes. */
export class FakeAgent {
  /** Bodies of the requests, in their order. */
  readonly requests: string[] = [];
  connections = 0;
  answer: (body: string) => FakeAnswer = () => '';
  private readonly server = createServer((request, response) => void this.respond(request, response));

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/agent`;
  }

  async start(): Promise<this> {
    this.server.on('connection', () => (this.connections += 1));
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    this.requests.push(body);
    const answer = this.answer(body);
    if (typeof answer === 'string') response.end(answer);
    else answer(response);
  }
}
