import { connect } from 'node:net';

/** A broker that boots refuses at once; one behind a dead network does not answer at all (ms). */
const timeoutMs = 1_000;

/** Does something accept TCP connections at `host:port` now? Never rejects. */
export const isListening = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const separator = address.lastIndexOf(':');
    const socket = connect({
      host: address.slice(0, separator),
      port: Number(address.slice(separator + 1)),
      timeout: timeoutMs,
    });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('error', () => {
      settle(false);
    });
    socket.once('timeout', () => {
      settle(false);
    });
  });
