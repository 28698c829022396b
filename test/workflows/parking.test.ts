import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { UpgradeError } from '../../src/domain/common/failure';
import { completeUpgrade } from '../support/complete-upgrade';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';
import type { UpgradeDriver } from '../support/upgrade-harness';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const finish = (world: FakeWorld, onTheWay: (driver: UpgradeDriver) => Promise<void>): Promise<void> =>
  completeUpgrade(environment, world, onTheWay);

const raises = (world: FakeWorld): number =>
  world.activityCalls.filter(({ name, input }) => name === 'raiseLeases' && (input as { held: boolean }).held).length;

const held = (world: FakeWorld): unknown[] => [...world.nodes.values()].map(({ lease }) => lease?.held);

describe('I6: a closed gate', () => {
  it('parks with the numbers, stops nothing, raises the leases on retry, and goes on after the repair', async () => {
    const world = new FakeWorld({ cluster: 'gate-closed' });
    await finish(world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      world.node(1).underReplicated = 4;
      world.note('mark', null, 'approved canary');
      await driver.signal('resume', { gate: 'canary' });
      const { trouble, waitingFor, nodes } = await driver.parked('NodeUnhealthy');
      expect(trouble).toMatchObject({ nodeId: 3, phase: 'binaries', nodeIsDown: false });
      expect(trouble?.message).toContain('Broker 3 was not stopped: JMX UnderReplicatedPartitions is 4 on broker 1');
      expect(waitingFor?.answers.map(({ signal }) => signal)).toEqual(['retry', 'rollback', 'abort']);
      expect(nodes[2]?.binaries.state).toBe('parked');
      expect(world.changes('stop')).toEqual(['stop 2: 3.7.2']);
      world.node(1).underReplicated = 0;
      await driver.retry();
      await driver.approve('protocol');
    });
    expect(raises(world)).toBe(1);
  });

  it('before the roll parks the whole upgrade; `resume` does it again', async () => {
    const world = new FakeWorld({ cluster: 'sick-cluster' });
    await finish(world, async (driver) => {
      await driver.atGate('plan');
      world.lagAssessment = { ...world.lagAssessment };
      world.node(3).underReplicated = 1;
      await driver.approve('plan');
      const { trouble } = await driver.parked('NodeUnhealthy');
      expect(trouble).toMatchObject({ nodeId: null, phase: null });
      expect(world.changes('stop')).toEqual([]);
      world.node(3).underReplicated = 0;
      expect(await driver.received('resume', { park: 1 })).toMatchObject({ answer: 'the parked step is done again' });
      await driver.approveAll(['canary', 'protocol']);
    });
  });

  it('after the start parks with this node up, and touches no other', async () => {
    const world = new FakeWorld({ cluster: 'stalled' });
    await finish(world, async (driver) => {
      await driver.atGate('plan');
      world.lagAssessment = {
        ...world.lagAssessment,
        settled: false,
        stalled: ['billing'],
        sentences: ['billing stalls'],
      };
      await driver.approve('plan');
      const { trouble } = await driver.parked('NodeUnhealthy');
      expect(trouble).toMatchObject({ nodeId: 2, nodeIsDown: false });
      expect(trouble?.message).toContain('Broker 2 did not become healthy: billing stalls');
      expect(world.changes('stop')).toHaveLength(1);
      world.lagAssessment = { ...world.lagAssessment, settled: true, stalled: [], sentences: [] };
      await driver.retry();
      await driver.approveAll(['canary', 'protocol']);
    });
    const since = world.activityCalls.flatMap(({ name, input }) => {
      const { nodeId, protocol, restartedAtMs } = input as { nodeId: number; protocol: string; restartedAtMs: number };
      return name === 'awaitNodeHealthy' && nodeId === 2 && protocol === '3.7' ? [restartedAtMs] : [];
    });
    // What stalled with the restart is held against it, however often it is looked at again.
    expect(since).toHaveLength(2);
    expect(new Set(since).size).toBe(1);
    // It runs what was planned: the retry only waits for its health.
    expect(world.changes('stop').filter((change) => change.startsWith('stop 2'))).toEqual([
      'stop 2: 3.7.2',
      'stop 2: 3.8.1',
    ]);
  });
});

describe('I6: a definition that is edited while a broker is down', () => {
  it('brings the broker back by the planned one, and parks before the next stop', async () => {
    const world = new FakeWorld({ cluster: 'edited' });
    const planned = world.definitionSha256;
    const { written } = world.definition;
    world.portHooks.set('bringUp', () => {
      world.definitionSha256 = 'e'.repeat(64);
      world.definition.written = { ...written, 'policy.minIsrMargin': '1' };
      world.portHooks.delete('bringUp');
    });
    await finish(world, async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      const { trouble } = await driver.parked('PlanHashMismatch');
      expect(trouble).toMatchObject({ nodeIsDown: false });
      expect(trouble?.message).toContain('policy.minIsrMargin: not written → 1');
      expect(world.changes('stop', 'start')).toEqual(['stop 2: 3.7.2', 'start 2: 3.8.1 at 3.7']);
      expect(world.isUp(2)).toBe(true);
      world.definitionSha256 = planned;
      await driver.retry();
      await driver.approve('protocol');
    });
  });

  it('is waited for by a worker that took over, and never read the planned one', async () => {
    const world = new FakeWorld({ cluster: 'taken-over' });
    const planned = world.definitionSha256;
    world.activityHooks.set('restartNode', (attempt) => {
      world.clusters.warm.clear();
      world.definitionSha256 = attempt < 3 ? 'e'.repeat(64) : planned;
    });
    await finish(world, (driver) => driver.approveAll());
    expect(world.activityCalls.filter(({ name, attempt }) => name === 'restartNode' && attempt === 3)).not.toEqual([]);
  });
});

it('the policy that was approved stays in force when a new version of the worker has other defaults', async () => {
  const world = new FakeWorld({ cluster: 'new-defaults' });
  await finish(world, async (driver) => {
    await driver.approve('plan');
    await driver.atGate('canary');
    // The plan knows no such topic, and a gate that writes to it stays closed.
    world.definition.policy = { ...world.definition.policy, endToEndTopic: 'default-of-the-new-version' };
    await driver.approveAll(['canary', 'protocol']);
  });
});

describe('I6: a broker that does not start', () => {
  it('is started again once before anything else', async () => {
    const world = new FakeWorld({ cluster: 'second-start' });
    let starts = 0;
    world.node(2).startFault = (version) => (version === '3.8.1' && starts++ === 0 ? 'dies' : 'none');
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      expect(await driver.timeline()).toContainEqual(
        expect.objectContaining({ lines: expect.arrayContaining([expect.stringContaining('a start failed')]) }),
      );
    });
    expect(world.changes('start')).toHaveLength(2);
  });

  it('gets its old release back in phase binaries, link first, and parks healthy; retry tries the new one again', async () => {
    const world = new FakeWorld({ cluster: 'restored' });
    world.node(2).startFault = (version) => (version === '3.8.1' ? 'dies' : 'none');
    await finish(world, async (driver) => {
      await driver.approve('plan');
      const { trouble } = await driver.parked('StartFailed');
      expect(trouble).toMatchObject({ nodeId: 2, nodeIsDown: false });
      expect(trouble?.message).toContain('The old release 3.7.2 was put back and broker 2 is healthy on it.');
      expect(world.changes('link', 'start')).toEqual([
        'link 2: 3.8.1',
        'start 2: 3.8.1 at 3.7',
        'start 2: 3.8.1 at 3.7',
        'link 2: 3.7.2',
        'start 2: 3.7.2 at 3.7',
      ]);
      world.node(2).startFault = () => 'none';
      await driver.retry();
      await driver.approveAll(['canary', 'protocol']);
    });
    expect(raises(world)).toBe(1);
  });

  it('and whose old release does not start either parks with this node down', async () => {
    const world = new FakeWorld({ cluster: 'down' });
    world.node(2).startFault = () => 'dies';
    await finish(world, async (driver) => {
      await driver.approve('plan');
      const { trouble } = await driver.parked('StartFailed');
      expect(trouble).toMatchObject({ nodeId: 2, nodeIsDown: true });
      expect(trouble?.message).toContain('The old release did not start either');
      expect(world.changes('stop')).toEqual(['stop 2: 3.7.2']);
      world.node(2).startFault = () => 'none';
      await driver.retry();
      await driver.approveAll(['canary', 'protocol']);
    });
    expect(world.changes('stop').slice(0, 2)).toEqual(['stop 2: 3.7.2', 'stop 3: 3.7.2']);
  });

  it('in phase protocol parks with this node down, keeps the new binary, and touches no other', async () => {
    const world = new FakeWorld({ cluster: 'protocol-down' });
    world.node(2).startFault = (_, protocol) => (protocol === '3.8' ? 'dies' : 'none');
    await finish(world, async (driver) => {
      await driver.approveAll();
      const { trouble } = await driver.parked('StartFailed');
      expect(trouble).toMatchObject({ nodeId: 2, phase: 'protocol', nodeIsDown: true });
      expect(world.changes('stop').slice(3)).toEqual(['stop 2: 3.8.1']);
      expect(world.node(2).link).toBe('3.8.1');
      world.node(2).startFault = () => 'none';
      await driver.retry();
    });
  });
});

describe('I6: a stop', () => {
  it('that takes too long parks; retry waits for the same process and asks no second time', async () => {
    const world = new FakeWorld({ cluster: 'slow-stop' });
    world.node(2).onStop = 'hang';
    await finish(world, async (driver) => {
      await driver.approve('plan');
      const { trouble } = await driver.parked('StopTimedOut');
      expect(trouble).toMatchObject({ nodeId: 2, nodeIsDown: true });
      expect(trouble?.message).toContain('(pid 102) is still shutting down');
      world.node(2).process = null;
      world.node(2).cleanMarker = true;
      world.node(2).onStop = 'exit';
      await driver.retry();
      await driver.approveAll(['canary', 'protocol']);
    });
    expect(world.changes('stop').filter((stop) => stop.startsWith('stop 2'))).toHaveLength(2);
  });

  it('that hangs on parks again and again, never kills and never stops another', async () => {
    const world = new FakeWorld({ cluster: 'hangs' });
    world.node(2).onStop = 'hang';
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      for (let round = 0; round < 3; round++) {
        await driver.parked('StopTimedOut');
        await driver.retry();
      }
      await driver.parked('StopTimedOut');
    });
    expect(world.changes('stop', 'start')).toEqual(['stop 2: 3.7.2']);
    expect(world.node(2).process?.pid).toBe(102);
  });

  it('that was not clean brings the node back first, then parks before another is touched', async () => {
    const world = new FakeWorld({ cluster: 'unclean' });
    world.node(2).onStop = 'exit-uncleanly';
    await finish(world, async (driver) => {
      await driver.approve('plan');
      const { trouble, nodes } = await driver.parked('UncleanShutdown');
      expect(trouble).toMatchObject({ nodeId: 2, nodeIsDown: false });
      expect(nodes[1]?.binaries.state).toBe('done');
      expect(world.changes('stop', 'start')).toEqual(['stop 2: 3.7.2', 'start 2: 3.8.1 at 3.7']);
      world.node(2).onStop = 'exit';
      await driver.retry();
      await driver.approveAll(['canary', 'protocol']);
    });
    expect(raises(world)).toBe(1);
  });
});

describe('I9: a file that somebody else changed', () => {
  it('after the pin parks in the verification, and goes on when it was put back', async () => {
    const world = new FakeWorld({ cluster: 'drift-late' });
    await finish(world, async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      await driver.atGate('protocol');
      const planned = world.node(1).properties;
      world.node(1).properties = `${planned}# ansible was here\n`;
      await driver.approve('protocol');
      const { trouble } = await driver.parked('ConfigDrift');
      expect(trouble?.message).toContain('server.properties on kafka@10.0.0.1:22 was changed by somebody else');
      expect(world.changes('stop')).toHaveLength(3);
      world.node(1).properties = planned;
      await driver.retry();
    });
  });

  it('half-way through the pins parks, since some files are changed already', async () => {
    const world = new FakeWorld({ cluster: 'drift-pins' });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.atGate('plan');
      world.activityHooks.set('pinProtocol', (attempt) => {
        if (attempt === 1) world.node(3).properties += '# ansible was here\n';
      });
      await driver.approve('plan');
      await driver.parked('ConfigDrift');
      expect(world.changes('file')).toEqual(['file 1: 3.7', 'file 2: 3.7']);
      await driver.signal('abort', { by: 'kim' });
      expect(await driver.result()).toMatchObject({
        outcome: 'aborted',
        message: expect.stringContaining('Left as it was parked'),
      });
    });
    expect(world.changes('stop')).toEqual([]);
    expect(held(world)).toEqual([false, false, false]);
  });
});

it('a node that cannot be brought up at all parks down and stays named, and retry brings it back', async () => {
  const world = new FakeWorld({ cluster: 'cut-off' });
  world.portHooks.set('switchRelease', () => {
    throw new UpgradeError('ReleaseMissing', 'the release is gone');
  });
  await finish(world, async (driver) => {
    await driver.approve('plan');
    const { trouble, down } = await driver.parked('ReleaseMissing');
    expect(trouble).toMatchObject({ nodeId: 2, nodeIsDown: true });
    expect(down).toEqual(['broker 2 (kafka@10.0.0.2:22) is down']);
    world.portHooks.delete('switchRelease');
    // Another host that cannot be reached must not keep this node down.
    world.portHooks.set('storeLease', (nodeId) => {
      if (nodeId === 1 && !world.isUp(2)) throw new UpgradeError('SshUnreachable', 'no route to host 1');
    });
    await driver.retry();
    await driver.approveAll(['canary', 'protocol']);
  });
});

describe('a park on top of another', () => {
  const down = ['broker 2 (kafka@10.0.0.2:22) is down'];
  const lastWords = expect.stringContaining('Broker 2 (kafka@10.0.0.2:22) is down and stays so');

  const breakLink = (world: FakeWorld): void => {
    world.portHooks.set('switchRelease', () => {
      throw new UpgradeError('ReleaseMissing', 'the release is gone');
    });
  };
  const refuseRestart = (world: FakeWorld): void => {
    world.activityHooks.set('restartNode', () => {
      throw ApplicationFailure.nonRetryable('another definition', 'PlanHashMismatch');
    });
  };

  it('keeps the node named that the first left down: in status, answers and last words', async () => {
    const world = new FakeWorld({ cluster: 'down-then-refused' });
    breakLink(world);
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.parked('ReleaseMissing');
      refuseRestart(world);
      await driver.retry();
      const { trouble, down: named } = await driver.parked('PlanHashMismatch');
      expect(trouble).toMatchObject({ nodeId: 2, nodeIsDown: false });
      expect(named).toEqual(down);
      expect(await driver.received('abort', { by: 'kim' })).toMatchObject({
        accepted: true,
        answer: expect.stringContaining('broker 2 (kafka@10.0.0.2:22) is down'),
      });
      expect(await driver.result()).toMatchObject({ outcome: 'aborted', message: lastWords });
    });
    expect(world.isUp(2)).toBe(false);
  });

  it('names the node that the second left down', async () => {
    const world = new FakeWorld({ cluster: 'refused-then-down' });
    breakLink(world);
    refuseRestart(world);
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      expect((await driver.parked('PlanHashMismatch')).down).toEqual([]);
      world.activityHooks.delete('restartNode');
      await driver.retry();
      expect((await driver.parked('ReleaseMissing')).down).toEqual(down);
      await driver.signal('abort', { by: 'kim' });
      expect(await driver.result()).toMatchObject({ outcome: 'aborted', message: lastWords });
    });
  });
});

it('a node that is down is started though another host keeps its lease; the leases of all are raised before the next stop', async () => {
  const world = new FakeWorld({ cluster: 'lease-elsewhere' });
  world.portHooks.set('switchRelease', () => {
    throw new UpgradeError('ReleaseMissing', 'the release is gone');
  });
  await finish(world, async (driver) => {
    await driver.approve('plan');
    await driver.parked('ReleaseMissing');
    world.portHooks.delete('switchRelease');
    world.portHooks.set('storeLease', (nodeId) => {
      if (nodeId === 1) throw new UpgradeError('HostRefused', 'host 1 refuses');
    });
    await driver.retry();
    const { down } = await driver.parked('HostRefused');
    expect(down).toEqual([]);
    expect(world.node(2).process?.version).toBe('3.8.1');
    world.note('mark', null, 'host 1 is mended');
    world.portHooks.delete('storeLease');
    await driver.retry();
    await driver.approveAll(['canary', 'protocol']);
  });
  const log = world.changes('mark', 'lease', 'stop');
  const after = log.slice(log.indexOf('mark host 1 is mended'));
  const nextStop = after.findIndex((change) => change.startsWith('stop'));
  const raised = after.slice(0, nextStop).filter((change) => change.endsWith(': held'));
  expect([...new Set(raised)].sort()).toEqual([1, 2, 3].map((id) => `lease ${id}: held`));
});
