import { once } from 'node:events';
import { connect, createSecureServer } from 'node:http2';
import type {
  ClientHttp2Session,
  IncomingHttpHeaders,
  OutgoingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { readCertificate } from './certificates';
import type { Pki } from './certificates';

/** How the front lets clients in: by a certificate of the authority, or by a key in the header of every call. */
export type Admission = { by: 'certificate' } | { by: 'key'; key: string };

export interface TlsFront {
  address: string;
  stop: () => Promise<void>;
}

/** Pseudo headers belong to one hop. */
const ofTheCall = (headers: IncomingHttpHeaders): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));

const deny = (stream: ServerHttp2Stream): void => {
  const status = { 'grpc-status': '16', 'grpc-message': 'Request unauthorized' };
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status }, { endStream: true });
};

const forward = (upstream: ClientHttp2Session, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void => {
  const call = upstream.request({ ...ofTheCall(headers), ':method': 'POST', ':path': headers[':path'] });
  let trailers: OutgoingHttpHeaders = {};
  call.on('response', (answer: IncomingHttpHeaders) => {
    // An error comes without a body: its status is in the headers, and there are no trailers.
    const isAll = answer['grpc-status'] !== undefined;
    stream.respond(ofTheCall(answer), isAll ? { endStream: true } : { waitForTrailers: true });
  });
  call.on('trailers', (last: IncomingHttpHeaders) => {
    trailers = ofTheCall(last);
  });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  // Either end may go away at any moment; the other then has nobody to talk to.
  call.on('error', () => stream.close());
  stream.on('error', () => call.close());
  stream.on('aborted', () => call.close());
  stream.pipe(call);
  call.pipe(stream);
};

/** What stands before a Temporal that is reached over TLS: it ends the encryption and admits clients, call by call. */
export const startTlsFront = async (target: string, pki: Pki, admission: Admission): Promise<TlsFront> => {
  const wanted = admission.by === 'certificate';
  const { cert: ca } = readCertificate(pki.ca);
  const server = createSecureServer({
    ...readCertificate(pki.server),
    ca,
    requestCert: wanted,
    rejectUnauthorized: wanted,
  });
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    // A connection for each of theirs: the server may end one that is idle, or that a client ended.
    const upstream = connect(`http://${target}`);
    sessions.add(session);
    session.on('close', () => {
      sessions.delete(session);
      upstream.destroy();
    });
    upstream.on('error', () => session.destroy());
    upstream.on('close', () => session.destroy());
    session.on('stream', (stream, headers) => {
      const admitted = admission.by === 'certificate' || headers.authorization === `Bearer ${admission.key}`;
      if (admitted) forward(upstream, stream, headers);
      else deny(stream);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // as: a TCP server has an AddressInfo once it listens.
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    for (const session of sessions) session.destroy();
    server.close();
    await once(server, 'close');
  };
  return { address: `127.0.0.1:${port}`, stop };
};
