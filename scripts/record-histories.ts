/**
 * Records the histories that test/replay replays, one file for each frozen behaviour. Run it when the workflows change on
 * purpose; a change that must not break running upgrades is made with `patched` instead, and the old files stay.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { TestWorkflowEnvironment } from '@temporalio/testing';

import { FakeWorld } from '../test/support/fake-world';
import { createTimeSkippingEnvironment } from '../test/support/temporal-env';
import { driveUpgrade } from '../test/support/upgrade-harness';
import type { UpgradeDriver } from '../test/support/upgrade-harness';

const root = join(__dirname, '..');
const directory = join(root, 'test', 'replay', 'histories');

interface Scenario {
  world: FakeWorld;
  /** Drives the upgrade to its end. */
  drive: (driver: UpgradeDriver) => Promise<void>;
  /** What to keep: name of the file, and the end of the workflow id after the upgrade's own. */
  keep: Record<string, string>;
}

const completed = (): Scenario => ({
  world: new FakeWorld({ cluster: 'completed' }),
  drive: (driver) => driver.approveAll(),
  keep: { 'upgrade-completed': '', 'node-rolled': '/binaries/2', 'node-raised': '/protocol/1' },
});

const rejected = (): Scenario => ({
  world: new FakeWorld({ cluster: 'rejected' }),
  drive: async (driver) => {
    await driver.atGate('plan');
    await driver.signal('pause');
    await driver.signal('reject', { by: 'kim', comment: 'not this week' });
  },
  keep: { 'upgrade-rejected': '' },
});

const parked = (): Scenario => {
  const world = new FakeWorld({ cluster: 'parked' });
  world.node(2).startFault = (version) => (version === '3.8.1' ? 'dies' : 'none');
  return {
    world,
    drive: async (driver) => {
      await driver.approve('plan');
      await driver.parked('StartFailed');
      world.node(2).startFault = () => 'none';
      await driver.retry();
      await driver.approve('canary');
      await driver.atGate('protocol');
      await driver.signal('abort');
    },
    keep: { 'upgrade-parked-and-retried': '' },
  };
};

const restored = (): Scenario => {
  const { world } = parked();
  return {
    world,
    drive: async (driver) => {
      await driver.approve('plan');
      await driver.parked('StartFailed');
      await driver.signal('abort');
    },
    keep: { 'node-restored': '/binaries/2' },
  };
};

const cancelled = (): Scenario => {
  const world = new FakeWorld({ cluster: 'cancelled', policy: { healthyDeadlineMs: 600_000 } });
  return {
    world,
    drive: async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      world.node(1).underReplicated = 4;
      await driver.approve('canary');
      await driver.when('broker 3 is rolling', ({ nodes }) => nodes[2]?.binaries.state === 'rolling');
      await driver.handle.cancel();
    },
    keep: { 'upgrade-cancelled': '', 'node-cancelled': '/binaries/3' },
  };
};

/** Nothing in a committed file depends on where it was recorded: process and host, or paths in stack traces. */
const withoutThisMachine = (key: string, value: unknown): unknown => {
  if (key === 'identity') return 'recorder';
  return typeof value === 'string' && key === 'stackTrace' ? value.replaceAll(`${root}/`, '') : value;
};

async function record(environment: TestWorkflowEnvironment, { world, drive, keep }: Scenario): Promise<void> {
  await driveUpgrade(environment, world, async (driver) => {
    await drive(driver);
    await driver.result();
    for (const [name, suffix] of Object.entries(keep)) {
      const handle = environment.client.workflow.getHandle(`${driver.handle.workflowId}${suffix}`);
      const recorded: unknown = JSON.parse(historyToJSON(await handle.fetchHistory()), withoutThisMachine);
      const history = JSON.stringify(recorded, null, 1);
      writeFileSync(join(directory, `${name}.json`), `${history}\n`);
      console.log(`${name}.json (${Math.round(history.length / 1024)} KB)`);
    }
  });
}

async function main(): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const environment = await createTimeSkippingEnvironment();
  try {
    for (const scenario of [completed(), rejected(), parked(), restored(), cancelled()]) {
      await record(environment, scenario);
    }
  } finally {
    await environment.teardown();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
