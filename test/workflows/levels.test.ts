import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { MessageAnswer } from '../../src/workflows/messages';
import { FakeWorld } from '../support/fake-world';
import type { WorldOptions } from '../support/fake-definition';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { until } from '../support/until';
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

describe('rollback when somebody raised a level by hand while the upgrade waited', () => {
  const everyoneSpeaks = (world: FakeWorld, protocol: string): void => {
    for (const { process } of world.nodes.values()) if (process !== null) process.protocol = protocol;
  };

  it('is refused in ZooKeeper mode by what a broker speaks: nothing is stopped, and the gate goes on waiting', async () => {
    const world = new FakeWorld({ cluster: 'by-hand' });
    await drive(world, '3.8.1', async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      await driver.atGate('protocol');
      const before = world.changes().length;
      const { process } = world.node(3);
      if (process !== null) process.protocol = '3.8-IV0';
      const { accepted, answer } = await driver.handle.executeUpdate<MessageAnswer, [unknown]>('rollback', {
        args: [{ by: 'kim' }],
      });
      expect(accepted).toBe(false);
      expect(answer).toContain(
        'inter.broker.protocol.version is 3.8-IV0 (read from broker 3), and 3.7.2 knows none after 3.7',
      );
      const status = await driver.atGate('protocol');
      expect(status.lastEvidence).toEqual({ title: 'rollback refused', lines: [answer] });
      expect(status.waitingFor?.answers.map(({ signal }) => signal)).toContain('approve');
      expect(world.changes().slice(before)).toEqual([]);
      everyoneSpeaks(world, '3.7-IV4');
      await driver.signal('rollback', { by: 'kim' });
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
  });

  it('is refused while a broker runs and does not tell what it speaks', async () => {
    const world = new FakeWorld({ cluster: 'unread' });
    await drive(world, '3.8.1', async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      world.deaf.add(2);
      await driver.signal('rollback', {});
      const { lastEvidence } = await driver.when(
        'refused',
        (status) => status.lastEvidence?.title === 'rollback refused',
      );
      expect(lastEvidence?.lines[0]).toContain('broker 2 on kafka@10.0.0.2:22 runs, but does not tell what it speaks');
      expect(world.changes('stop')).toHaveLength(1);
      // Somebody ended its process by hand.
      world.node(2).process = null;
      world.node(2).cleanMarker = true;
      world.deaf.delete(2);
      await driver.signal('rollback', {});
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
    expect(versions(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
  });

  it('waits for an answer while a node is being restarted, which tells nothing for a while', async () => {
    const world = new FakeWorld({ cluster: 'asked-in-a-restart', policy: { healthyDeadlineMs: 60_000 } });
    const looks = (): number => world.activityCalls.filter(({ name }) => name === 'readLevels').length;
    await drive(world, '3.8.1', async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      world.portHooks.set('bringUp', async () => {
        world.portHooks.delete('bringUp');
        world.deaf.add(2);
        await driver.received('rollback', { by: 'kim' });
        await until('the levels are read', () => looks() > 0);
      });
      await driver.approve('canary');
      await until('the levels are read again', () => looks() > 1);
      world.deaf.delete(2);
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
    expect(versions(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
  });

  it('stops in the middle, before the next stop; the rest waits for people', async () => {
    const world = new FakeWorld({ cluster: 'mid-way' });
    await drive(world, '3.8.1', async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      await driver.atGate('protocol');
      const stops = world.changes('stop').length;
      world.portHooks.set('bringUp', () => {
        if (world.changes('stop').length > stops) everyoneSpeaks(world, '3.8-IV0');
      });
      await driver.signal('rollback', {});
      const { trouble } = await driver.parked('LevelsForbid');
      expect(trouble?.message).toContain('was not stopped: inter.broker.protocol.version is 3.8-IV0 (read from broker');
      expect(world.changes('stop')).toHaveLength(stops + 1);
      world.portHooks.clear();
      everyoneSpeaks(world, '3.7-IV4');
      await driver.retry();
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
    expect(versions(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
  });

  it('lowers it first on KRaft, with the word for it, though this run never raised it', async () => {
    const world = new FakeWorld({ ...kraft, cluster: 'lowered' });
    world.features = { 'metadata.version': 19 };
    await drive(world, '3.9.2', async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      await driver.atGate('protocol');
      world.features['metadata.version'] = 21;
      await driver.signal('rollback', {});
      const { lastEvidence } = await driver.when(
        'refused',
        (status) => status.lastEvidence?.title === 'rollback refused',
      );
      expect(lastEvidence?.lines[0]).toContain('It can be lowered first (metadata.version 3.9-IV0 → 3.7-IV4)');
      await driver.signal('rollback', { downgrade: true });
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
    expect(world.changes('feature')).toEqual(['feature metadata.version=19']);
    expect(versions(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
  });

  it('waits for snapshots, too, when somebody lowered it again by hand: the log still holds it', async () => {
    const world = new FakeWorld({ ...kraft, cluster: 'lowered-by-hand' });
    world.features = { 'metadata.version': 19 };
    world.newestSnapshot = 99;
    await drive(world, '3.9.2', async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      await driver.atGate('protocol');
      world.features['metadata.version'] = 21;
      await driver.signal('rollback', {});
      await driver.when('refused', (status) => status.lastEvidence?.title === 'rollback refused');
      world.features['metadata.version'] = 19;
      const stops = world.changes('stop').length;
      await driver.signal('rollback', {});
      await driver.parked('SnapshotMissing');
      expect(world.changes('stop')).toHaveLength(stops);
      world.newestSnapshot = 100;
      await driver.retry();
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
  });

  it('can be aborted while the levels are read', async () => {
    const world = new FakeWorld({ cluster: 'aborted-reading' });
    await drive(world, '3.8.1', async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      world.activityHooks.set('readLevels', async () => {
        expect(await driver.received('abort', { by: 'kim' })).toMatchObject({ accepted: true });
      });
      await driver.signal('rollback', {});
      expect((await driver.result()).outcome).toBe('aborted');
    });
    expect(world.changes('stop')).toHaveLength(1);
  });
});
