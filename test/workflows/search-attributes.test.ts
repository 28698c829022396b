import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const all = ['KafkaCluster', 'UpgradePhase', 'UpgradeTarget', 'UpgradeAttention'];

/** How often the history up to gate `plan` upserts search attributes. */
const upserts = (name: string, registered: string[]): Promise<number> => {
  const world = new FakeWorld({ cluster: name });
  world.searchAttributes = registered;
  return driveUpgrade(environment, world, async (driver) => {
    await driver.atGate('plan');
    const { events } = await driver.handle.fetchHistory();
    return (events ?? []).filter(({ upsertWorkflowSearchAttributesEventAttributes: upsert }) => Boolean(upsert)).length;
  });
};

describe('search attributes', () => {
  it('are not upserted while the namespace knows none of them, or not all: one unknown would wedge the upgrade', async () => {
    expect(await upserts('none-known', [])).toBe(0);
    expect(await upserts('some-known', all.slice(1))).toBe(0);
  });

  it('are upserted when all are known, and only when they change', async () => {
    // Types of temporal.api.enums.v1.IndexedValueType: 2 is KEYWORD, 5 is BOOL.
    const searchAttributes = { KafkaCluster: 2, UpgradePhase: 2, UpgradeTarget: 2, UpgradeAttention: 5 };
    await environment.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes });
    expect(await upserts('all-known', [...all, 'Other'])).toBe(2);
  });
});
