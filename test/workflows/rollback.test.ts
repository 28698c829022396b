import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { UpgradeError } from '../../src/domain/common/failure';
import { FakeWorld } from '../support/fake-world';
import type { WorldOptions } from '../support/fake-definition';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { untilCancelled } from '../support/until-cancelled';
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

const links = (world: FakeWorld): string[] => [...world.nodes.values()].map(({ link }) => link);

describe('rollback of a half-done phase 1', () => {
  it('puts the old binary back on the upgraded nodes only, and releases the cluster', async () => {
    const world = new FakeWorld({ cluster: 'half-done' });
    await drive(world, '3.8.1', async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      const answer = await driver.received('rollback', { by: 'kim', comment: 'consumers fail' });
      expect(answer).toMatchObject({ accepted: true });
      const result = await driver.result();
      expect(result).toMatchObject({ outcome: 'rolled-back' });
      expect(result.message).toBe('Rolled back by kim (consumers fail): all 3 nodes of half-done run 3.7.2 again.');
      expect((await driver.status()).nodes.map(({ rollback }) => rollback?.state)).toEqual([
        undefined,
        'done',
        undefined,
      ]);
    });
    expect(world.changes('stop', 'link', 'start')).toEqual([
      'stop 2: 3.7.2',
      'link 2: 3.8.1',
      'start 2: 3.8.1 at 3.7',
      'stop 2: 3.8.1',
      'link 2: 3.7.2',
      'start 2: 3.7.2 at 3.7',
    ]);
    expect([...world.nodes.values()].map(({ lease }) => lease?.held)).toEqual([false, false, false]);
  });

  it('is offered at the last gate before the levels are raised, and walks all nodes back one at a time', async () => {
    const world = new FakeWorld({ cluster: 'all-back' });
    await drive(world, '3.8.1', async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      const { waitingFor } = await driver.atGate('protocol');
      expect(waitingFor?.answers.map(({ signal }) => signal)).toEqual(['approve', 'rollback', 'reject']);
      await driver.signal('rollback', {});
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
    expect(versions(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
    expect(world.log.filter(({ kind }) => kind === 'stop').every(({ down }) => down.length === 0)).toBe(true);
  });

  it('begins with the node that is down, and does without its gate', async () => {
    const world = new FakeWorld({ cluster: 'one-down' });
    world.node(3).startFault = () => 'dies';
    await drive(world, '3.8.1', async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      const { trouble } = await driver.parked('StartFailed');
      expect(trouble).toMatchObject({ nodeId: 3, nodeIsDown: true });
      world.node(3).startFault = () => 'none';
      await driver.signal('rollback', {});
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
    expect(world.changes('start').slice(-2)).toEqual(['start 3: 3.7.2 at 3.7', 'start 2: 3.7.2 at 3.7']);
    expect(versions(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
  });

  it('may stop a node that runs and is itself the reason why the cluster is not whole', async () => {
    const world = new FakeWorld({ cluster: 'sick-node' });
    await drive(world, '3.8.1', async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      world.node(2).underReplicated = 7;
      world.portHooks.set('requestStop', (nodeId) => {
        world.node(nodeId).underReplicated = 0;
      });
      await driver.signal('rollback', {});
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
    expect(links(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
  });

  it('can itself be aborted, and says that it was not finished', async () => {
    const world = new FakeWorld({ cluster: 'abort-back' });
    await drive(world, '3.8.1', async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      await driver.atGate('protocol');
      world.node(1).underReplicated = 3;
      await driver.signal('rollback', {});
      await driver.parked('NodeUnhealthy');
      await driver.signal('abort', { by: 'kim' });
      const { outcome, message } = await driver.result();
      expect(outcome).toBe('aborted');
      expect(message).toContain('The rollback was not finished.');
    });
  });
});

describe('rollback of what an earlier upgrade left half done', () => {
  const halfDone = (cluster: string): FakeWorld => {
    const world = new FakeWorld({ cluster });
    const node = world.node(3);
    node.link = '3.8.1';
    node.process = { pid: 7, startTicks: 1, version: '3.8.1', protocol: '3.7', stopping: false };
    return world;
  };

  it('is possible once the plan is approved, before another node is touched: owned, backed up and pinned first', async () => {
    const world = halfDone('left-half-done');
    await drive(world, '3.8.1', async (driver) => {
      const asked = await driver.atGate('plan');
      expect(asked.waitingFor?.answers.map(({ signal }) => signal)).not.toContain('rollback');
      expect(await driver.received('rollback')).toMatchObject({
        accepted: false,
        answer: expect.stringMatching(
          /^3\.7\.2 can be put back on the nodes that run 3\.8\.1 once the plan is approved/,
        ),
      });
      await driver.signal('pause', { by: 'kim' });
      await driver.approve('plan');
      const { waitingFor } = await driver.when('paused', ({ phase }) => phase === 'paused');
      expect(waitingFor?.answers.map(({ signal }) => signal)).toEqual(['resume', 'rollback', 'abort']);
      expect(await driver.received('rollback', { by: 'kim' })).toMatchObject({ accepted: true });
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
    expect(world.changes('stop', 'link', 'start')).toEqual(['stop 3: 3.8.1', 'link 3: 3.7.2', 'start 3: 3.7.2 at 3.7']);
    expect(
      [...world.nodes.values()].map(({ properties, lease }) => [
        /protocol.version=(.*)/.exec(properties)?.[1],
        lease?.held,
      ]),
    ).toEqual([
      ['3.7', false],
      ['3.7', false],
      ['3.7', false],
    ]);
  });

  it('stops no node whose old release somebody cleaned up, and goes on when it is there again', async () => {
    const world = halfDone('cleaned-up');
    await drive(world, '3.8.1', async (driver) => {
      await driver.atGate('plan');
      world.node(3).installed = ['3.8.1'];
      await driver.signal('pause', { by: 'kim' });
      await driver.approve('plan');
      await driver.when('paused', ({ phase }) => phase === 'paused');
      await driver.received('rollback', { by: 'kim' });
      const { trouble } = await driver.parked('ReleaseMissing');
      expect(trouble).toMatchObject({ nodeId: 3, nodeIsDown: false, message: expect.stringContaining('2.13-3.7.2') });
      expect(world.changes('stop', 'link')).toEqual([]);
      world.node(3).installed = ['3.7.2', '3.8.1'];
      await driver.retry();
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
    expect(versions(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
  });

  it('is the way back of the approved plan, also when it is asked for while that is looked at again', async () => {
    const world = halfDone('looked-at-again');
    await drive(world, '3.8.1', async (driver) => {
      const { plan } = await driver.atGate('plan');
      await environment.sleep('1 hour');
      world.activityHooks.set('planUpgrade', async () => {
        // Something more to accept by name: what is inspected now is another plan.
        world.topics.push({ name: 'audit', replicas: [1], minIsr: 1 });
        expect(await driver.received('rollback', { by: 'kim' })).toMatchObject({ accepted: true });
        await untilCancelled();
      });
      await driver.approve('plan');
      expect((await driver.result()).outcome).toBe('rolled-back');
      expect((await driver.status()).plan).toBe(plan);
      expect((await driver.timeline()).filter(({ type }) => type === 'plan-made')).toHaveLength(1);
    });
    expect(versions(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
  });

  it('may be asked for before the hosts are backed up, also where owning them took a second try', async () => {
    const world = halfDone('owned-twice');
    let tries = 0;
    world.portHooks.set('storeLease', (nodeId) => {
      if (nodeId === 1 && tries++ === 0) throw new UpgradeError('SshUnreachable', 'no route');
    });
    await drive(world, '3.8.1', async (driver) => {
      world.activityHooks.set('claimCluster', async (attempt) => {
        if (attempt !== 2) return;
        await driver.received('rollback', { by: 'kim' });
        await untilCancelled();
      });
      await driver.approve('plan');
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
    expect(versions(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
    expect([...world.nodes.values()].map(({ lease }) => lease?.held)).toEqual([false, false, false]);
  });

  it('goes on where the way up was: owned and pinned hosts are not backed up again', async () => {
    const world = halfDone('left-pinned');
    await drive(world, '3.8.1', async (driver) => {
      world.node(1).underReplicated = 3;
      await driver.approve('plan');
      await driver.parked('NodeUnhealthy');
      world.node(1).underReplicated = 0;
      expect(await driver.received('rollback')).toMatchObject({ accepted: true });
      expect((await driver.result()).outcome).toBe('rolled-back');
      const backups = (await driver.timeline()).filter(
        (event) => event.type === 'evidence' && event.title === 'backups',
      );
      expect(backups).toHaveLength(1);
    });
    expect(versions(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
  });
});

describe('rollback is refused', () => {
  it('before any node was touched', async () => {
    const world = new FakeWorld({ cluster: 'untouched' });
    await drive(world, '3.8.1', async (driver) => {
      await driver.atGate('plan');
      const { accepted, answer } = await driver.received('rollback');
      expect({ accepted, answer }).toEqual({
        accepted: false,
        answer: 'no node was touched by this upgrade yet; to end it send `abort`',
      });
      await driver.signal('abort');
      await driver.result();
    });
  });

  it('in ZooKeeper mode as soon as one broker speaks the new protocol', async () => {
    const world = new FakeWorld({ cluster: 'too-late' });
    world.activityHooks.set('awaitNodeHealthy', (_attempt, input) => {
      if ((input as { protocol: string }).protocol === '3.8') throw new Error('held back');
    });
    await drive(world, '3.8.1', async (driver) => {
      await driver.approveAll();
      await driver.when('the protocol is raised', () => world.changes('start').length === 4);
      const { accepted, answer } = await driver.received('rollback');
      expect(accepted).toBe(false);
      expect(answer).toContain('broker 2 was restarted with inter.broker.protocol.version 3.8');
      world.activityHooks.clear();
      expect((await driver.result()).outcome).toBe('completed');
    });
  });

  it('on KRaft after an irreversible level, with the reason', async () => {
    const world = new FakeWorld({ ...kraft, releases: ['3.9.2', '4.3.0'], cluster: 'irreversible' });
    world.refuseFeature = (feature) => (feature === 'transaction.version' ? 'not now' : null);
    await drive(world, '4.3.0', async (driver) => {
      await driver.approveAll();
      await driver.parked('ClusterRefused');
      const { accepted, answer } = await driver.received('rollback', { downgrade: true });
      expect(accepted).toBe(false);
      expect(answer).toContain('metadata.version was raised to 4.3-IV0, which 3.9.2 does not know. IRREVERSIBLE');
      await driver.signal('abort');
      await driver.result();
    });
  });
});

describe('rollback after a level that can be lowered (KRaft 3.7 → 3.9)', () => {
  it('asks for the word, lowers the level, waits for snapshots, then puts the old binaries back', async () => {
    const world = new FakeWorld({ ...kraft, cluster: 'downgrade' });
    world.features = { 'metadata.version': 19 };
    await drive(world, '3.9.2', async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      world.activityHooks.set('awaitClusterHealthy', () => {
        if (world.features['metadata.version'] === 21) world.node(1).underReplicated = 2;
      });
      await driver.approve('protocol');
      await driver.parked('NodeUnhealthy');
      const refusal = await driver.received('rollback', {});
      expect(refusal.answer).toContain('send `rollback` with {"downgrade":true}');
      world.activityHooks.clear();
      world.node(1).underReplicated = 0;
      world.newestSnapshot = 99;
      await driver.signal('rollback', { downgrade: true });
      const { trouble } = await driver.parked('SnapshotMissing');
      expect(trouble?.message).toContain('ends at 100 or later; broker 1 has one to 99');
      expect(versions(world)).toEqual(['3.9.2', '3.9.2', '3.9.2']);
      world.newestSnapshot = 100;
      await driver.retry();
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
    expect(world.changes('feature')).toEqual(['feature metadata.version=21', 'feature metadata.version=19']);
    expect(versions(world)).toEqual(['3.7.2', '3.7.2', '3.7.2']);
  });
});
