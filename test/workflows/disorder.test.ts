import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import fc from 'fast-check';
import { messageKinds } from '../../src/domain/people/message';
import type { kafkaUpgrade } from '../../src/workflows';
import { workflowBundle } from '../support/bundle';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { UpgradeDriver, driveUpgrade } from '../support/upgrade-harness';
import { violations } from '../support/world-invariants';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

/** What a confused operator might send: every word but those that end it, with any JSON. */
const anyMessage = fc.record({
  kind: fc.constantFrom(...messageKinds.filter((kind) => kind !== 'abort' && kind !== 'reject')),
  payload: fc.oneof(
    fc.constant(undefined),
    fc.jsonValue({ maxDepth: 2 }),
    fc.record({
      gate: fc.constantFrom('plan', 'canary', 'protocol'),
      plan: fc.constantFrom('00000000', null, 7),
      disasterRecovery: fc.constant('nobody'),
    }),
  ),
});

describe('an upgrade among messages without sense', () => {
  it.each([1, 2, 3])('breaks no invariant and completes (seed %i)', async (seed) => {
    const world = new FakeWorld({ cluster: `disorder-${seed}` });
    const messages = fc.sample(anyMessage, { seed, numRuns: 60 });
    await driveUpgrade(environment, world, async (driver) => {
      const noise = (async () => {
        for (const { kind, payload } of messages) await driver.signal(kind, payload);
      })();
      // Only the marks say when a person really agreed.
      const answer = async (): Promise<void> => {
        const { park, pause } = await driver.status();
        if (park !== null) await driver.signal('retry', { park });
        if (pause !== null) await driver.signal('resume', { pause });
      };
      for (const gate of ['plan', 'canary', 'protocol'] as const) {
        world.note('mark', null, `approved ${gate}`);
        const { plan } = await driver.when('a plan', (status) => status.plan !== null);
        await driver.when(`gate ${gate} passed`, () => true);
        while (!(await driver.timeline()).some((event) => event.type === 'gate-passed' && event.gate === gate)) {
          await driver.signal('approve', { gate, plan, disasterRecovery: 'kim' });
          await answer();
        }
      }
      await noise;
      await driver.when('it ends', ({ outcome, pause }) => outcome !== null || pause !== null);
      await answer();
      expect((await driver.result()).outcome).toBe('completed');
    });
    expect(violations(world).filter((problem) => !problem.startsWith('I3'))).toEqual([]);
    expect(world.changes('stop')).toHaveLength(6);
  });
});

it('I4: workers come and go in the middle of steps; the upgrade goes on where it was', async () => {
  const world = new FakeWorld({ cluster: 'restarts' });
  const taskQueue = `queue-${randomUUID()}`;
  const handle = await environment.client.workflow.start<typeof kafkaUpgrade>('kafkaUpgrade', {
    workflowId: 'kafka-upgrade/restarts',
    taskQueue,
    args: [{ cluster: 'restarts', target: '3.8.1' }],
  });
  const driver = new UpgradeDriver(world, handle, environment.client);
  const withWorker = async (during: () => Promise<unknown>): Promise<void> => {
    const worker = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue,
      workflowBundle: await workflowBundle(),
      activities: { ...world.activities() },
      shutdownGraceTime: '1ms',
      // Without a cache nothing waits for a worker that is gone: its queue of its own is given up after 10 s only.
      maxCachedWorkflows: 0,
      maxHeartbeatThrottleInterval: '1s',
    });
    await worker.runUntil(during);
  };
  const calls = (count: number) => () =>
    driver.when(`${count} activities were begun`, () => world.activityCalls.length >= count);
  await withWorker(() => driver.approve('plan'));
  for (const count of [3, 6]) await withWorker(calls(count));
  await withWorker(() => driver.approve('canary'));
  await withWorker(calls(10));
  await withWorker(() => driver.approve('protocol'));
  await withWorker(calls(18));
  await withWorker(() => driver.result());
  expect((await driver.result()).outcome).toBe('completed');
  expect(violations(world)).toEqual([]);
  expect(world.changes('stop')).toHaveLength(6);
});
