import { UpgradeError } from '../../src/domain/common/failure';
import { FakeWorld } from '../support/fake-world';
import { reference, runActivity, startActivity } from '../support/run-activity';
import { until } from '../support/until';

const input = { ...reference, nodeId: 2, version: '3.8.1', protocol: '3.7', restartedAtMs: 0 };

/** A world in which broker 2 was restarted with the new binary. */
const restarted = (options: ConstructorParameters<typeof FakeWorld>[0] = {}): FakeWorld => {
  const world = new FakeWorld(options);
  world.node(2).process = { pid: 7, startTicks: 1, version: '3.8.1', protocol: '3.7', stopping: false };
  return world;
};

const unsettled = (stalled: string[], growing: string[] = []) => ({
  settled: false,
  groups: [],
  stalled,
  growing,
  rising: [],
  waiting: ['billing'],
  notMeasured: [],
  sentences: ['group billing has not committed'],
});

describe('awaitNodeHealthy', () => {
  it('passes after the soak, with version and protocol that run, and the active controller', async () => {
    const { verdict, controllerId, policyWaitMs } = await runActivity(restarted(), 'awaitNodeHealthy', input);
    expect(verdict.status).toBe('successful');
    expect(verdict.message).toContain('broker 2 runs 3.8.1');
    expect(verdict.message).toContain('broker 2 speaks protocol 3.7');
    expect(controllerId).toBe(1);
    expect(policyWaitMs).toBeGreaterThanOrEqual(5);
  });

  it.each<[string, (world: FakeWorld) => void, string, string]>([
    ['the old version', (world) => (world.node(2).process = null), 'failed', 'does not answer'],
    ['an unmeasurable gauge', (world) => (world.node(3).underReplicated = null), 'inconclusive', 'cannot be measured'],
    ['a gauge that is not zero', (world) => (world.node(3).underReplicated = 2), 'failed', 'is 2 on broker 3'],
    ['a stalled group', (world) => (world.lagAssessment = unsettled(['billing'])), 'failed', 'group billing'],
    ['a growing group', (world) => (world.lagAssessment = unsettled([], ['billing'])), 'failed', 'group billing'],
    ['a group to wait for', (world) => (world.lagAssessment = unsettled([])), 'inconclusive', 'group billing'],
  ])('at the deadline gives a verdict, not an error, for %s', async (_, spoil, status, words) => {
    const world = restarted({ policy: { healthyDeadlineMs: 25 } });
    spoil(world);
    const { verdict } = await runActivity(world, 'awaitNodeHealthy', input);
    expect(verdict).toMatchObject({ status, message: expect.stringContaining(words) });
  });

  describe('preferred leaders', () => {
    const led = (policy: 'leave' | 'elect'): FakeWorld => {
      const world = restarted({
        policy: { preferredLeaders: policy, healthyDeadlineMs: 25 },
        topics: [{ name: 'orders', replicas: [2, 1, 3], minIsr: 2 }],
      });
      world.ledBy.set('orders', 1);
      return world;
    };

    it('are elected and waited for before the soak', async () => {
      const world = led('elect');
      const { verdict } = await runActivity(world, 'awaitNodeHealthy', input);
      expect(verdict.message).toContain('broker 2 leads the 1 partitions that prefer it');
      expect(world.portCalls.filter((call) => call.startsWith('elect'))).toEqual(['electPreferredLeaders 1']);
    });

    it('are left to Kafka by default', async () => {
      const world = led('leave');
      const { verdict } = await runActivity(world, 'awaitNodeHealthy', input);
      expect(verdict.status).toBe('successful');
      expect(world.ledBy.get('orders')).toBe(1);
    });

    it('hold the gate with the words of the controller that refuses', async () => {
      const world = led('elect');
      world.portHooks.set('electPreferredLeaders', () => {
        throw new UpgradeError('BrokerUnreachable', 'error 31 (CLUSTER_AUTHORIZATION_FAILED)');
      });
      const { verdict } = await runActivity(world, 'awaitNodeHealthy', input);
      expect(verdict).toMatchObject({
        status: 'inconclusive',
        message:
          '1 partitions that prefer broker 2 are led by others: orders-0 (error 31 (CLUSTER_AUTHORIZATION_FAILED))',
      });
    });
  });

  describe('the end-to-end topic', () => {
    const probed = (): FakeWorld =>
      restarted({
        policy: { endToEndTopic: 'probe', healthyDeadlineMs: 25 },
        topics: [{ name: 'probe', replicas: [2, 1, 3], minIsr: 2 }],
      });

    it('takes a record through its leader and gives it back', async () => {
      const world = probed();
      const { verdict } = await runActivity(world, 'awaitNodeHealthy', input);
      expect(verdict.message).toMatch(
        /a record to each of probe-0 was on all in-sync replicas within \d+ ms and read back within \d+ ms/,
      );
      expect(world.portCalls).toContain('writeRecord 2');
    });

    it.each<[string, (world: FakeWorld) => void, string]>([
      [
        'is refused',
        (world) =>
          world.portHooks.set('writeRecord', () => {
            throw new UpgradeError('BrokerUnreachable', 'it answered error 19 (NOT_ENOUGH_REPLICAS)');
          }),
        'a record to probe-0: it answered error 19 (NOT_ENOUGH_REPLICAS)',
      ],
      [
        'is not there afterwards',
        (world) => world.portHooks.set('readRecord', () => void world.records.fill('another')),
        'a record to probe-0: broker 2 acknowledged it at offset ',
      ],
    ])('fails the gate when a record %s', async (_, spoil, words) => {
      const world = probed();
      spoil(world);
      const { verdict } = await runActivity(world, 'awaitNodeHealthy', input);
      expect(verdict).toMatchObject({ status: 'failed', message: expect.stringContaining(words) });
    });
  });

  it.each([
    [{ version: '3.7.2', protocol: '3.7' }, 'broker 2 runs 3.7.2, not 3.8.1'],
    [{ version: '3.8.1', protocol: '3.8' }, 'broker 2 speaks protocol 3.8, not 3.7'],
  ])('I2: does not pass a broker that runs %j', async (runs, words) => {
    const world = restarted({ policy: { healthyDeadlineMs: 25 } });
    world.node(2).process = { pid: 7, startTicks: 1, stopping: false, ...runs };
    const { verdict } = await runActivity(world, 'awaitNodeHealthy', input);
    expect(verdict).toMatchObject({ status: 'failed', message: expect.stringContaining(words) });
  });

  it('counts a wait for a consumer group as the policy asks, not as overhead', async () => {
    const world = restarted({ policy: { healthyDeadlineMs: 60_000 } });
    world.lagAssessment = unsettled([]);
    const { result, heartbeats } = startActivity(world, 'awaitNodeHealthy', input);
    const began = performance.now();
    await until('60 ms of waiting', () => heartbeats.length > 3 && performance.now() - began > 60);
    world.lagAssessment = { ...unsettled([]), settled: true, waiting: [], sentences: [] };
    expect((await result).policyWaitMs).toBeGreaterThan(50);
  });

  it('passes on what is not about reachability', async () => {
    const world = restarted();
    world.portHooks.set('brokerConfig', () => {
      throw new UpgradeError('InvalidDefinition', 'no such broker');
    });
    await expect(runActivity(world, 'awaitNodeHealthy', input)).rejects.toMatchObject({ type: 'InvalidDefinition' });
  });
});

describe('awaitClusterHealthy', () => {
  const expected = [1, 2, 3].map((nodeId) => ({ nodeId, version: '3.7.2', protocol: '3.7' }));

  it('passes at once without a soak, and does not ask the groups', async () => {
    const world = new FakeWorld();
    world.lagAssessment = unsettled(['billing']);
    const { verdict, controllerId } = await runActivity(world, 'awaitClusterHealthy', {
      ...reference,
      expected: null,
      soak: false,
    });
    expect({ status: verdict.status, controllerId }).toEqual({ status: 'successful', controllerId: 1 });
    expect(world.portCalls).not.toContain('freshSample 0');
  });

  it('with a soak asks the groups, and every node for what it runs', async () => {
    const world = new FakeWorld();
    const { verdict } = await runActivity(world, 'awaitClusterHealthy', { ...reference, expected, soak: true });
    expect(verdict.checks.filter(({ name }) => name === 'running version')).toHaveLength(3);
    expect(world.portCalls).toContain('freshSample 0');
  });

  it.each([
    ['an old binary', { version: '3.7.2', protocol: '3.8' }, 'broker 3 runs 3.7.2, not 3.8.1'],
    ['another protocol', { version: '3.8.1', protocol: '3.7' }, 'broker 3 speaks protocol 3.7, not 3.8'],
  ])('I2: does not pass one node with %s', async (_, runs, words) => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 25 } });
    for (const id of [1, 2])
      world.node(id).process = { pid: id, startTicks: 1, version: '3.8.1', protocol: '3.8', stopping: false };
    world.node(3).process = { pid: 3, startTicks: 1, stopping: false, ...runs };
    const wanted = expected.map((node) => ({ ...node, version: '3.8.1', protocol: '3.8' }));
    const { verdict } = await runActivity(world, 'awaitClusterHealthy', { ...reference, expected: wanted, soak: true });
    expect(verdict).toMatchObject({ status: 'failed', message: expect.stringContaining(words) });
  });

  it('waits through an outage of a broker until the deadline', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 25 } });
    world.node(3).process = null;
    const { verdict } = await runActivity(world, 'awaitClusterHealthy', { ...reference, expected, soak: true });
    expect(verdict).toMatchObject({ status: 'failed', message: expect.stringContaining('broker 3') });
  });
});
