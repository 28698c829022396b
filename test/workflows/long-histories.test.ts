import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { AlertSilenceDefinition, ChannelDefinition } from '../../src/config/definition';
import { UpgradeError } from '../../src/domain/common/failure';
import { noticeKinds } from '../../src/domain/policy/planned-channel';
import type { UpgradeResult } from '../../src/domain/upgrade/upgrade-result';
import type { UpgradeEvent } from '../../src/domain/upgrade/upgrade-state';
import type { kafkaUpgrade } from '../../src/workflows';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { driveUpgrade } from '../support/upgrade-harness';
import type { RunOptions, UpgradeDriver } from '../support/upgrade-harness';
import { violations } from '../support/world-invariants';

/** The run ids of the upgrade, the first one first. */
const runsOf = async ({ handle, client }: UpgradeDriver): Promise<string[]> => {
  const runs: string[] = [];
  let runId: string | undefined = (await handle.describe()).runId;
  while (runId !== undefined) {
    runs.unshift(runId);
    const { events } = await client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    const earlier: string | null | undefined =
      events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
    runId = earlier === '' ? undefined : (earlier ?? undefined);
  }
  return runs;
};

/** The test server leaves who waits for the first of several runs waiting; so only the last one is waited for. */
const resultOf = async (driver: UpgradeDriver): Promise<UpgradeResult> => {
  await driver.when('it has ended', ({ outcome }) => outcome !== null);
  return driver.client.workflow.getHandle<typeof kafkaUpgrade>(driver.handle.workflowId).result();
};

const short: RunOptions = { histories: 'short' };

const ofType = <Type extends UpgradeEvent['type']>(events: UpgradeEvent[], type: Type) =>
  events.filter((event): event is UpgradeEvent & { type: Type } => event.type === type);

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

describe('an upgrade in several runs of its workflow', () => {
  it('does everything once and in order, under one lease, and tells all of it', async () => {
    const world = new FakeWorld({ cluster: 'continued', nodeCount: 4 });
    await driveUpgrade(
      environment,
      world,
      async (driver) => {
        await driver.approveAll();
        const result = await resultOf(driver);
        const runs = await runsOf(driver);
        const timeline = await driver.timeline();
        expect(result).toMatchObject({
          outcome: 'completed',
          message: 'All 4 brokers of continued run 3.8.1 with protocol 3.8.',
        });
        expect(result.nodes.every(({ binaries, protocol }) => binaries !== null && protocol !== null)).toBe(true);
        expect(runs.length).toBeGreaterThan(3);
        expect(new Set(world.log.flatMap(({ lease }) => lease?.runId ?? []))).toEqual(new Set([runs[0]]));
        expect(world.changes('backup')).toEqual([1, 2, 3, 4].map((id) => `backup ${id}: ${runs[0]}`));
        expect(ofType(timeline, 'gate-passed').map(({ gate }) => gate)).toEqual(['plan', 'canary', 'protocol']);
        const done = ofType(timeline, 'node').filter(({ progress }) => progress.state === 'done');
        expect(done.map(({ phase, nodeId }) => `${phase} ${nodeId}`)).toEqual(
          ['binaries', 'protocol'].flatMap((phase) => [2, 3, 4, 1].map((id) => `${phase} ${id}`)),
        );
        expect(ofType(timeline, 'plan-made')).toHaveLength(1);
        expect(timeline.at(-1)?.type).toBe('ended');
        expect(timeline.every((event, index) => event.atMs >= (timeline[index - 1]?.atMs ?? 0))).toBe(true);
        const places = ofType(timeline, 'evidence').filter(({ title }) => title === 'a new run of the workflow');
        expect(places.map(({ lines }) => lines.join())).toEqual(
          runs.slice(0, -1).map((runId) => `the record before this is in run ${runId}`),
        );
      },
      short,
    );
    expect(world.changes('stop')).toHaveLength(8);
    expect(violations(world)).toEqual([]);
  });

  it('loses and doubles no message, whenever it comes', async () => {
    const world = new FakeWorld({ cluster: 'talkative' });
    await driveUpgrade(
      environment,
      world,
      async (driver) => {
        let sent = 0;
        const say = (): Promise<void> => driver.signal('retry', { by: 'kim', comment: String((sent += 1)) });
        for (const name of ['restartNode', 'awaitNodeHealthy', 'awaitClusterHealthy', 'verifyNodes'] as const)
          world.activityHooks.set(name, say);
        await driver.approveAll();
        await resultOf(driver);
        const heard = (await driver.messages()).filter(({ kind }) => kind === 'retry').map(({ comment }) => comment);
        expect(sent).toBeGreaterThan(12);
        expect(heard).toEqual(Array.from({ length: sent }, (_, index) => String(index + 1)));
        expect((await runsOf(driver)).length).toBeGreaterThan(3);
      },
      short,
    );
    expect(violations(world)).toEqual([]);
  });

  it('replays every task of every run, and shows its page when somebody looks', async () => {
    const world = new FakeWorld({ cluster: 'forgetful', nodeCount: 2 });
    await driveUpgrade(
      environment,
      world,
      async (driver) => {
        await driver.approveAll(['plan', 'canary']);
        await driver.atGate('protocol');
        const { currentDetails } = await driver.handle.query<{ currentDetails: string }>(
          '__temporal_workflow_metadata',
        );
        expect(currentDetails).toContain('# Kafka upgrade of forgetful: 3.7.2 → 3.8.1');
        expect(currentDetails).toContain('Waiting for a person');
        await driver.approve('protocol');
        expect((await resultOf(driver)).outcome).toBe('completed');
        expect((await runsOf(driver)).length).toBeGreaterThan(1);
      },
      { ...short, maxCachedWorkflows: 0 },
    );
    expect(violations(world)).toEqual([]);
  });

  it('stays paused, and turns back when it is told to', async () => {
    const world = new FakeWorld({ cluster: 'turning', nodeCount: 4 });
    await driveUpgrade(
      environment,
      world,
      async (driver) => {
        world.activityHooks.set('awaitNodeHealthy', async () => {
          if (world.changes('stop').length === 2) await driver.signal('pause', { by: 'kim' });
        });
        await driver.approveAll(['plan', 'canary']);
        await driver.when('it is paused in a later run', ({ phase, nodes }) => {
          return phase === 'paused' && nodes.filter(({ binaries }) => binaries.state === 'done').length === 2;
        });
        world.activityHooks.clear();
        const before = (await runsOf(driver)).length;
        await driver.signal('rollback', { by: 'kim', comment: 'too slow' });
        const { outcome, message } = await resultOf(driver);
        expect({ outcome, message }).toEqual({
          outcome: 'rolled-back',
          message: 'Rolled back by kim (too slow): all 4 nodes of turning run 3.7.2 again.',
        });
        expect((await driver.status()).items[3]?.detail).toContain('2 nodes put back on 3.7.2');
        expect((await runsOf(driver)).length).toBeGreaterThan(before);
        expect(ofType(await driver.timeline(), 'rollback-started')).toHaveLength(1);
      },
      short,
    );
    expect(world.changes('stop')).toHaveLength(4);
    expect(violations(world)).toEqual([]);
  });

  it('is begun by nobody behind its gates: what a person says of an earlier run is not believed (I3)', async () => {
    const world = new FakeWorld({ cluster: 'forged' });
    const state = await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      return driver.status();
    });
    const forged = { state, recentEvents: [], eventCount: 0, fence: null, hostsChanged: true };
    const other = new FakeWorld({ cluster: 'forged' });
    await driveUpgrade(environment, other, (driver) => driver.atGate('plan'), { more: [forged] });
    expect(other.changes()).toEqual([]);
  });
});

const channel: ChannelDefinition = {
  name: 'ops',
  on: [...noticeKinds],
  type: 'webhook',
  url: { environment: 'NOBODY_READS_IT' },
  title: null,
  text: null,
  headers: [],
};

const alertSilence: AlertSilenceDefinition = {
  alertmanager: 'http://10.0.0.9:9093',
  matchers: [{ name: 'cluster', value: 'orders', isRegex: false, isEqual: true }],
  basic: null,
  bearer: null,
};

it('hands over what is to be told, and the silence that is to be ended', async () => {
  const world = new FakeWorld({
    cluster: 'outspoken',
    nodeCount: 2,
    outside: { notifications: [channel], alertSilence },
  });
  let broken = true;
  world.outside.onSend = () => {
    if (broken) throw new UpgradeError('NotificationFailed', 'answered 500');
  };
  await driveUpgrade(
    environment,
    world,
    async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      await driver.atGate('protocol');
      expect(world.outside.sent).toEqual([]);
      broken = false;
      await environment.sleep('1 minute');
      await driver.approve('protocol');
      await resultOf(driver);
      const [first] = await runsOf(driver);
      expect(world.outside.told('ops')).toEqual([
        'started',
        'waiting gate plan',
        'waiting gate canary',
        'waiting gate protocol',
        'finished',
      ]);
      const ids = world.outside.sent.map(({ notice }) => notice.id.split('/'));
      expect(ids.map(([runId]) => runId)).toEqual(ids.map(() => first));
      const numbers = ids.map(([, number]) => Number(number));
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(world.outside.silences.at(-1)).toBe('lift');
    },
    short,
  );
  // Every hand-over of a run waits for ten seconds of real time, as the channel is broken.
}, 240_000);

it('answers a rollback that comes while the end of a run waits for something else', async () => {
  const world = new FakeWorld({ cluster: 'handing-over', nodeCount: 3, outside: { notifications: [channel] } });
  let broken = true;
  world.outside.onSend = () => {
    if (broken) throw new UpgradeError('NotificationFailed', 'answered 500');
  };
  let read = (): void => undefined;
  const levelsAreRead = new Promise<void>((resolve) => (read = resolve));
  world.activityHooks.set('readLevels', () => levelsAreRead);
  await driveUpgrade(
    environment,
    world,
    async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      await driver.when('the canary is passed', ({ waitingFor }) => waitingFor === null);
      await driver.signal('rollback', { by: 'kim' });
      // Longer than a run waits for notices that are under way.
      await environment.sleep('12 seconds');
      read();
      broken = false;
      expect(await resultOf(driver)).toMatchObject({ outcome: 'rolled-back' });
    },
    short,
  );
});
