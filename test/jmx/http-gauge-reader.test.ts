import type { GaugeAgent, GaugeReading } from '../../src/jmx/gauge-agent';
import { HttpGaugeReader } from '../../src/jmx/http-gauge-reader';
import { askAgent } from '../../src/jmx/http-exchange';
import { jolokiaAgent } from '../../src/jmx/jolokia-agent';
import { FakeAgent } from '../support/fake-agent';
import { until } from '../support/until';

const node = { id: 2, roles: ['broker' as const], host: 'b', sshPort: 22, kafka: 'b:9092', jmx: 'b:9999' };

/** An agent whose answers the test gives, one after the other. */
class ScriptedAgent implements GaugeAgent {
  readonly intervalMs = 10;
  readonly asked: ((reading: GaugeReading | Error) => void)[] = [];

  gauges(): Promise<GaugeReading> {
    return new Promise((resolve, reject) => {
      this.asked.push((reading) => (reading instanceof Error ? reject(reading) : resolve(reading)));
    });
  }

  clients(): never {
    throw new Error('not used here');
  }

  zkMigrationState(): never {
    throw new Error('not used here');
  }

  /** Answers the question with this number (from 1) as soon as it is asked. */
  async tell(question: number, reading: GaugeReading | Error): Promise<void> {
    await until(`question ${question}`, () => this.asked.length >= question);
    this.asked[question - 1]?.(reading);
    await new Promise(setImmediate);
  }
}

const reading = (brokerState: number, missing: string | null = null): GaugeReading => ({
  gauges: {
    sampledAtMs: brokerState,
    underReplicatedPartitions: null,
    offlinePartitions: null,
    activeControllers: null,
    brokerState,
    version: null,
  },
  missing,
});

describe('the reader of gauges by HTTP', () => {
  let agent: ScriptedAgent;
  let reader: HttpGaugeReader;
  beforeEach(() => {
    agent = new ScriptedAgent();
    reader = new HttpGaugeReader({ mode: 'zookeeper', nodes: [node] }, { 2: 'http://b:1/' }, agent);
  });
  afterEach(async () => {
    const closed = reader.close();
    for (const answer of agent.asked) answer(new Error('closed'));
    await closed;
  });

  it('gives the newest sample while it is fresh enough, and goes on asking', async () => {
    expect(reader.trouble(2)).toBe('http://b:1/ was never asked');
    reader.open(2);
    reader.open(2);
    expect(reader.trouble(2)).toBe('http://b:1/ has not answered yet');
    expect(reader.latest(2, 60_000)).toBeNull();
    await agent.tell(1, reading(1));
    expect(reader.latest(2, 60_000)).toMatchObject({ brokerState: 1 });
    expect(reader.latest(2, -1)).toBeNull();
    expect(reader.trouble(2)).toBeNull();
    await agent.tell(2, reading(2, 'no version'));
    expect(reader.latest(2, 60_000)).toMatchObject({ brokerState: 2 });
    expect(reader.trouble(2)).toBe('no version');
  });

  it('says why there is no sample, and heals', async () => {
    reader.open(2);
    await agent.tell(1, new Error('nobody there'));
    expect(reader.trouble(2)).toBe('nobody there');
    expect(reader.latest(2, 60_000)).toBeNull();
    await agent.tell(2, reading(3));
    expect(reader.trouble(2)).toBeNull();
  });

  it('waits for a sample that was asked for after now: a slow answer tells what was', async () => {
    reader.open(2);
    await until('the first question', () => agent.asked.length === 1);
    const next = reader.next(2, 5_000);
    await agent.tell(1, reading(1));
    await agent.tell(2, reading(2));
    expect(await next).toMatchObject({ brokerState: 2 });
    expect(await reader.next(2, 5)).toBeNull();
    expect(await reader.next(2, 60_000, AbortSignal.abort())).toBeNull();
  });

  it('forgets on reset, also what is being asked at that moment', async () => {
    reader.open(2);
    await agent.tell(1, reading(1));
    await until('the second question', () => agent.asked.length === 2);
    reader.reset(2);
    expect(reader.latest(2, 60_000)).toBeNull();
    await agent.tell(2, reading(2));
    expect(reader.latest(2, 60_000)).toBeNull();
    await agent.tell(3, reading(3));
    expect(reader.latest(2, 60_000)).toMatchObject({ brokerState: 3 });
  });

  it('stops asking when nobody wants to know, until somebody does', async () => {
    jest.useFakeTimers();
    try {
      const answering = setInterval(() => agent.asked.at(-1)?.(reading(1)), 1);
      reader.open(2);
      await jest.advanceTimersByTimeAsync(29_000);
      const awake = agent.asked.length;
      expect(awake).toBeGreaterThan(100);
      await jest.advanceTimersByTimeAsync(2_000);
      const asleep = agent.asked.length;
      await jest.advanceTimersByTimeAsync(60_000);
      expect(agent.asked).toHaveLength(asleep);
      expect(reader.latest(2, 1_000)).toBeNull();
      await jest.advanceTimersByTimeAsync(100);
      expect(agent.asked.length).toBeGreaterThan(asleep);
      clearInterval(answering);
    } finally {
      jest.useRealTimers();
    }
  });

  it('says that an agent is too slow for a gate, and leaves it half the time', async () => {
    jest.useFakeTimers();
    try {
      reader.open(2);
      await jest.advanceTimersByTimeAsync(2_000);
      agent.asked[0]?.(reading(1));
      await jest.advanceTimersByTimeAsync(900);
      expect(reader.trouble(2)).toMatch(/^http:\/\/b:1\/ took 2\.0 s for an answer: too slow for a gate\./);
      expect(agent.asked).toHaveLength(1);
      await jest.advanceTimersByTimeAsync(200);
      expect(agent.asked).toHaveLength(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it('refuses a node that is not in the definition', () => {
    expect(() => reader.open(9)).toThrow('Node 9 is not in the cluster definition');
    expect(() => reader.trouble(9)).toThrow('Node 9 is not in the cluster definition');
  });
});

describe('asking an agent', () => {
  let fake: FakeAgent;
  beforeEach(async () => {
    fake = await new FakeAgent().start();
  });
  afterEach(() => fake.stop());

  it('keeps one connection', async () => {
    fake.answer = () => '[]';
    const reader = new HttpGaugeReader({ mode: 'zookeeper', nodes: [node] }, { 2: fake.url }, jolokiaAgent);
    reader.open(2);
    await until('some requests', () => fake.requests.length > 3);
    await reader.close();
    expect(fake.connections).toBe(1);
    expect(reader.trouble(2)).toBe(`${fake.url} was never asked`);
  });

  it.each([
    [401, 'Unauthorized', '<h1>Please log in</h1>', '401 Unauthorized: "Please log in"'],
    [302, 'Found', '', '302 Found: nothing'],
    [503, 'Service Unavailable', 'x'.repeat(999), `503 Service Unavailable: "${'x'.repeat(160)}…"`],
  ])('tells the address and what came back: status %d', async (status, statusText, body, words) => {
    fake.answer = () => (response) => response.writeHead(status, statusText, { location: '/elsewhere' }).end(body);
    await expect(askAgent({ url: fake.url })).rejects.toThrow(`${fake.url} answered ${words}`);
  });

  it('tells that nothing listens', async () => {
    const { url } = fake;
    await fake.stop();
    await expect(askAgent({ url })).rejects.toThrow(`${url}: connection refused: nothing listens there.`);
    fake = await new FakeAgent().start();
  });

  it('tells that the connection was cut', async () => {
    fake.answer = () => (response) => response.destroy();
    await expect(askAgent({ url: fake.url })).rejects.toThrow(`${fake.url}: the connection was cut`);
  });

  it('tells that no answer came in time', async () => {
    const soon = AbortSignal.timeout(30);
    const limit = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(soon);
    fake.answer = () => () => undefined;
    await expect(askAgent({ url: fake.url })).rejects.toThrow(`${fake.url}: no answer within 5 s`);
    expect(limit).toHaveBeenCalledWith(5_000);
    limit.mockRestore();
  });

  it('ends with the signal', async () => {
    fake.answer = () => () => undefined;
    await expect(askAgent({ url: fake.url, signal: AbortSignal.timeout(20) })).rejects.toThrow(fake.url);
  });
});
