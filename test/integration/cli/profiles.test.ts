import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTemporalServer } from '../../../src/lab/provision/temporal-server';
import type { TemporalServer } from '../../../src/lab/provision/temporal-server';
import { makePki } from '../../support/certificates';
import { cliMain, runCli } from '../../support/run-cli';
import type { CliRun } from '../../support/run-cli';
import { startTlsFront } from '../../support/tls-front';
import type { TlsFront } from '../../support/tls-front';

const apiKey = 'key-of-the-operators';
/** An idle worker stops within a second; a busy machine needs more. */
const stopLimitMs = 20_000;

/** A real Temporal behind TLS with client certificates, and behind TLS with an API key, reached as profiles say. */
describe('profiles of the Temporal configuration', () => {
  let directory: string;
  let server: TemporalServer;
  let fronts: TlsFront[];
  let env: Record<string, string>;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'kafka-upgrade-profiles-'));
    server = await startTemporalServer({ ip: '127.0.0.1', port: 0, uiPort: 0, log: () => undefined });
    const pki = await makePki(directory);
    const mutual = await startTlsFront(server.address, pki, { by: 'certificate' });
    const keyed = await startTlsFront(server.address, pki, { by: 'key', key: apiKey });
    fronts = [mutual, keyed];
    const tls = (profile: string, ca: string): string[] => [
      `[profile.${profile}.tls]`,
      'server_name = "temporal.example.org"',
      `server_ca_cert_path = "${ca}"`,
    ];
    const identity = [`client_cert_path = "${pki.client.cert}"`, `client_key_path = "${pki.client.key}"`];
    const profile = (name: string, address: string, ...more: string[]): string[] => [
      `[profile.${name}]`,
      `address = "${address}"`,
      ...more,
    ];
    const lines = [
      ...[...profile('mutual', mutual.address), ...tls('mutual', pki.ca.cert), ...identity],
      ...[
        ...profile('elsewhere', mutual.address, 'namespace = "elsewhere"'),
        ...tls('elsewhere', pki.ca.cert),
        ...identity,
      ],
      ...[...profile('nameless', mutual.address), ...tls('nameless', pki.ca.cert)],
      ...[...profile('distrustful', mutual.address), ...tls('distrustful', pki.stranger.cert), ...identity],
      ...profile('open', mutual.address),
      ...[...profile('keyed', keyed.address, `api_key = "${apiKey}"`), ...tls('keyed', pki.ca.cert)],
      ...[...profile('wrong-key', keyed.address, 'api_key = "old"'), ...tls('wrong-key', pki.ca.cert)],
    ];
    const file = join(directory, 'temporal.toml');
    writeFileSync(file, lines.join('\n'));
    env = { TEMPORAL_CONFIG_FILE: file };
  });

  afterAll(async () => {
    for (const front of fronts) await front.stop();
    await server.stop();
    rmSync(directory, { recursive: true });
  });

  const list = (profile: string, more: Record<string, string> = {}): Promise<CliRun> =>
    runCli(['list', '--profile', profile, '--json'], { ...env, ...more });

  it.each(['mutual', 'keyed'])('reach Temporal as "%s" says', async (profile) => {
    const { exitCode, stdout } = await list(profile);
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, { upgrades: [] }]);
  });

  it('may be named by TEMPORAL_PROFILE, and single settings by other variables', async () => {
    const named = await runCli(['list'], { ...env, TEMPORAL_PROFILE: 'mutual' });
    expect([named.exitCode, named.stdout]).toEqual([0, expect.stringContaining('namespace "default"')]);
    const right = await list('wrong-key', { TEMPORAL_API_KEY: apiKey });
    expect(right.exitCode).toBe(0);
  });

  it('say which namespace is meant', async () => {
    const { exitCode, stdout } = await list('elsewhere');
    expect([exitCode, stdout]).toEqual([2, expect.stringContaining('no namespace \\"elsewhere\\"')]);
  });

  it.each([
    ['without a client certificate', 'nameless', 'over TLS', 'client certificate'],
    ['with the certificate of another authority', 'distrustful', 'over TLS', 'CA'],
    ['without TLS', 'open', 'does not answer', 'behind TLS'],
  ])('that cannot work %s exit 3 and say what to look at', async (_case, profile, message, hint) => {
    const { exitCode, stdout } = await list(profile);
    expect([exitCode, JSON.parse(stdout)]).toEqual([
      3,
      {
        error: { kind: 'unreachable', message: expect.stringContaining(message), hint: expect.stringContaining(hint) },
      },
    ]);
  });

  it('with a key that is refused exit 3 with the words of the server', async () => {
    const { exitCode, stdout } = await list('wrong-key');
    const message = expect.stringContaining('Request unauthorized') as string;
    const hint = expect.stringContaining('API key') as string;
    expect([exitCode, JSON.parse(stdout)]).toEqual([3, { error: { kind: 'denied', message, hint } }]);
  });

  it('that are not there, or no TOML, exit 2', async () => {
    const missing = await list('nobody');
    expect([missing.exitCode, missing.stdout]).toEqual([2, expect.stringContaining('nobody')]);
    const broken = join(directory, 'broken.toml');
    writeFileSync(broken, '[profile');
    expect((await list('mutual', { TEMPORAL_CONFIG_FILE: broken })).exitCode).toBe(2);
  });

  it.each(['mutual', 'keyed'])(
    'are as good for a worker: "%s" carries out what the command line starts',
    async (profile) => {
      const args = ['worker', '--profile', profile, '--definitions', directory, '--task-queue', profile];
      const worker = fork(cliMain, args, { stdio: 'ignore', execArgv: [], env: { ...process.env, ...env } });
      const ended = once(worker, 'exit');
      try {
        expect(await Promise.race([once(worker, 'message').then(([word]: unknown[]) => word), ended])).toBe('ready');
        const start = ['start', profile, '3.8.1', '--task-queue', profile, '--profile', profile, '--wait', '--json'];
        const { exitCode, stdout } = await runCli(start, env);
        // No definition names this cluster: the worker has answered, through TLS.
        expect([exitCode, JSON.parse(stdout)]).toMatchObject([1, { ending: { outcome: 'failed' } }]);
        const stopped = once(worker, 'exit', { signal: AbortSignal.timeout(stopLimitMs) });
        worker.kill('SIGTERM');
        expect(await stopped).toEqual([0, null]);
      } finally {
        worker.kill('SIGKILL');
        await ended;
      }
    },
  );

  it('that a worker cannot use end it with exit code 3', async () => {
    const { exitCode, stderr } = await runCli(['worker', '--profile', 'wrong-key', '--definitions', directory], env);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('cannot reach Temporal')]);
  });
});
