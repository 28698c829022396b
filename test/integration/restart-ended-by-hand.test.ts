/**
 * Somebody terminates the workflow of one node's restart while that node is down. On a real server: the time-skipping one
 * does not tell a parent that its child was terminated.
 */
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { UpgradeError } from '../../src/domain/common/failure';
import { nodeWorkflowIdOf } from '../../src/domain/plan/request';
import { startTemporalServer } from '../../src/lab/provision/temporal-server';
import { FakeWorld } from '../support/fake-world';
import { quietRuntime } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';
import type { UpgradeDriver } from '../support/upgrade-harness';
import { violations } from '../support/world-invariants';

let server: Awaited<ReturnType<typeof startTemporalServer>>;
let connection: Connection;
let nativeConnection: NativeConnection;
let client: Client;

beforeAll(async () => {
  quietRuntime();
  server = await startTemporalServer({ ip: '127.0.0.1', port: 0, uiPort: 0, log: () => undefined });
  connection = await Connection.connect({ address: server.address });
  nativeConnection = await NativeConnection.connect({ address: server.address });
  client = new Client({ connection });
});

afterAll(async () => {
  await Promise.all([connection.close(), nativeConnection.close()]);
  await server.stop();
});

/** Brings the upgrade to where broker 2 is down and the workflow of its restart was terminated. */
const terminated = async (world: FakeWorld, driver: UpgradeDriver): Promise<void> => {
  await driver.atGate('plan');
  world.portHooks.set('start', async () => {
    world.portHooks.delete('start');
    await client.workflow.getHandle(nodeWorkflowIdOf(world.definition.cluster, 'binaries', 2)).terminate('by hand');
    throw new UpgradeError('SshUnreachable', 'the host is away for a moment');
  });
  await driver.approve('plan');
  const { trouble, waitingFor } = await driver.parked('RestartEndedByHand');
  expect(trouble).toMatchObject({ nodeId: 2, phase: 'binaries', nodeIsDown: true });
  expect(trouble?.message).toContain(
    'was terminated by hand, not by this upgrade. Whether broker 2 was stopped is not known for sure',
  );
  expect(waitingFor?.answers.map(({ signal }) => signal)).toEqual(['retry', 'rollback', 'abort']);
};

it('parks with what is not known, and retry brings the node back', async () => {
  const world = new FakeWorld({ cluster: 'ended-by-hand' });
  await driveUpgrade({ client, nativeConnection }, world, async (driver) => {
    await terminated(world, driver);
    expect(world.isUp(2)).toBe(false);
    await driver.retry();
    await driver.approveAll(['canary', 'protocol']);
    expect(await driver.result()).toMatchObject({ outcome: 'completed' });
  });
  expect(world.changes('stop').filter((change) => change.startsWith('stop 2'))).toEqual([
    'stop 2: 3.7.2',
    'stop 2: 3.8.1',
  ]);
  expect(violations(world)).toEqual([]);
});

it('says so in the last words of an abort', async () => {
  const world = new FakeWorld({ cluster: 'ended-and-aborted' });
  await driveUpgrade({ client, nativeConnection }, world, async (driver) => {
    await terminated(world, driver);
    await driver.signal('abort', { by: 'kim' });
    const { outcome, message } = await driver.result();
    expect({ outcome, message }).toEqual({
      outcome: 'aborted',
      message: expect.stringContaining('Broker 2 (kafka@10.0.0.2:22) may be down, and is left as it is'),
    });
  });
});
