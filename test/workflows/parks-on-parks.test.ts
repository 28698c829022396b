import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { UpgradeError } from '../../src/domain/common/failure';
import { completeUpgrade } from '../support/complete-upgrade';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

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
  await completeUpgrade(environment, world, async (driver) => {
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
