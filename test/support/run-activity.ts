import type { Info } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../src/activities';
import type { UpgradeActivities } from '../../src/activities/contract';
import type { Fence } from '../../src/domain/upgrade/node-roll';
import type { FakeWorld } from './fake-world';

export interface StartedActivity<T> {
  result: Promise<T>;
  heartbeats: unknown[];
  cancel: () => void;
}

/** Starts one of the product's activities over the model, in an activity context with this attempt and these details. */
export const startActivity = <Name extends keyof UpgradeActivities>(
  world: FakeWorld,
  name: Name,
  input: Parameters<UpgradeActivities[Name]>[0],
  info: Partial<Info> = {},
): StartedActivity<Awaited<ReturnType<UpgradeActivities[Name]>>> => {
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') });
  const heartbeats: unknown[] = [];
  environment.on('heartbeat', (details: unknown) => heartbeats.push(details));
  const activity = createActivities(world.dependencies())[name] as (
    given: typeof input,
  ) => Promise<Awaited<ReturnType<UpgradeActivities[Name]>>>; // as: TypeScript does not relate the two unions
  const result = environment.run<[typeof input], Awaited<ReturnType<UpgradeActivities[Name]>>, typeof activity>(
    activity,
    input,
  );
  // Tests await it later; until then a rejection is nobody's surprise.
  result.catch(() => undefined);
  return { result, heartbeats, cancel: () => environment.cancel('CANCELLED') };
};

/** Runs an activity to its end. */
export const runActivity = <Name extends keyof UpgradeActivities>(
  world: FakeWorld,
  name: Name,
  input: Parameters<UpgradeActivities[Name]>[0],
  info: Partial<Info> = {},
): Promise<Awaited<ReturnType<UpgradeActivities[Name]>>> => startActivity(world, name, input, info).result;

/** The fence of a run that owns the model's hosts. */
export const fence = (step = 20): Fence => ({
  clusterId: 'kafka-cluster-A',
  owner: 'temporal-A/default/kafka-upgrade/orders-prod',
  runId: 'run-1',
  epoch: 1,
  step,
});

export const reference = { cluster: 'orders-prod', definitionSha256: 'd'.repeat(64) };
