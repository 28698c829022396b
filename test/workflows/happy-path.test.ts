import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Fence } from '../../src/domain/upgrade/node-roll';
import type { UpgradeEvent } from '../../src/domain/upgrade/upgrade-state';
import { readProperties } from '../../src/domain/settings/server-properties';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';
import { violations } from '../support/world-invariants';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const fencesOf = (world: FakeWorld): Fence[] =>
  world.activityCalls.flatMap(({ input }) =>
    typeof input === 'object' && input !== null && 'fence' in input ? [input.fence as Fence] : [],
  );

describe('an upgrade that every gate lets pass', () => {
  const world = new FakeWorld({ cluster: 'happy' });
  let timeline: UpgradeEvent[];
  let result: Awaited<ReturnType<typeof complete>>;

  const complete = () =>
    driveUpgrade(environment, world, async (driver) => {
      await driver.approveAll();
      const ended = await driver.result();
      timeline = await driver.timeline();
      return { ended, status: await driver.status(), runId: (await driver.handle.describe()).runId };
    });

  beforeAll(async () => {
    result = await complete();
  });

  it('breaks no invariant', () => {
    expect(violations(world)).toEqual([]);
  });

  it('does the steps in the order of the procedure: canary first, active controller last, in both phases', () => {
    expect(world.changes()).toEqual([
      'mark approved plan',
      'lease 1: held',
      'lease 2: held',
      'lease 3: held',
      `backup 1: ${result.runId}`,
      `backup 2: ${result.runId}`,
      `backup 3: ${result.runId}`,
      'file 1: 3.7',
      'file 2: 3.7',
      'file 3: 3.7',
      'stop 2: 3.7.2',
      'link 2: 3.8.1',
      'start 2: 3.8.1 at 3.7',
      'mark approved canary',
      'stop 3: 3.7.2',
      'link 3: 3.8.1',
      'start 3: 3.8.1 at 3.7',
      'stop 1: 3.7.2',
      'link 1: 3.8.1',
      'start 1: 3.8.1 at 3.7',
      'mark approved protocol',
      'stop 2: 3.8.1',
      'file 2: 3.8',
      'start 2: 3.8.1 at 3.8',
      'stop 3: 3.8.1',
      'file 3: 3.8',
      'start 3: 3.8.1 at 3.8',
      'stop 1: 3.8.1',
      'file 1: 3.8',
      'start 1: 3.8.1 at 3.8',
      'lease 1: released',
      'lease 2: released',
      'lease 3: released',
    ]);
  });

  it('ends with every item of the checklist done, or not applicable', () => {
    expect(result.status.items.map(({ item, state }) => `${item} ${state}`)).toEqual([
      '1 done',
      '2 done',
      '3 done',
      '4 done',
      '5 done',
      '6 done',
      '7 done',
      '8 not-applicable',
      '9 done',
    ]);
    expect(result.status).toMatchObject({ phase: 'completed', waitingFor: null, trouble: null, outcome: 'completed' });
  });

  it('returns versions, protocols and the time of every restart', () => {
    expect(result.ended).toMatchObject({
      workflowId: 'kafka-upgrade/happy',
      outcome: 'completed',
      message: 'All 3 brokers of happy run 3.8.1 with protocol 3.8.',
      fromVersion: '3.7.2',
      toVersion: '3.8.1',
      fromProtocol: '3.7',
      toProtocol: '3.8',
    });
    for (const { binaries, protocol } of result.ended.nodes) {
      for (const timing of [binaries, protocol]) {
        expect(timing?.totalMs).toBeGreaterThan(0);
        expect(timing?.overheadMs).toBeLessThanOrEqual(timing?.totalMs ?? 0);
      }
    }
  });

  it('leaves every host as planned and every other line of the file as it was (I9)', () => {
    for (const { properties, link, process, lease } of world.nodes.values()) {
      expect({ link, version: process?.version, held: lease?.held }).toEqual({
        link: '3.8.1',
        version: '3.8.1',
        held: false,
      });
      expect(readProperties(properties)['inter.broker.protocol.version']).toBe('3.8');
      expect(properties).toContain('# kept as it is\nlog.dirs=/var/lib/kafka\n');
    }
  });

  it('I5: gives every change of the hosts its own, growing number', () => {
    const steps = fencesOf(world).map(({ step }) => step);
    // Backup, pin, three restarts in each phase, and the leases that are raised after them.
    expect(steps).toHaveLength(9);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(new Set(fencesOf(world).map(({ epoch }) => epoch))).toEqual(new Set([1]));
  });

  it('I7: records plan, gates, nodes, evidence and the end in the timeline', () => {
    const types = new Set(timeline.map(({ type }) => type));
    expect([...types].sort()).toEqual(
      ['ended', 'evidence', 'gate-opened', 'gate-passed', 'item', 'message', 'node', 'plan-made'].sort(),
    );
    const gates = timeline.flatMap((event) => (event.type === 'gate-passed' ? [`${event.gate} by ${event.by}`] : []));
    expect(gates).toEqual(['plan by kim', 'canary by kim', 'protocol by kim']);
    const all = timeline.flatMap((event) => (event.type === 'evidence' ? [event.title] : []));
    const health = 'cluster health';
    expect(all.filter((title) => title === health).length).toBeGreaterThanOrEqual(4);
    expect(all.filter((title) => title !== health)).toEqual([
      'backups',
      'pins',
      ...[2, 3, 1].map((id) => `broker ${id}, new binaries`),
      'every node read again, binaries',
      'every node read again, binaries',
      ...[2, 3, 1].map((id) => `broker ${id}, new protocol`),
      'every node read again, protocol',
      'connected clients',
    ]);
    expect(timeline.every((event, index) => event.atMs >= (timeline[index - 1]?.atMs ?? 0))).toBe(true);
    expect(timeline.at(-1)?.type).toBe('ended');
  });
});

it('follows the active controller when it moves during the roll', async () => {
  const world = new FakeWorld({ cluster: 'moving', nodeCount: 4 });
  world.portHooks.set('start', (nodeId) => {
    if (nodeId === 2) world.controllerId = 3;
  });
  await driveUpgrade(environment, world, async (driver) => {
    await driver.approveAll(['plan', 'canary']);
    await driver.atGate('protocol');
  });
  expect(world.changes('stop')).toEqual(['stop 2: 3.7.2', 'stop 1: 3.7.2', 'stop 4: 3.7.2', 'stop 3: 3.7.2']);
  expect(violations(world)).toEqual([]);
});

it('restarts the named canary first, even as the active controller', async () => {
  const world = new FakeWorld({ cluster: 'named' });
  const input = { cluster: 'named', target: '3.8.1', canary: 1 };
  await driveUpgrade(
    environment,
    world,
    async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
    },
    { input },
  );
  expect(world.changes('stop')).toEqual(['stop 1: 3.7.2']);
});

it('continues a half-done upgrade: nodes that are done are not restarted', async () => {
  const world = new FakeWorld({ cluster: 'half-done' });
  const node = world.node(3);
  node.link = '3.8.1';
  node.properties = `${node.properties}inter.broker.protocol.version=3.7\n`;
  node.process = { pid: 7, startTicks: 1, version: '3.8.1', protocol: '3.7', stopping: false };
  await driveUpgrade(environment, world, async (driver) => {
    await driver.approveAll();
    expect((await driver.result()).outcome).toBe('completed');
  });
  expect(world.changes('stop').slice(0, 2)).toEqual(['stop 2: 3.7.2', 'stop 1: 3.7.2']);
  expect(world.changes('stop')).toHaveLength(5);
  expect(violations(world)).toEqual([]);
});

it('runs the disaster-recovery probe instead of asking for a confirmation', async () => {
  const world = new FakeWorld({ cluster: 'probed', probe: true });
  await driveUpgrade(environment, world, async (driver) => {
    expect(await driver.answer('plan')).not.toHaveProperty('disasterRecovery');
    await driver.approve('plan');
    const { items } = await driver.atGate('canary');
    expect(items[1]?.detail).toContain('the probe passed');
  });
});

it('survives a replay of every workflow task: nothing is kept in memory', async () => {
  const world = new FakeWorld({ cluster: 'uncached' });
  const outcome = await driveUpgrade(
    environment,
    world,
    async (driver) => {
      await driver.approveAll();
      return (await driver.result()).outcome;
    },
    { maxCachedWorkflows: 0 },
  );
  expect(outcome).toBe('completed');
  expect(violations(world)).toEqual([]);
});
