import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedNotice {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** A real HTTP server that takes notices, unless the test lets it answer otherwise. */
export class NoticeReceiver {
  /** Every request, also those that were answered with an error. */
  readonly received: ReceivedNotice[] = [];
  answer: (response: ServerResponse, index: number) => void = (response) => void response.end('ok');

  private readonly server = createServer((request, response) => {
    void text(request).then((body) => {
      const { url = '', headers } = request;
      this.received.push({ path: url, headers, body: JSON.parse(body) as Record<string, unknown> });
      this.answer(response, this.received.length - 1);
    });
  });

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
