import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

describe('the order of a roll', () => {
  it('takes the active controller of today last, not the one that was seen before the wait at a gate', async () => {
    const world = new FakeWorld({ cluster: 'controller-moves' });
    world.controllerId = 1;
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      world.controllerId = 3;
      await environment.sleep('1 day');
      await driver.approveAll(['canary', 'protocol']);
      await driver.result();
    });
    expect(world.changes('stop').slice(0, 3)).toEqual(['stop 2: 3.7.2', 'stop 1: 3.7.2', 'stop 3: 3.7.2']);
  });
});
