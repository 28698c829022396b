import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { FakeWorld } from '../support/fake-world';
import type { WorldOptions } from '../support/fake-definition';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';
import type { UpgradeDriver } from '../support/upgrade-harness';
import { violations } from '../support/world-invariants';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const kraftWorld = (options: WorldOptions): FakeWorld =>
  new FakeWorld({ mode: 'kraft', releases: ['3.9.2', '4.3.0'], ...options });

/** Runs an upgrade of a KRaft cluster to 4.3.0, with what the test does on the way; no invariant may break. */
const upgrade = <T>(
  world: FakeWorld,
  onTheWay: (driver: UpgradeDriver) => Promise<T>,
  features: Record<string, unknown> = {},
): Promise<T> => {
  const input = { cluster: world.definition.cluster, target: '4.3.0', features };
  return driveUpgrade(environment, world, onTheWay, { input });
};

const raised = (world: FakeWorld): string[] => world.changes('feature');

describe('a combined KRaft cluster', () => {
  it('gets the new binary node by node, then its features one by one, and no file is changed', async () => {
    const world = kraftWorld({ cluster: 'combined' });
    const result = await upgrade(world, async (driver) => {
      await driver.approveAll();
      return driver.result();
    });
    expect(result).toMatchObject({ outcome: 'completed', fromProtocol: '3.9-IV0', toProtocol: '4.3-IV0' });
    expect(world.changes('stop', 'start', 'file', 'feature', 'mark')).toEqual([
      'mark approved plan',
      'stop 2: 3.9.2',
      'start 2: 4.3.0 at ?',
      'mark approved canary',
      'stop 3: 3.9.2',
      'start 3: 4.3.0 at ?',
      'stop 1: 3.9.2',
      'start 1: 4.3.0 at ?',
      'mark approved protocol',
      'feature metadata.version=30',
      'feature transaction.version=2',
      'feature group.version=1',
      'feature share.version=1',
      'feature streams.version=1',
    ]);
    expect(result.features.map(({ state }) => state)).toEqual(['raised', 'raised', 'raised', 'raised', 'raised']);
    expect(violations(world)).toEqual([]);
  });

  it('I3: each irreversible feature waits behind a gate of its own; the approval of another does not pass it', async () => {
    const world = kraftWorld({ cluster: 'gates' });
    await upgrade(
      world,
      async (driver) => {
        await driver.approveAll();
        const elr = await driver.atGate('eligible.leader.replicas.version');
        expect(elr.waitingFor?.question).toContain('min.insync.replicas=2 is written for the whole cluster first');
        const wrong = await driver.received('approve', { gate: 'protocol', plan: elr.plan });
        expect(wrong).toMatchObject({ accepted: false });
        const bare = await driver.received('resume');
        expect(bare).toMatchObject({ accepted: false });
        expect(raised(world)).not.toContain('feature eligible.leader.replicas.version=1');
        await driver.approve('eligible.leader.replicas.version');
        const kraft = await driver.atGate('kraft.version');
        expect(kraft.waitingFor?.afterwards).toContain('IRREVERSIBLE');
        await driver.approve('kraft.version');
        expect((await driver.result()).outcome).toBe('completed');
      },
      { 'eligible.leader.replicas.version': 1, 'kraft.version': 1, 'share.version': false },
    );
    expect(raised(world).slice(-3)).toEqual([
      'feature min.insync.replicas=2',
      'feature eligible.leader.replicas.version=1',
      'feature kraft.version=1',
    ]);
    expect(raised(world)).not.toContain('feature share.version=1');
  });

  it('parks with the words of the controller when it refuses a feature, and goes on after retry', async () => {
    const world = kraftWorld({ cluster: 'refused' });
    world.refuseFeature = (feature) =>
      feature === 'metadata.version' ? 'Broker 9 does not support finalized version 30' : null;
    await upgrade(world, async (driver) => {
      await driver.approveAll();
      const { trouble } = await driver.parked('ClusterRefused');
      expect(trouble?.message).toContain('Broker 9 does not support finalized version 30');
      expect(raised(world)).toEqual([]);
      world.refuseFeature = () => null;
      await driver.retry();
      expect((await driver.result()).outcome).toBe('completed');
    });
  });

  it('I4: a feature that was raised before a worker died is not raised again', async () => {
    const world = kraftWorld({ cluster: 'raised-once' });
    world.portHooks.set('updateFeature', () => {
      if (world.features['metadata.version'] === 30 && world.features['transaction.version'] === undefined) {
        world.portHooks.delete('updateFeature');
        throw new Error('the worker is gone');
      }
    });
    await upgrade(world, async (driver) => {
      await driver.approveAll();
      expect((await driver.result()).outcome).toBe('completed');
    });
    expect(raised(world).filter((line) => line.includes('metadata.version'))).toHaveLength(1);
  });
});

describe('a KRaft cluster with controllers of its own', () => {
  it('gets the controllers first, the active one last of them, then the brokers', async () => {
    const world = kraftWorld({ mode: 'kraft-isolated', cluster: 'isolated' });
    await upgrade(world, async (driver) => {
      await driver.approveAll();
      expect((await driver.result()).outcome).toBe('completed');
    });
    expect(world.changes('stop').map((line) => line.split(':')[0])).toEqual([
      'stop 102',
      'stop 103',
      'stop 101',
      'stop 1',
      'stop 2',
      'stop 3',
    ]);
    expect(violations(world)).toEqual([]);
  });

  it('I1: no node is stopped while a controller lags; the trouble names it', async () => {
    const world = kraftWorld({ mode: 'kraft-isolated', cluster: 'lagging' });
    await upgrade(world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      world.deaf.add(103);
      world.note('mark', null, 'controller 103 is cut off');
      await driver.signal('resume', { gate: 'canary' });
      const { trouble } = await driver.parked('NodeUnhealthy');
      expect(trouble?.message).toContain('voter 103 was caught up last');
      expect(world.changes('stop')).toEqual(['stop 102: 3.9.2']);
      world.deaf.delete(103);
      await driver.retry();
      await driver.approve('protocol');
      expect((await driver.result()).outcome).toBe('completed');
    });
  });
});
