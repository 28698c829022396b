import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ClusterRef } from '../../src/activities/contract';
import { completeUpgrade } from '../support/complete-upgrade';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import type { UpgradeDriver } from '../support/upgrade-harness';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const finish = (world: FakeWorld, onTheWay: (driver: UpgradeDriver) => Promise<void>): Promise<void> =>
  completeUpgrade(environment, world, onTheWay);

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
  const policies = world.activityCalls.flatMap(({ name, input }) =>
    ['restartNode', 'awaitNodeHealthy', 'awaitClusterHealthy'].includes(name) ? [(input as ClusterRef).policy] : [],
  );
  expect(new Set(policies.map((policy) => policy?.endToEndTopic))).toEqual(new Set([null]));
});
