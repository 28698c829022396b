import type { FakeWorld } from './fake-world';
import { driveUpgrade } from './upgrade-harness';
import type { UpgradeDriver } from './upgrade-harness';
import { violations } from './world-invariants';

/** Runs an upgrade to its end, with what the test does on the way; no invariant may break. */
export const completeUpgrade = async (
  environment: Parameters<typeof driveUpgrade>[0],
  world: FakeWorld,
  onTheWay: (driver: UpgradeDriver) => Promise<void>,
): Promise<void> => {
  await driveUpgrade(environment, world, async (driver) => {
    await onTheWay(driver);
    expect((await driver.result()).outcome).toBe('completed');
  });
  expect(violations(world)).toEqual([]);
};
