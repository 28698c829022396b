import { connect } from 'node:net';

/** A port on this machine answers at once, or its packets are dropped. */
const answerLimitMs = 500;

/** One connection that fails between others that do not is noted, and is no closed port: a stop closes it for seconds. */
const failuresOfClosedPort = 2;

/** Does the node's own port accept connections? A port that has not answered by now does not. */
export class PortProbe {
  /** Why the last connection failed, null when it was accepted. */
  failure: string | null = null;
  private failuresInARow = failuresOfClosedPort;
  private pending = false;

  constructor(
    private readonly target: { host: string; port: number },
    /** Told why a single connection failed. */
    private readonly onFlicker: (failure: string) => void,
  ) {}

  get accepts(): boolean {
    return this.failuresInARow < failuresOfClosedPort;
  }

  look(): void {
    if (this.pending) return;
    this.pending = true;
    const socket = connect({ ...this.target, timeout: answerLimitMs });
    socket.once('connect', () => {
      this.settle(null);
      // Without a reset the closed connections of ten looks a second would pile up on the machine.
      socket.resetAndDestroy();
    });
    const failed = (failure: string): void => {
      // The kernel tries a connection that is not answered for two minutes more, and would tell of each of them then.
      socket.removeAllListeners().on('error', () => undefined);
      socket.destroy();
      this.settle(failure);
    };
    socket.once('error', ({ message }) => failed(message));
    socket.once('timeout', () => failed(`no answer within ${answerLimitMs} ms`));
  }

  private settle(failure: string | null): void {
    if (failure === null && this.failuresInARow === 1) this.onFlicker(this.failure ?? '');
    this.failuresInARow = failure === null ? 0 : this.failuresInARow + 1;
    this.failure = failure;
    this.pending = false;
  }
}
