import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { AlertSilenceDefinition, ChannelDefinition } from '../../src/config/definition';
import { defaultApprovals } from '../../src/domain/policy/approval-policy';
import { UpgradeError } from '../../src/domain/common/failure';
import { noticeKinds } from '../../src/domain/policy/planned-channel';
import type { NoticeKind } from '../../src/domain/policy/planned-channel';
import { FakeWorld } from '../support/fake-world';
import { createTimeSkippingEnvironment } from '../support/temporal-env';
import { until } from '../support/until';
import { driveUpgrade } from '../support/upgrade-harness';
import type { UpgradeDriver } from '../support/upgrade-harness';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await createTimeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const channel = (name: string, on: NoticeKind[] = [...noticeKinds]): ChannelDefinition => ({
  name,
  on,
  type: 'webhook',
  url: { environment: 'NOBODY_READS_IT' },
  title: null,
  text: null,
  headers: [],
});

const alertSilence: AlertSilenceDefinition = {
  alertmanager: 'http://10.0.0.9:9093',
  matchers: [{ name: 'cluster', value: 'orders', isRegex: false, isEqual: true }],
  basic: null,
  bearer: null,
};

const usual = ['started', 'waiting gate plan', 'waiting gate canary', 'waiting gate protocol', 'finished'];

const evidenceOf = async (driver: UpgradeDriver, title: string): Promise<string[]> =>
  (await driver.timeline()).flatMap((event) => (event.type === 'evidence' && event.title === title ? event.lines : []));

const outsideCalls = (world: FakeWorld): string[] =>
  world.activityCalls
    .map(({ name }) => name)
    .filter((name) => ['notify', 'silenceAlerts', 'liftSilence'].includes(name));

describe('notices', () => {
  it('are sent once for each event, in order, to every channel that wants them', async () => {
    const notifications = [channel('ops'), channel('pager', ['escalation']), channel('end', ['finished'])];
    const world = new FakeWorld({ cluster: 'told', outside: { notifications } });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approveAll();
      await driver.result();
    });
    expect(world.outside.told('ops')).toEqual(usual);
    expect(world.outside.told('end')).toEqual(['finished']);
    expect(world.outside.told('pager')).toEqual([]);
    const ids = world.outside.sent.filter((entry) => entry.channel === 'ops').map(({ notice }) => notice.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are no activities at all where nobody is told and nothing is silenced', async () => {
    const world = new FakeWorld({ cluster: 'untold' });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approveAll();
      await driver.result();
    });
    expect(outsideCalls(world)).toEqual([]);
  });

  it('hold up neither the upgrade nor another channel while a receiver fails for an hour; it gets them afterwards', async () => {
    const world = new FakeWorld({ cluster: 'patient', outside: { notifications: [channel('ops'), channel('chat')] } });
    let broken = true;
    world.outside.onSend = (name) => {
      if (name === 'ops' && broken) throw new UpgradeError('NotificationFailed', 'answered 500');
    };
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approveAll(['plan', 'canary']);
      await driver.atGate('protocol');
      expect(world.outside.told('chat')).toEqual(usual.slice(0, 4));
      expect(world.outside.told('ops')).toEqual([]);
      await environment.sleep('1 hour');
      broken = false;
      await environment.sleep('2 minutes');
      await until('all are there', () => world.outside.told('ops').length === 4);
      await driver.approve('protocol');
      expect((await driver.result()).outcome).toBe('completed');
    });
    expect(world.outside.told('ops')).toEqual(usual);
  });

  it('do not keep a workflow from its end for more than a minute', async () => {
    const world = new FakeWorld({ cluster: 'hurried', outside: { notifications: [channel('ops')] } });
    world.outside.onSend = () => {
      throw new UpgradeError('NotificationFailed', 'answered 500');
    };
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      await driver.signal('abort', { by: 'kim' });
      expect((await driver.result()).outcome).toBe('aborted');
      expect((await evidenceOf(driver, 'notices')).join()).toMatch(/\d were not delivered within 1 minute of the end/);
    });
  });

  it('that a receiver refuses are a line of evidence, and the next one is sent', async () => {
    const world = new FakeWorld({ cluster: 'refusing', outside: { notifications: [channel('ops')] } });
    world.outside.onSend = (_name, { kind }) => {
      if (kind === 'started') throw new UpgradeError('NotificationRefused', 'Channel "ops": h answered 404.');
    };
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      expect(await evidenceOf(driver, 'notices')).toEqual([
        'ops was not told (started): Channel "ops": h answered 404.',
      ]);
    });
    expect(world.outside.told('ops')[0]).toBe('waiting gate plan');
  });

  it('tell of reminders, and of an end by a failure', async () => {
    const world = new FakeWorld({
      cluster: 'reminded',
      policy: { approvals: defaultApprovals },
      outside: { notifications: [channel('ops'), channel('pager', ['escalation'])] },
    });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.atGate('plan');
      await environment.sleep('25 hours');
      await until('the escalation', () => world.outside.told('pager').length === 1);
      world.activityHooks.set('claimCluster', () => {
        throw new UpgradeError('LeaseHeld', 'another upgrade owns it');
      });
      await driver.approve('plan');
      await expect(driver.result()).rejects.toThrow();
    });
    expect(world.outside.told('ops')).toEqual([
      ...['started', 'waiting gate plan', 'reminder', 'reminder', 'reminder', 'reminder', 'reminder'],
      ...['escalation', 'finished'],
    ]);
    const last = world.outside.sent.at(-1)?.notice;
    expect(last).toMatchObject({ kind: 'finished', outcome: 'failed', phase: 'failed', wait: null });
  });
});

describe('the silence of alerts', () => {
  it('is made before the first stop, left to lapse at a gate, made again, and ended at the end', async () => {
    const world = new FakeWorld({ cluster: 'silent', outside: { alertSilence } });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      await until('the silence', () => world.outside.silences.length > 0);
      await environment.sleep('12 hours');
      expect(world.outside.silences).toEqual(['ensure']);
      await driver.approve('canary');
      await driver.atGate('protocol');
      await until('it is made again', () => world.outside.silences.length > 1);
      await environment.sleep('12 hours');
      expect(world.outside.silences).toEqual(['ensure', 'ensure']);
      await driver.approve('protocol');
      expect((await driver.result()).outcome).toBe('completed');
    });
    expect(world.outside.silences).toEqual(['ensure', 'ensure', 'ensure', 'lift']);
    const order = world.activityCalls.map(({ name }) => name);
    expect(order.indexOf('silenceAlerts')).toBeLessThan(order.indexOf('restartNode'));
  });

  it('is made longer every five minutes while a node takes its time, not more often', async () => {
    const world = new FakeWorld({ cluster: 'silent-slow', outside: { alertSilence } });
    world.activityHooks.set('awaitNodeHealthy', (attempt) => {
      // Tried again every 10 s: some 13 minutes.
      if (attempt < 80) throw new UpgradeError('BrokerUnreachable', 'not yet');
    });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await until('it waits for the node', () => world.activityCalls.some(({ name }) => name === 'awaitNodeHealthy'));
      await environment.sleep('16 minutes');
      await driver.atGate('canary');
      expect(world.outside.silences).toEqual(['ensure', 'ensure', 'ensure']);
    });
  });

  it('ends with a park, and is made again when the work goes on', async () => {
    const world = new FakeWorld({ cluster: 'silent-parked', outside: { alertSilence } });
    await driveUpgrade(environment, world, async (driver) => {
      world.node(2).onStop = 'hang';
      await driver.approve('plan');
      await driver.parked('StopTimedOut');
      await until('the silence is ended', () => world.outside.silences.includes('lift'));
      expect(world.outside.silences).toEqual(['ensure', 'lift']);
      Object.assign(world.node(2), { process: null, cleanMarker: true, onStop: 'exit' });
      await driver.retry();
      await driver.atGate('canary');
      await until('it is made again', () => world.outside.silences.length > 2);
      expect(world.outside.silences).toEqual(['ensure', 'lift', 'ensure']);
    });
  });

  it('is ended by an abort, too', async () => {
    const world = new FakeWorld({ cluster: 'silent-abort', outside: { alertSilence } });
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approve('plan');
      await driver.atGate('canary');
      await driver.signal('abort', { by: 'kim' });
      await driver.result();
    });
    expect(world.outside.silences.at(-1)).toBe('lift');
  });

  it('is a warning, no more, when the Alertmanager is dead', async () => {
    const world = new FakeWorld({ cluster: 'loud', outside: { alertSilence, notifications: [channel('ops')] } });
    world.outside.onSilence = () => {
      throw new UpgradeError('AlertmanagerFailed', 'The Alertmanager at http://10.0.0.9:9093: connection refused.');
    };
    await driveUpgrade(environment, world, async (driver) => {
      await driver.approveAll();
      expect((await driver.result()).outcome).toBe('completed');
    });
    expect(world.outside.told('ops').filter((told) => told === 'warning')).toHaveLength(1);
    const [warning] = world.outside.sent.filter(({ notice }) => notice.kind === 'warning');
    expect(warning?.notice.message).toContain('the upgrade goes on without. The Alertmanager at http://10.0.0.9:9093');
  });
});
