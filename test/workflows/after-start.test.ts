/** Trouble with a node between its start and its health. */
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { completeUpgrade } from '../support/complete-upgrade';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

it('I6: a broker that dies after its start is down: in phase binaries its old release is put back', async () => {
  const world = new FakeWorld({ cluster: 'dies-late' });
  world.activityHooks.set('awaitNodeHealthy', (_, input) => {
    if ((input as { version: string }).version !== '3.8.1') return;
    world.node(2).process = null;
    throw ApplicationFailure.nonRetryable('Broker 2 died after its start.', 'StartFailed');
  });
  await driveUpgrade(environment, world, async (driver) => {
    await driver.approve('plan');
    const { trouble } = await driver.parked();
    expect(trouble).toMatchObject({ nodeId: 2, nodeIsDown: false });
    expect(trouble?.message).toContain('The old release 3.7.2 was put back');
  });
  expect(world.node(2).process?.version).toBe('3.7.2');
});

it('I6: a broker that dies after its start is down, also when its host is lost before it is looked at again', async () => {
  const world = new FakeWorld({ cluster: 'dies-and-is-lost' });
  world.activityHooks.set('awaitNodeHealthy', () => {
    world.node(2).process = null;
    throw ApplicationFailure.nonRetryable('Broker 2 died after its start.', 'StartFailed');
  });
  let restarts = 0;
  world.activityHooks.set('restartNode', () => {
    restarts += 1;
    if (restarts === 2) throw ApplicationFailure.nonRetryable('The host has not answered for 180 s.', 'HostLost');
  });
  await driveUpgrade(environment, world, async (driver) => {
    await driver.approve('plan');
    const { trouble } = await driver.parked('HostLost');
    expect(trouble).toMatchObject({ nodeId: 2, nodeIsDown: true });
  });
});

it('an unclean stop is not forgotten when the node, too, is long in becoming healthy', async () => {
  const world = new FakeWorld({ cluster: 'unclean-and-slow' });
  world.node(2).onStop = 'exit-uncleanly';
  await completeUpgrade(environment, world, async (driver) => {
    await driver.atGate('plan');
    const settled = world.lagAssessment;
    world.lagAssessment = { ...settled, settled: false, stalled: ['billing'], sentences: ['billing stalls'] };
    await driver.approve('plan');
    await driver.parked('NodeUnhealthy');
    world.lagAssessment = settled;
    world.node(2).onStop = 'exit';
    await driver.retry();
    const { trouble } = await driver.parked('UncleanShutdown');
    expect(trouble).toMatchObject({ nodeId: 2, nodeIsDown: false });
    await driver.retry();
    await driver.approveAll(['canary', 'protocol']);
  });
});

it('I6: a new binary that runs and does not listen is not replaced under the running process', async () => {
  const world = new FakeWorld({ cluster: 'deaf', policy: { startTimeoutMs: 60 } });
  world.node(2).startFault = (version) => (version === '3.8.1' ? 'deaf' : 'none');
  await completeUpgrade(environment, world, async (driver) => {
    await driver.approve('plan');
    const { trouble } = await driver.parked('StartTimedOut');
    expect(trouble).toMatchObject({ nodeId: 2, nodeIsDown: true });
    expect(trouble?.message).toMatch(/process \d+ still runs and is never killed/);
    expect(trouble?.message).not.toContain('The old release');
    expect(world.changes('link', 'start')).toEqual(['link 2: 3.8.1', 'start 2: 3.8.1 at 3.7']);
    world.node(2).startFault = () => 'none';
    world.node(2).process = null;
    world.node(2).cleanMarker = true;
    world.deaf.delete(2);
    await driver.retry();
    await driver.approveAll(['canary', 'protocol']);
  });
});
