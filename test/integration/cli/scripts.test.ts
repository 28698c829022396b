import { Worker } from '@temporalio/worker';
import type { UpgradeSummary } from '../../../src/client/upgrade-summary';
import { workflowBundle } from '../../support/bundle';
import { FakeWorld } from '../../support/fake-world';
import { runCli } from '../../support/run-cli';
import type { CliRun } from '../../support/run-cli';
import { createLocalEnvironment } from '../../support/temporal-env';
import type { LocalEnvironment } from '../../support/temporal-env';
import { until } from '../../support/until';

const attributes = ['KafkaCluster', 'UpgradePhase', 'UpgradeTarget', 'UpgradeAttention'];

/** A real Temporal with its lists, our workflow and our command line as processes; only the cluster is a model. */
describe('upgrades that scripts look after', () => {
  let local: LocalEnvironment;

  beforeAll(async () => {
    local = await createLocalEnvironment();
  });

  afterAll(() => local.stop());

  const cli = (...args: string[]): Promise<CliRun> => runCli([...args, '--address', local.address]);

  /** Exit code and document of a command with --json. */
  const document = async (...args: string[]): Promise<[number, Record<string, unknown>]> => {
    const { exitCode, stdout } = await cli(...args, '--json');
    return [exitCode, JSON.parse(stdout) as Record<string, unknown>];
  };

  /** Runs beside a worker that carries out upgrades of this model on a task queue of its own. */
  const beside = async <T>(world: FakeWorld, test: (cluster: string) => Promise<T>): Promise<T> => {
    const { cluster } = world.definition;
    const worker = await Worker.create({
      connection: local.environment.nativeConnection,
      taskQueue: cluster,
      workflowBundle: await workflowBundle(),
      activities: { ...world.activities() },
      maxHeartbeatThrottleInterval: '1s',
    });
    return worker.runUntil(() => test(cluster));
  };

  const searchable = (cluster: string): FakeWorld => {
    const world = new FakeWorld({ cluster });
    world.searchAttributes = attributes;
    return world;
  };

  /** Temporal's lists follow what happens: asks until this cluster is in the list as expected. */
  const listed = (cluster: string, expected: Partial<UpgradeSummary>, ...flags: string[]): Promise<UpgradeSummary> =>
    until(`${cluster} is listed`, async () => {
      const [, { upgrades }] = await document('list', ...flags);
      const found = (upgrades as UpgradeSummary[]).find((upgrade) => upgrade.cluster === cluster);
      if (found === undefined) return undefined;
      return Object.entries(expected).every(([key, value]) => found[key as keyof UpgradeSummary] === value) && found;
    });

  it('are told apart by exit codes, from the start to a good end, with one JSON document each', async () => {
    await beside(searchable('good'), async (cluster) => {
      const [code, started] = await document(
        'start',
        cluster,
        '3.8.1',
        '--task-queue',
        cluster,
        '--wait',
        '--by',
        'kim',
      );
      expect(code).toBe(4);
      expect(started).toMatchObject({
        started: { workflowId: 'kafka-upgrade/good', cluster, target: '3.8.1' },
        status: { phase: 'awaiting-approval', waitingFor: { gate: 'plan' }, remaining: null },
        ending: null,
      });
      expect(await document('approve', cluster, '--gate', 'plan')).toEqual([
        2,
        {
          error: {
            kind: 'invalid',
            message: expect.stringContaining('--json'),
            hint: expect.stringContaining('--plan'),
          },
        },
      ]);
      expect(await document('approve', cluster, '--gate', 'canary', '--yes')).toMatchObject([
        1,
        { error: { kind: 'refused' } },
      ]);
      const gates = [['plan', '--disaster-recovery', 'confirmed by kim'], ['canary'], ['protocol']];
      for (const [gate = '', ...more] of gates) {
        expect(await document('status', cluster, '--wait')).toMatchObject([4, { status: { waitingFor: { gate } } }]);
        const answer = await document('approve', cluster, '--gate', gate, '--yes', ...more);
        expect(answer).toMatchObject([0, { message: { kind: 'approve', accepted: true, sentAs: 'update' } }]);
      }
      expect(await document('status', cluster, '--wait')).toMatchObject([0, { ending: { outcome: 'completed' } }]);
      const [, { events }] = await document('timeline', cluster);
      expect((events as { type: string }[]).at(-1)?.type).toBe('ended');
      expect(await document('plan', cluster)).toMatchObject([0, { plan: { cluster }, planHash: expect.any(String) }]);
    });
    expect(await document('pause', 'good')).toMatchObject([5, { error: { kind: 'not-found' } }]);
    await listed('good', { phase: 'completed', running: false, fromVersion: '3.7.2', requester: 'kim' });
  });

  it('are listed with what they wait for and since when, and exit 4 for who looks for work', async () => {
    await beside(searchable('waiting'), async (cluster) => {
      await cli('start', cluster, '3.8.1', '--task-queue', cluster, '--ticket', 'CHG-1042');
      const found = await listed(cluster, { phase: 'awaiting-approval', attention: true }, '--attention');
      expect(found).toMatchObject({
        waitingFor: { kind: 'approval', gate: 'plan' },
        ticket: 'CHG-1042',
        trouble: null,
      });
      expect(Date.now() - (found.waitingFor?.sinceMs ?? 0)).toBeLessThan(120_000);
      const table = await cli('list', '--attention');
      expect([table.exitCode, table.stdout]).toEqual([
        4,
        expect.stringMatching(/waiting +3\.7\.2 → 3\.8\.1 +waiting for approval +approval of gate plan/),
      ]);
      expect(await document('reject', cluster, '--gate', 'plan', '--comment', 'not this week')).toMatchObject([
        0,
        { message: { kind: 'reject' } },
      ]);
      expect(await document('status', cluster, '--wait')).toMatchObject([1, { ending: { outcome: 'rejected' } }]);
    });
    await listed('waiting', { phase: 'rejected', running: false });
    const [, { upgrades }] = await document('list', '--running');
    expect((upgrades as UpgradeSummary[]).filter(({ running }) => !running)).toEqual([]);
    const [, limited] = await document('list', '--all', '--limit', '1');
    expect(limited['upgrades']).toHaveLength(1);
  });

  it('are listed where the namespace has no search attributes, by asking each that runs', async () => {
    await beside(new FakeWorld({ cluster: 'plain' }), async (cluster) => {
      await cli('start', cluster, '3.8.1', '--task-queue', cluster);
      await listed(cluster, { phase: 'awaiting-approval', attention: true, fromVersion: '3.7.2' });
      await cli('abort', cluster);
      await cli('status', cluster, '--wait');
    });
    const ended = await listed('plain', { phase: 'aborted', running: false });
    expect(ended.endedAtMs).toBeGreaterThan(ended.startedAtMs);
  });

  it('are listed when nobody carries them out, with that reason', async () => {
    await cli('start', 'unattended', '3.8.1', '--task-queue', 'nobody');
    await listed('unattended', { phase: null, toVersion: '3.8.1', trouble: 'no worker answers' });
    expect(await document('status', 'unattended')).toMatchObject([3, { error: { kind: 'no-worker' } }]);
  });

  it('get errors as documents, too', async () => {
    expect(await document('status', 'nobody', '--wait')).toMatchObject([5, { error: { kind: 'not-found' } }]);
    expect(await document('status', '--wacth')).toMatchObject([2, { error: { kind: 'invalid' } }]);
    const nowhere = await runCli(['list', '--address', '127.0.0.1:1', '--json']);
    expect([nowhere.exitCode, JSON.parse(nowhere.stdout)]).toMatchObject([3, { error: { kind: 'unreachable' } }]);
  });
});
