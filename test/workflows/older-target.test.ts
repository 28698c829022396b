import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { FakeWorld } from '../support/fake-world';
import type { WorldOptions } from '../support/fake-definition';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';
import type { UpgradeDriver } from '../support/upgrade-harness';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const kraft: WorldOptions = { mode: 'kraft', releases: ['3.7.2', '3.9.2'] };

const drive = async (
  world: FakeWorld,
  target: string,
  onTheWay: (driver: UpgradeDriver) => Promise<void>,
): Promise<void> => {
  const input = { cluster: world.definition.cluster, target };
  await driveUpgrade(environment, world, onTheWay, { input });
};

const versions = (world: FakeWorld): (string | undefined)[] =>
  [...world.nodes.values()].map(({ process }) => process?.version);

describe('a start with the older target, after an upgrade that was ended', () => {
  const ended = (cluster: string, options: WorldOptions = {}): FakeWorld => {
    const world = new FakeWorld({ cluster, ...options });
    for (const node of world.nodes.values()) {
      const [, to] = options.releases ?? ['3.7.2', '3.8.1'];
      node.link = to;
      if (options.mode === undefined) node.properties += 'inter.broker.protocol.version=3.7\n';
      if (node.process !== null) node.process.version = to;
    }
    return world;
  };

  it('puts the older binary on every broker under the same gates, and moves no level', async () => {
    const world = ended('older-target');
    await drive(world, '3.7.2', async (driver) => {
      const asked = await driver.atGate('plan');
      expect(asked.waitingFor?.question).toBe('Is this plan, with its findings, the downgrade to 3.7.2 you want now?');
      expect(asked.waitingFor?.toRead[0]).toContain('This is a downgrade, 3.8.1 → 3.7.2');
      await driver.approveAll(['plan', 'canary']);
      expect(await driver.result()).toMatchObject({ outcome: 'completed' });
      const { items } = await driver.status();
      expect(items.slice(5, 8).map(({ state }) => state)).toEqual([
        'not-applicable',
        'not-applicable',
        'not-applicable',
      ]);
    });
    expect(versions(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
    expect(world.changes('file')).toEqual([]);
    expect(world.log.filter(({ kind }) => kind === 'stop').every(({ down }) => down.length === 0)).toBe(true);
  });

  it('can itself be rolled back, to the release that ran', async () => {
    const world = ended('older-and-back');
    await drive(world, '3.7.2', async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      await driver.signal('rollback', { by: 'kim' });
      expect((await driver.result()).message).toContain('all 3 nodes of older-and-back run 3.8.1 again');
    });
    expect(versions(world)).toEqual(['3.8.1', '3.8.1', '3.8.1']);
  });

  it('stops nothing more once somebody raised a level by hand', async () => {
    const world = ended('older-kraft', kraft);
    world.features = { 'metadata.version': 19 };
    await drive(world, '3.7.2', async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      world.features['metadata.version'] = 21;
      await driver.approve('canary');
      const { trouble } = await driver.parked('LevelsForbid');
      expect(trouble?.message).toContain('metadata.version is 3.9-IV0');
      expect(world.changes('stop')).toHaveLength(1);
      world.features['metadata.version'] = 19;
      await driver.retry();
      expect((await driver.result()).outcome).toBe('completed');
    });
  });
});
