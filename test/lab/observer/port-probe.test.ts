import { EventEmitter } from 'node:events';
import { PortProbe } from '../../../src/lab/observer/port-probe';

/** A connection as `node:net` makes one; the test says what becomes of it. */
class FakeSocket extends EventEmitter {
  readonly resetAndDestroy = jest.fn();
  readonly destroy = jest.fn();
}

const mockSockets: FakeSocket[] = [];
jest.mock('node:net', () => ({
  connect: () => {
    const socket = new FakeSocket();
    mockSockets.push(socket);
    return socket;
  },
}));

describe('the probe of a port', () => {
  let flickers: string[];
  let probe: PortProbe;

  beforeEach(() => {
    mockSockets.length = 0;
    flickers = [];
    probe = new PortProbe({ host: '127.77.0.1', port: 9092 }, (failure) => flickers.push(failure));
  });

  /** One look, and what became of its connection. */
  const look = (event: 'connect' | 'timeout' | 'error'): FakeSocket => {
    probe.look();
    const socket = mockSockets.at(-1) ?? new FakeSocket();
    socket.emit(event, ...(event === 'error' ? [new Error('connect ECONNREFUSED')] : []));
    return socket;
  };

  it('accepts once a connection was accepted, and resets it', () => {
    expect(probe.accepts).toBe(false);
    const socket = look('connect');
    expect(probe.accepts).toBe(true);
    expect(socket.resetAndDestroy).toHaveBeenCalledTimes(1);
  });

  it('notes one connection that fails between others, and calls the port closed after two', () => {
    look('connect');
    look('error');
    expect(probe.accepts).toBe(true);
    look('connect');
    expect(flickers).toEqual(['connect ECONNREFUSED']);
    look('error');
    look('timeout');
    expect(probe.accepts).toBe(false);
  });

  it('gives a connection up that is not answered: what the kernel says of it minutes later counts for nothing', () => {
    look('connect');
    const lost = look('timeout');
    expect(lost.destroy).toHaveBeenCalledTimes(1);
    look('connect');
    lost.emit('error', new Error('connect ETIMEDOUT'));
    look('error');
    expect(probe.accepts).toBe(true);
  });

  it('asks one question at a time', () => {
    probe.look();
    probe.look();
    expect(mockSockets).toHaveLength(1);
  });
});
