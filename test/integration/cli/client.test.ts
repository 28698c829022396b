import { ClientError } from '../../../src/client/client-error';
import { connectTemporal } from '../../../src/client/connect';
import type { TemporalSession } from '../../../src/client/connect';
import { UpgradeClient } from '../../../src/client/upgrade-client';
import { startTemporalServer } from '../../../src/lab/provision/temporal-server';
import type { TemporalServer } from '../../../src/lab/provision/temporal-server';
import { runCli } from '../../support/run-cli';

/** A real Temporal and no worker: what operators see before one is started, or while it is away. */
describe('a client without a worker', () => {
  let server: TemporalServer;
  let session: TemporalSession;

  beforeAll(async () => {
    server = await startTemporalServer({ ip: '127.0.0.1', port: 0, uiPort: 0, log: () => undefined });
    session = await connectTemporal({ address: server.address, namespace: 'default', webUi: server.uiAddress });
  });

  afterAll(async () => {
    await session.close();
    await server.stop();
  });

  const errorOf = async (attempt: Promise<unknown>): Promise<ClientError> => {
    const error: unknown = await attempt.then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error instanceof ClientError) return error;
    throw new Error(`Expected a ClientError, got ${String(error)}`);
  };

  it('starts one upgrade of a cluster and refuses a second one, with what to do', async () => {
    const client = new UpgradeClient(session, 'twice');
    await client.start({ target: '3.8.1' });
    const error = await errorOf(client.start({ target: '3.9.1' }));
    expect(error.kind).toBe('already-running');
    expect(error.message).toContain(`${server.uiAddress}/namespaces/default/workflows/kafka-upgrade%2Ftwice`);
    expect(error.hint).toContain('kafka-upgrade abort twice');
  });

  it('refuses an input that makes no sense before it reaches Temporal', async () => {
    const client = new UpgradeClient(session, 'senseless');
    await expect(client.start({ target: '' })).rejects.toThrow('"target" must be a non-empty string');
    expect((await errorOf(client.send('pause', {}))).kind).toBe('not-found');
  });

  it('says that no worker answers', async () => {
    const client = new UpgradeClient(session, 'unattended');
    await client.start({ target: '3.8.1' });
    const error = await errorOf(client.look());
    expect(error.kind).toBe('no-worker');
    expect(error.hint).toContain('kafka-upgrade worker');
  });

  it('leaves a message with Temporal when nobody answers', async () => {
    const client = new UpgradeClient(session, 'stored');
    await client.start({ target: '3.8.1' });
    await expect(client.send('pause', { comment: 'later' })).resolves.toMatchObject({ accepted: true, by: 'signal' });
  });

  it('tells from the command line that there is no such upgrade, namespace or worker', async () => {
    const at = ['--address', server.address];
    const client = new UpgradeClient(session, 'silent');
    await client.start({ target: '3.8.1' });
    const [nobody, nowhere, silent] = await Promise.all([
      runCli(['status', 'nobody', ...at]),
      runCli(['status', 'nobody', ...at, '--namespace', 'nowhere']),
      runCli(['status', 'silent', ...at]),
    ]);
    expect([nobody.exitCode, nobody.stderr]).toEqual([5, expect.stringContaining('kafka-upgrade/nobody')]);
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([2, expect.stringContaining('no namespace "nowhere"')]);
    expect([silent.exitCode, silent.stderr]).toEqual([3, expect.stringContaining('No worker answers')]);
  });
});
