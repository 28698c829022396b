import type { NodeDefinition } from '../../src/config/definition';
import { JmxToolGaugeReader } from '../../src/jmx/jmxtool-stream';
import type { HostSession, LineStream, StreamEnd, StreamOptions } from '../../src/ssh/host-session';
import { until } from '../support/until';

const HEADER = 'time,"kafka.server:type=KafkaServer,name=BrokerState:Value"';

/** A session whose streams the test feeds; the first `refusals` of them cannot be opened. */
class FakeSession implements HostSession {
  readonly address = 'kafka@b1:22';
  readonly opened: { options: StreamOptions; end: (reason: string) => void }[] = [];
  refusals = 0;

  run(): never {
    throw new Error('not used here');
  }

  stream(_command: string, options: StreamOptions): Promise<LineStream> {
    if (this.refusals > 0) {
      this.refusals -= 1;
      return Promise.reject(new Error('connection refused'));
    }
    let finish: (end: StreamEnd) => void = () => undefined;
    const ended = new Promise<StreamEnd>((resolve) => (finish = resolve));
    const end = (reason: string): void => finish({ exitCode: null, reason });
    this.opened.push({ options, end });
    return Promise.resolve({ ended, close: () => end('closed') });
  }

  line(text: string): void {
    this.opened.at(-1)?.options.onStdoutLine(text);
  }
}

const node: NodeDefinition = { id: 2, roles: ['broker'], host: 'b1', sshPort: 22, kafka: 'b1:9092', jmx: 'b1:9999' };
const paths = { config: '/c', current: '/opt/kafka', releases: '/r/{version}', state: '/s', logs: '/l' };
const readerOn = (session: FakeSession): JmxToolGaugeReader =>
  new JmxToolGaugeReader(
    {
      mode: 'zookeeper',
      nodes: [node],
      paths,
      service: { type: 'scripts', environment: {}, logging: { log4j: null, log4j2: null } },
    },
    () => session,
  );

describe('the gauge reader', () => {
  let session: FakeSession;
  let reader: JmxToolGaugeReader;
  beforeEach(() => {
    session = new FakeSession();
    reader = readerOn(session);
  });
  afterEach(() => reader.close());

  it('opens a node once, and gives the newest sample while it is fresh enough', async () => {
    expect(reader.trouble(2)).toBe('the stream was never opened');
    reader.open(2);
    reader.open(2);
    await until('the stream', () => session.opened.length === 1);
    expect(reader.latest(2, 60_000)).toBeNull();
    session.line(HEADER);
    session.line('10,1');
    session.line('20,3');
    expect(reader.latest(2, 60_000)).toMatchObject({ sampledAtMs: 20, brokerState: 3 });
    expect(reader.latest(2, -1)).toBeNull();
    expect(reader.trouble(2)).toBeNull();
  });

  it('gives the next sample to everyone who waits, and null at the limit or on abort', async () => {
    reader.open(2);
    await until('the stream', () => session.opened.length === 1);
    session.line(HEADER);
    session.line('10,1');
    const waiting = [reader.next(2, 5_000), reader.next(2, 5_000)];
    session.line('20,2');
    expect((await Promise.all(waiting)).map((gauges) => gauges?.sampledAtMs)).toEqual([20, 20]);
    expect(await reader.next(2, 20)).toBeNull();
    expect(await reader.next(2, 60_000, AbortSignal.abort())).toBeNull();
  });

  it('forgets earlier samples on reset', async () => {
    reader.open(2);
    await until('the stream', () => session.opened.length === 1);
    session.line(HEADER);
    session.line('10,3');
    reader.reset(2);
    expect(reader.latest(2, 60_000)).toBeNull();
    session.line('20,3');
    expect(reader.latest(2, 60_000)).toMatchObject({ sampledAtMs: 20 });
  });

  it('says why there is no sample, without the stack frames', async () => {
    reader.open(2);
    await until('the stream', () => session.opened.length === 1);
    const onStderrLine = session.opened[0]?.options.onStderrLine;
    onStderrLine?.('Could not connect to JMX url');
    onStderrLine?.('\tat java.rmi.Something(File.java:1)');
    onStderrLine?.('');
    expect(reader.trouble(2)).toBe('Could not connect to JMX url');
  });

  it('opens again after a refusal and after an end, and reset does not wait for that', async () => {
    session.refusals = 1;
    reader.open(2);
    await until('the refusal', () => reader.trouble(2) === 'connection refused');
    reader.reset(2);
    await until('the stream', () => session.opened.length === 1);
    session.opened[0]?.end('the connection was lost');
    await until('the end', () => reader.trouble(2) === 'the connection was lost');
    await until('the second stream', () => session.opened.length === 2);
  });

  it('opens nothing any more once it is closed', async () => {
    reader.open(2);
    await until('the stream', () => session.opened.length === 1);
    await reader.close();
    expect(session.opened).toHaveLength(1);
    expect(reader.trouble(2)).toBe('the stream was never opened');
  });

  it.each([
    { what: 'with samples', lines: [HEADER, '10,3'], awakeMs: 9 * 60_000, asleepMs: 11 * 60_000 },
    { what: 'without samples', lines: [], awakeMs: 50_000, asleepMs: 80_000 },
  ])('closes a stream $what that nobody asks, until somebody does', async ({ lines, awakeMs, asleepMs }) => {
    jest.useFakeTimers();
    try {
      reader.open(2);
      await jest.advanceTimersByTimeAsync(0);
      lines.forEach((line) => session.line(line));
      await jest.advanceTimersByTimeAsync(awakeMs);
      expect(reader.trouble(2)).not.toBe('closed');
      await jest.advanceTimersByTimeAsync(asleepMs - awakeMs);
      expect(reader.trouble(2)).toBe('closed');
      await jest.advanceTimersByTimeAsync(60_000);
      expect(session.opened).toHaveLength(1);
      expect(reader.latest(2, 1_000)).toBeNull();
      await jest.advanceTimersByTimeAsync(0);
      expect(session.opened).toHaveLength(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it('refuses a node that is not in the definition', () => {
    expect(() => reader.open(9)).toThrow('Node 9 is not in the cluster definition');
  });
});
