import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { nodeWorkflowIdOf } from '../../src/domain/plan/request';
import { completeUpgrade } from '../support/complete-upgrade';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { untilCancelled } from '../support/until-cancelled';
import { driveUpgrade } from '../support/upgrade-harness';
import type { UpgradeDriver } from '../support/upgrade-harness';
import { until } from '../support/until';
import { violations } from '../support/world-invariants';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const held = (world: FakeWorld): unknown[] => [...world.nodes.values()].map(({ lease }) => lease?.held);

/** Brings the upgrade to the closed gate in front of broker 3. */
const toClosedGate = async (world: FakeWorld, driver: UpgradeDriver): Promise<void> => {
  await driver.approve('plan');
  await driver.atGate('canary');
  world.node(1).underReplicated = 4;
  await driver.approve('canary');
  await until('broker 3 waits at its gate', () =>
    world.activityCalls.some(({ name, input }) => name === 'restartNode' && (input as { nodeId: number }).nodeId === 3),
  );
};

describe('an abort', () => {
  it('while a node waits at its gate cancels the gate: nothing is stopped, the leases are released', async () => {
    const world = new FakeWorld({ cluster: 'abort-gated', policy: { healthyDeadlineMs: 600_000 } });
    await driveUpgrade(environment, world, async (driver) => {
      await toClosedGate(world, driver);
      await driver.signal('abort', { by: 'kim', comment: 'wrong day' });
      const { outcome, message } = await driver.result();
      expect({ outcome, message }).toEqual({
        outcome: 'aborted',
        message: expect.stringContaining('Ended by kim (wrong day). Binaries: running; protocol: pending.'),
      });
      const { nodes, phase } = await driver.status();
      expect(nodes[2]?.binaries).toMatchObject({ state: 'pending', detail: 'not stopped' });
      expect(phase).toBe('aborted');
    });
    expect(world.changes('stop')).toEqual(['stop 2: 3.7.2']);
    expect(held(world)).toEqual([false, false, false]);
    expect(violations(world)).toEqual([]);
  });

  it('while the cluster is waited for before the roll ends the wait', async () => {
    const world = new FakeWorld({ cluster: 'abort-unhealthy', policy: { healthyDeadlineMs: 600_000 } });
    await driveUpgrade(environment, world, async (driver) => {
      world.node(1).underReplicated = 4;
      await driver.approve('plan');
      await until('the cluster is waited for', () =>
        world.activityCalls.some(({ name }) => name === 'awaitClusterHealthy'),
      );
      await driver.signal('abort', { by: 'kim' });
      expect(await driver.result()).toMatchObject({ outcome: 'aborted' });
    });
    expect(world.changes('stop')).toEqual([]);
    expect(held(world)).toEqual([false, false, false]);
  });

  it("is what Temporal's own cancel means", async () => {
    const world = new FakeWorld({ cluster: 'cancelled', policy: { healthyDeadlineMs: 600_000 } });
    await driveUpgrade(environment, world, async (driver) => {
      await toClosedGate(world, driver);
      await driver.handle.cancel();
      expect(await driver.result()).toMatchObject({
        outcome: 'aborted',
        message: expect.stringContaining('Ended by Temporal cancel request'),
      });
    });
    expect(world.changes('stop')).toEqual(['stop 2: 3.7.2']);
    expect(held(world)).toEqual([false, false, false]);
  });

  it.each(['abort', 'cancel'] as const)(
    'after a stop (%s) brings the broker back first, and does not wait for its health',
    async (how) => {
      const world = new FakeWorld({ cluster: `abort-stopped-${how}`, policy: { healthyDeadlineMs: 600_000 } });
      await driveUpgrade(environment, world, async (driver) => {
        world.portHooks.set('bringUp', async () => {
          world.node(1).underReplicated = 4;
          await (how === 'abort' ? driver.received('abort') : driver.handle.cancel());
          await untilCancelled();
        });
        await driver.approve('plan');
        expect((await driver.result()).outcome).toBe('aborted');
        expect((await driver.status()).nodes[1]?.binaries).toMatchObject({
          state: 'parked',
          detail: 'it listens with 3.8.1; its health was not waited for',
        });
      });
      expect(world.changes('stop', 'start')).toEqual(['stop 2: 3.7.2', 'start 2: 3.8.1 at 3.7']);
      expect(world.activityCalls.at(-1)?.name).toBe('raiseLeases');
      expect(held(world)).toEqual([false, false, false]);
    },
  );

  it('while the health of a node is waited for ends at once: the node listens', async () => {
    const world = new FakeWorld({ cluster: 'abort-health', policy: { healthyDeadlineMs: 600_000 } });
    await driveUpgrade(environment, world, async (driver) => {
      world.activityHooks.set('awaitNodeHealthy', () => {
        world.node(1).underReplicated = 4;
      });
      await driver.approve('plan');
      await until('the node waits for its health', () =>
        world.activityCalls.some(({ name }) => name === 'awaitNodeHealthy'),
      );
      const began = performance.now();
      await driver.signal('abort', { by: 'kim' });
      expect((await driver.result()).outcome).toBe('aborted');
      expect(performance.now() - began).toBeLessThan(10_000);
      expect((await driver.status()).nodes[1]?.binaries.detail).toContain('its health was not waited for');
    });
  });

  it('by a rollback while the health of a node is waited for is acted on at once, too', async () => {
    const world = new FakeWorld({ cluster: 'rollback-health', policy: { healthyDeadlineMs: 600_000 } });
    await driveUpgrade(environment, world, async (driver) => {
      world.activityHooks.set('awaitNodeHealthy', () => {
        world.node(1).underReplicated = 4;
      });
      await driver.approve('plan');
      await until('the node waits for its health', () =>
        world.activityCalls.some(({ name }) => name === 'awaitNodeHealthy'),
      );
      await driver.signal('rollback', { by: 'kim' });
      const left = 'it listens with 3.8.1; its health was not waited for';
      await driver.when('the node was left', ({ nodes }) => nodes[1]?.binaries.detail === left);
      world.activityHooks.delete('awaitNodeHealthy');
      world.node(1).underReplicated = 0;
      expect((await driver.result()).outcome).toBe('rolled-back');
    });
    expect(world.changes('stop')).toEqual(['stop 2: 3.7.2', 'stop 2: 3.8.1']);
  });

  it('at the gate of the plan ends before anything is touched', async () => {
    const world = new FakeWorld({ cluster: 'abort-plan' });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.atGate('plan');
      await driver.signal('abort');
      expect(await driver.result()).toMatchObject({
        outcome: 'aborted',
        message: 'Ended by a person. No broker was touched.',
      });
    });
    expect(world.log).toEqual([]);
  });

  it.each(['claimCluster', 'backUpConfiguration'] as const)('during %s ends before a file is changed', async (name) => {
    const world = new FakeWorld({ cluster: `abort-${name}` });
    await driveUpgrade(environment, world, async (driver) => {
      world.activityHooks.set(name, async () => {
        await driver.received('abort');
        await untilCancelled();
      });
      await driver.approve('plan');
      expect(await driver.result()).toMatchObject({
        outcome: 'aborted',
        message: 'Ended by a person. No broker was touched.',
      });
    });
    expect(world.changes('file', 'stop')).toEqual([]);
    expect(held(world)).toEqual([false, false, false]);
  });

  it('of a parked upgrade leaves it as it was, and says so', async () => {
    const world = new FakeWorld({ cluster: 'abort-parked' });
    world.node(2).onStop = 'hang';
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.parked('StopTimedOut');
      expect(await driver.received('abort', { by: 'kim' })).toMatchObject({
        answer: expect.stringContaining('broker 2 (kafka@10.0.0.2:22) is shutting down and is not brought back'),
      });
      const { message } = await driver.result();
      expect(message).toContain('Left as it was parked: Broker 2 (pid 102) is still shutting down');
      expect(message).toContain(
        'Broker 2 (kafka@10.0.0.2:22) is shutting down and is not brought back: when its process',
      );
    });
    expect(held(world)).toEqual([false, false, false]);
  });

  it('that follows a retry at once ends without a second try', async () => {
    const world = new FakeWorld({ cluster: 'abort-retried' });
    world.node(1).underReplicated = 0;
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      world.node(1).underReplicated = 4;
      await driver.approve('canary');
      await driver.parked('NodeUnhealthy');
      world.activityHooks.set('raiseLeases', untilCancelled);
      await Promise.all([driver.signal('retry', { park: 1 }), driver.signal('abort')]);
      expect((await driver.result()).outcome).toBe('aborted');
      expect((await driver.status()).nodes[2]?.binaries.state).not.toBe('rolling');
    });
    expect(world.changes('stop')).toEqual(['stop 2: 3.7.2']);
  });

  it('cannot be taken back, and nothing else is accepted beside it', async () => {
    const world = new FakeWorld({ cluster: 'abort-twice' });
    await driveUpgrade(environment, world, async (driver) => {
      world.portHooks.set('bringUp', async () => {
        await driver.received('abort', { by: 'kim' });
        for (const kind of ['abort', 'pause', 'resume', 'retry', 'approve', 'reject'] as const) {
          expect(await driver.received(kind)).toMatchObject({
            accepted: false,
            answer: 'it is ending already (aborted)',
          });
        }
        await untilCancelled();
      });
      await driver.approve('plan');
      expect((await driver.result()).message).toContain('Ended by kim');
      expect((await driver.messages()).filter(({ accepted }) => accepted)).toHaveLength(2);
    });
  });
});

it('a host that cannot be reached at the end keeps its lease, and does not hold up the end', async () => {
  const world = new FakeWorld({ cluster: 'keeps-lease' });
  await driveUpgrade(environment, world, async (driver) => {
    await driver.approve('plan');
    await driver.atGate('canary');
    world.definitionSha256 = 'e'.repeat(64);
    await driver.signal('abort');
    expect((await driver.result()).outcome).toBe('aborted');
    expect(await driver.timeline()).toContainEqual(
      expect.objectContaining({ title: 'release of the cluster', lines: [expect.stringContaining('keeps its lease')] }),
    );
  });
  expect(held(world)).toEqual([true, true, true]);
});

it('the next run of the same cluster takes over from a run that was killed, with a greater epoch', async () => {
  const world = new FakeWorld({ cluster: 'killed' });
  await driveUpgrade(environment, world, async (driver) => {
    await driver.approve('plan');
    await driver.atGate('canary');
  });
  expect(world.node(1).lease).toMatchObject({ epoch: 1, held: true });
  await driveUpgrade(environment, world, async (driver) => {
    await driver.approveAll();
    expect((await driver.result()).outcome).toBe('completed');
  });
  expect(world.node(1).lease).toMatchObject({ epoch: 2, held: false });
  expect(world.changes('stop').filter((stop) => stop.startsWith('stop 2'))).toEqual(['stop 2: 3.7.2', 'stop 2: 3.8.1']);
});

describe("a node's own workflow that somebody ends by hand", () => {
  const nodeHandle = (world: FakeWorld, nodeId: number) =>
    environment.client.workflow.getHandle(nodeWorkflowIdOf(world.definition.cluster, 'binaries', nodeId));

  it('cancelled at its gate parks the upgrade, which goes on with retry', async () => {
    const world = new FakeWorld({ cluster: 'child-cancelled', policy: { healthyDeadlineMs: 600_000 } });
    await completeUpgrade(environment, world, async (driver) => {
      await toClosedGate(world, driver);
      await nodeHandle(world, 3).cancel();
      const { trouble, waitingFor } = await driver.parked('RestartEndedByHand');
      expect(trouble).toMatchObject({ nodeId: 3, phase: 'binaries', nodeIsDown: false });
      expect(trouble?.message).toBe(
        'Workflow kafka-upgrade/child-cancelled/binaries/3, the restart of broker 3, was cancelled by hand, not by this upgrade. It had not stopped broker 3.',
      );
      expect(waitingFor?.answers.map(({ signal }) => signal)).toEqual(['retry', 'rollback', 'abort']);
      world.node(1).underReplicated = 0;
      await driver.retry();
      await driver.approve('protocol');
    });
  });

  it('cancelled while its health is waited for parks with what it runs; retry only waits for its health', async () => {
    const world = new FakeWorld({ cluster: 'child-cancelled-late', policy: { healthyDeadlineMs: 600_000 } });
    const { lagAssessment } = world;
    await completeUpgrade(environment, world, async (driver) => {
      world.lagAssessment = { ...lagAssessment, settled: false, stalled: ['billing'], sentences: ['billing stalls'] };
      await driver.approve('plan');
      await until('the health of broker 2 is waited for', () =>
        world.activityCalls.some(({ name }) => name === 'awaitNodeHealthy'),
      );
      await nodeHandle(world, 2).cancel();
      const { trouble } = await driver.parked('RestartEndedByHand');
      expect(trouble).toMatchObject({ nodeId: 2, nodeIsDown: false });
      expect(trouble?.message).toContain('Broker 2 runs 3.8.1, and was not seen healthy since its start.');
      world.lagAssessment = lagAssessment;
      await driver.retry();
      await driver.approveAll(['canary', 'protocol']);
    });
    expect(world.changes('stop').filter((change) => change.startsWith('stop 2'))).toHaveLength(2);
  });
});
