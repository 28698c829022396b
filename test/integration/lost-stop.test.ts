/**
 * An attempt asks a broker to stop and is lost before the broker has ended; people end the upgrade before the next attempt.
 * On a real server: the time-skipping one loses a cancellation that meets a failing attempt.
 */
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { RestartNodeInput } from '../../src/activities/contract';
import { startTemporalServer } from '../../src/lab/provision/temporal-server';
import { FakeWorld } from '../support/fake-world';
import { quietRuntime } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';

let server: Awaited<ReturnType<typeof startTemporalServer>>;
let connection: Connection;
let nativeConnection: NativeConnection;

beforeAll(async () => {
  quietRuntime();
  server = await startTemporalServer({ ip: '127.0.0.1', port: 0, uiPort: 0, log: () => undefined });
  connection = await Connection.connect({ address: server.address });
  nativeConnection = await NativeConnection.connect({ address: server.address });
});

afterAll(async () => {
  await Promise.all([connection.close(), nativeConnection.close()]);
  await server.stop();
});

const maxGateAgeSeconds = 15;

/** An attempt that asks broker 2 to stop and is lost right afterwards, as people say this. */
const askAndBeLost = async (world: FakeWorld, input: RestartNodeInput, say: () => Promise<unknown>): Promise<never> => {
  const host = world.host(2);
  const process = await host.findProcess();
  if (process === null) throw new Error('broker 2 runs');
  const { restart, fence } = input;
  const gateBegan = await host.clock();
  await host.requestStop({ ...fence, attempt: 1 }, { restart, process, gateBegan, maxGateAgeSeconds });
  await say();
  throw new Error('the worker is gone');
};

it.each([
  ['abort', 'aborted', '3.8.1'],
  ['rollback', 'rolled-back', '3.7.2'],
] as const)(
  '%s: the end of the process is waited for, and the broker is brought back',
  async (how, outcome, version) => {
    const world = new FakeWorld({ cluster: `lost-stop-${how}` });
    const node = world.node(2);
    // What a broker speaks that shuts down cannot be read, and then nothing is put back.
    node.onStop = how === 'abort' ? 'hang' : 'exit';
    await driveUpgrade({ client: new Client({ connection }), nativeConnection }, world, async (driver) => {
      world.activityHooks.set('restartNode', async (attempt, input) => {
        const restart = input as RestartNodeInput;
        if (attempt === 1 && !restart.finishing && restart.toVersion === '3.8.1')
          await askAndBeLost(world, restart, () => driver.received(how));
      });
      world.portHooks.set('awaitStop', () => {
        [node.onStop, node.process, node.cleanMarker] = ['exit', null, true];
      });
      await driver.approve('plan');
      expect(await driver.result()).toMatchObject({ outcome });
      expect((await driver.status()).nodes[1]?.binaries.detail).toContain('its health was not waited for');
    });
    const restarts = world.activityCalls.filter(({ name }) => name === 'restartNode');
    expect(restarts[1]?.input).toMatchObject({ finishing: true, nodeId: 2 });
    expect(world.changes('stop', 'start').slice(0, 2)).toEqual(['stop 2: 3.7.2', 'start 2: 3.8.1 at 3.7']);
    expect([...world.nodes.values()].map(({ process }) => process?.version)).toEqual(['3.7.2', version, '3.7.2']);
  },
);
