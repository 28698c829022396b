import { defaultPolicy } from '../../src/domain/policy/policy';
import { LagSampler } from '../../src/kafka/lag-sampler';
import { FakeKafkaReader } from '../support/fake-kafka-reader';
import { progressOf } from '../support/lag-samples';
import { until } from '../support/until';

describe('the background sampler of consumer lag', () => {
  let reader: FakeKafkaReader;
  let sampler: LagSampler;
  const policy = {
    ...defaultPolicy.consumerLag,
    sampleIntervalMs: 20,
    ignoredGroups: ['ignored*'],
    ignoredTopics: ['noise*'],
  };

  beforeEach(() => {
    reader = new FakeKafkaReader();
    reader.logs = { 'orders-0': { leader: 1, end: 20 } };
    reader.listed = [
      { groupId: 'app', protocolType: 'consumer', coordinator: 1 },
      { groupId: 'ignored-1', protocolType: 'consumer', coordinator: 1 },
    ];
    reader.commits = { app: { orders: { 0: 10 }, 'noise-1': { 0: 1 } }, 'ignored-1': { orders: { 0: 0 } } };
    sampler = new LagSampler({ reader, nodeIds: [1, 2], policy });
  });

  afterEach(() => {
    sampler.stop();
  });

  const progress = () => progressOf(sampler.state())['app']?.['orders-0'];

  it('samples again and again until it is stopped', async () => {
    sampler.start();
    sampler.start();
    await until('first sample', () => progress());
    reader.commits['app'] = { orders: { 0: 15 } };
    await until('commit seen', () => progress()?.committed === 15);
    expect([...sampler.state().groups()]).toEqual(['app']);
    expect(Object.keys(progressOf(sampler.state())['app'] ?? {})).toEqual(['orders-0']);
    sampler.stop();
    await expect(sampler.sampleNow()).rejects.toThrow('stopped');
    sampler.start();
    const { sampledAtMs } = sampler.state();
    await expect(sampler.sampleNow()).rejects.toThrow('stopped');
    expect(sampler.state().sampledAtMs).toBe(sampledAtMs);
  });

  it('leaves a cluster in peace that nobody asks about, until it is started again', async () => {
    const idle = new LagSampler({ reader, nodeIds: [1, 2], policy, idleLimitMs: 50 });
    idle.start();
    await until('first sample', () => idle.state().sampledAtMs);
    const sampledAt = (): number => idle.state().sampledAtMs ?? 0;
    await until('no more samples', () => Date.now() - sampledAt() > 200);
    const last = sampledAt();
    idle.start();
    await until('samples again', () => sampledAt() > last);
    idle.stop();
  });

  it('survives samples in which nothing can be read', async () => {
    sampler.start();
    await until('first sample', () => progress());
    reader.away.add(1).add(2);
    await until('incomplete sample', () => sampler.state().missing.length === 2);
    expect(progress()).toBeDefined();
    reader.away.clear();
    await until('complete again', () => sampler.state().missing.length === 0);
  });

  it('shares one new sample among callers who ask at the same time, begun after they asked', async () => {
    let release = (): void => undefined;
    reader.hold = new Promise((resolve) => {
      release = resolve;
    });
    const first = sampler.sampleNow();
    await until('first sample under way', () => reader.calls.length > 0);
    const others = [sampler.sampleNow(), sampler.sampleNow(), sampler.sampleNow()];
    reader.commits['app'] = { orders: { 0: 19 } };
    release();
    await Promise.all([first, ...others]);
    expect(reader.calls.filter((call) => call === 'commits app')).toHaveLength(2);
  });

  it('lets a caller give up without ending the sample', async () => {
    let release = (): void => undefined;
    reader.hold = new Promise((resolve) => {
      release = resolve;
    });
    const caller = new AbortController();
    const given = sampler.sampleNow(caller.signal);
    caller.abort(new Error('cancelled'));
    await expect(given).rejects.toThrow('cancelled');
    await expect(sampler.sampleNow(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    release();
    await until('the sample', () => progress());
  });

  describe('asked for a fresh sample', () => {
    const lists = (): number => reader.calls.filter((call) => call === 'commits app').length;
    let rare: LagSampler;

    beforeEach(() => {
      rare = new LagSampler({ reader, nodeIds: [1, 2], policy: { ...policy, sampleIntervalMs: 60_000 } });
    });

    afterEach(() => {
      rare.stop();
    });

    it('takes the first, and lets it serve while it is younger than an interval', async () => {
      await rare.freshSample(0);
      await rare.freshSample(Date.now() - 60_000);
      expect(lists()).toBe(1);
    });

    it('takes another for a restart that came after it', async () => {
      await rare.freshSample(0);
      await rare.freshSample(Date.now() + 1);
      expect(lists()).toBe(2);
    });

    it('takes another when something was missing', async () => {
      reader.away.add(2);
      await rare.freshSample(0);
      reader.away.clear();
      await rare.freshSample(0);
      expect([lists(), rare.state().missing]).toEqual([2, []]);
    });

    it('takes another when the newest is an interval old', async () => {
      await sampler.freshSample(0);
      const { sampledAtMs } = sampler.state();
      await until('an interval has passed', () => Date.now() - Number(sampledAtMs) > 25);
      await sampler.freshSample(0);
      expect(lists()).toBe(2);
    });

    it('heeds a caller that has given up', async () => {
      await rare.freshSample(0);
      await expect(rare.freshSample(0, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
    });
  });

  it('samples more rarely where a sample is expensive: a third of the time at most', async () => {
    const committedOffsets = reader.committedOffsets.bind(reader);
    reader.committedOffsets = (group, signal) => {
      const end = performance.now() + 50;
      while (performance.now() < end);
      return committedOffsets(group, signal);
    };
    const took: number[] = [];
    sampler.start();
    await until('four samples', () => {
      const { sampledAtMs } = sampler.state();
      if (sampledAtMs !== null && took.at(-1) !== sampledAtMs) took.push(sampledAtMs);
      return took.length >= 4;
    });
    const gaps = took.slice(1).map((atMs, index) => atMs - (took[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(150);
  });

  it('judges by its samples', async () => {
    const restartedAtMs = Date.now() - 1;
    expect(sampler.assess({ restartedAtMs, nowMs: Date.now() }).settled).toBe(false);
    await sampler.sampleNow(new AbortController().signal);
    const verdict = sampler.assess({ restartedAtMs, nowMs: Date.now() });
    expect(verdict.groups.map(({ group, status }) => [group, status])).toEqual([['app', 'steady']]);
    expect(verdict.settled).toBe(true);
  });

  it('keeps the list of what is missing short', async () => {
    const many = Array.from({ length: 12 }, (_, i) => ({ groupId: `g${i}`, protocolType: 'consumer', coordinator: 1 }));
    reader.listed = many;
    reader.commits = Object.fromEntries(many.map(({ groupId }) => [groupId, new Error('refused')]));
    await sampler.sampleNow();
    expect(sampler.state().missing).toEqual([...[0, 1, 2, 3, 4].map((i) => `group g${i} (refused)`), 'and 7 more']);
  });
});
