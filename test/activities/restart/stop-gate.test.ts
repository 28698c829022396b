import { CancelledFailure } from '@temporalio/common';
import { UpgradeError } from '../../../src/domain/common/failure';
import { propertiesSha256 } from '../../../src/hosts/properties-bytes';
import { FakeWorld } from '../../support/fake-world';
import { changesOf, onNewRelease, restarted, restartInput } from '../../support/restart-input';
import { fence, runActivity, startActivity } from '../../support/run-activity';
import { until } from '../../support/until';
import type * as SkippedTime from '../../support/skipped-time';
import { skipTime } from '../../support/skipped-time';

jest.mock('../../../src/activities/poll', () =>
  jest.requireActual<typeof SkippedTime>('../../support/skipped-time').skippingPoll(),
);

describe('I9: a restart', () => {
  it('does not stop a broker whose file somebody changed: it could not be configured afterwards', async () => {
    const world = new FakeWorld();
    const input = restartInput(world);
    world.node(2).properties += 'num.io.threads=1\n';
    await expect(runActivity(world, 'restartNode', input)).rejects.toMatchObject({
      type: 'ConfigDrift',
      nonRetryable: true,
      message: expect.stringContaining('kafka@10.0.0.2:22'),
    });
    expect(world.changes()).toEqual([]);
  });

  it('stops one whose file has the planned content already', async () => {
    const world = new FakeWorld();
    const input = restartInput(world);
    const before = world.node(2).properties;
    world.node(2).properties += 'inter.broker.protocol.version=3.7\n';
    const edit = { ...input.edit, toSha256: propertiesSha256(world.node(2).properties) };
    expect(before).not.toBe(world.node(2).properties);
    expect(await runActivity(world, 'restartNode', { ...input, edit })).toMatchObject({ status: 'listening' });
    expect(changesOf(world)).toEqual(['stop 2: 3.7.2', 'link 2: 3.8.1', 'start 2: 3.8.1 at 3.7']);
  });
});

describe('I6: a restart', () => {
  it('does not stop a broker when the release that it is to be started with is not on its host', async () => {
    const world = new FakeWorld();
    world.node(2).installed = ['3.8.1'];
    const input = restartInput(world, { fromVersion: '3.8.1', toVersion: '3.7.2' });
    await expect(runActivity(world, 'restartNode', input)).rejects.toMatchObject({
      type: 'ReleaseMissing',
      nonRetryable: true,
      message:
        'kafka@10.0.0.2:22: /opt/kafka_2.13-3.7.2 is not there, and broker 2 has to be started with it. Broker 2 was not stopped.',
    });
    expect(world.changes()).toEqual([]);
  });

  it('looks for file and release right before the gate, and stops when both are there', async () => {
    const world = new FakeWorld();
    expect(await runActivity(world, 'restartNode', restartInput(world))).toHaveProperty('status', 'listening');
    const wanted = ['readProperties 2', 'findRelease 2', 'clock 2', 'requestStop 2'];
    expect(world.portCalls.filter((call) => wanted.includes(call))).toEqual(wanted);
  });

  it('asks for no release where the broker is down already', async () => {
    const world = new FakeWorld();
    world.node(2).process = null;
    world.node(2).installed = [];
    expect(await runActivity(world, 'restartNode', restartInput(world))).toHaveProperty('status', 'listening');
    expect(world.portCalls).not.toContain('findRelease 2');
  });
});

describe('I1: a restart', () => {
  it('measures, asks the verified process to stop, waits, reads the traces of a clean stop, and brings it up', async () => {
    const world = new FakeWorld();
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({ status: 'listening', stop: { clean: true }, putBack: null });
    expect(result.evidence).toEqual([
      expect.stringMatching(/^broker 2 stopped cleanly in .* s; \.kafka_cleanshutdown is in 1 log directories$/),
      'started',
    ]);
    expect(changesOf(world)).toEqual(restarted);
    const order = [
      'clock 2',
      'metadata 2',
      'requestStop 2',
      'awaitStop 2',
      'reset 2',
      'forget 2',
      'bringUp 2',
      'open 2',
    ];
    const places = order.map((call) => world.portCalls.lastIndexOf(call));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it.each<[string, (world: FakeWorld) => void, (world: FakeWorld) => void, string]>([
    [
      'another broker is down',
      (world) => (world.node(3).process = null),
      (world) =>
        (world.node(3).process = { pid: 9, startTicks: 1, version: '3.7.2', protocol: '3.7', stopping: false }),
      'broker 3 does not answer',
    ],
    [
      'a gauge counts under-replicated partitions',
      (world) => (world.node(1).underReplicated = 3),
      (world) => (world.node(1).underReplicated = 0),
      'UnderReplicatedPartitions is 3 on broker 1',
    ],
    [
      'a gauge cannot be measured',
      (world) => (world.node(1).underReplicated = null),
      (world) => (world.node(1).underReplicated = 0),
      'cannot be measured on broker 1',
    ],
    [
      'a partition would miss its minimum',
      (world) => world.topics.push({ name: 'audit', replicas: [2], minIsr: 1 }),
      (world) => world.topics.pop(),
      'audit-0',
    ],
  ])('does not stop while %s, and stops as soon as that is over', async (_, spoil, repair, words) => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 60_000 } });
    spoil(world);
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world));
    await until('the gate says why', () => JSON.stringify(heartbeats).includes(words));
    expect(world.changes('stop')).toEqual([]);
    repair(world);
    expect(await result).toMatchObject({ status: 'listening' });
    expect(changesOf(world)).toEqual(restarted);
  });

  it('stops beside a topic that can never be safe only when a person accepted it by name', async () => {
    const topics = [{ name: 'audit', replicas: [2], minIsr: 1 }];
    const refusing = new FakeWorld({ topics });
    expect(await runActivity(refusing, 'restartNode', restartInput(refusing))).toMatchObject({
      status: 'blocked',
      message: expect.stringContaining('audit-0'),
    });
    const world = new FakeWorld({ topics });
    const input = restartInput(world, { accepted: ['audit'] });
    expect(await runActivity(world, 'restartNode', input)).toHaveProperty('status', 'listening');
  });

  it('at the deadline gives the verdict, not an error, and has stopped nothing', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 20 } });
    world.node(1).underReplicated = 3;
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toEqual({
      status: 'blocked',
      type: 'NodeUnhealthy',
      acceptable: [],
      message: expect.stringContaining('UnderReplicatedPartitions is 3 on broker 1'),
      evidence: [],
    });
    expect(world.changes()).toEqual([]);
  });

  it('measures again when the host finds the measurement too old', async () => {
    const world = new FakeWorld();
    let refusals = 0;
    world.portHooks.set('requestStop', () => {
      if (refusals++ < 2) throw new UpgradeError('GateTooOld', '17 s');
    });
    expect(await runActivity(world, 'restartNode', restartInput(world))).toHaveProperty('status', 'listening');
    expect(world.portCalls.filter((call) => call === 'clock 2')).toHaveLength(3);
  });

  it('gives up at the deadline when every measurement is too old', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 20 } });
    world.portHooks.set('requestStop', () => {
      throw new UpgradeError('GateTooOld', '17 s');
    });
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({ status: 'blocked', message: expect.stringContaining('more than 15 s old') });
    expect(world.changes()).toEqual([]);
  });

  it('treats min.insync.replicas that no broker tells as unmeasurable', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 20 } });
    world.portHooks.set('topicConfig', () => {
      throw new UpgradeError('BrokerUnreachable', 'gone');
    });
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({ status: 'blocked', message: expect.stringContaining('min.insync.replicas') });
    expect(world.changes()).toEqual([]);
  });
});

describe('I4: a restart whose broker ends by itself', () => {
  it('notices while its gate is closed, and brings it up', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 60_000 } });
    const { process } = world.node(2);
    if (process === null) throw new Error('it runs');
    process.stopping = true;
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world));
    await until('the gate is closed', () => JSON.stringify(heartbeats).includes('gate before stopping broker 2'));
    world.node(2).process = null;
    skipTime(3_000);
    expect(await result).toMatchObject({ status: 'listening', stop: { clean: false }, putBack: null });
    expect(changesOf(world)).toEqual(restarted.slice(1));
  });

  it('measures the gate anew for a process that takes its place', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 60_000 } });
    world.node(1).underReplicated = 3;
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world));
    await until('the gate is closed', () => heartbeats.length > 2);
    world.node(2).process = { pid: 777, startTicks: 5, version: '3.7.2', protocol: '3.7-IV4', stopping: false };
    skipTime(3_000);
    await until(
      'the new process is looked at',
      () => world.portCalls.filter((call) => call === 'lookAtRestart 2').length > 1,
    );
    world.node(1).underReplicated = 0;
    expect(await result).toHaveProperty('status', 'listening');
    expect(changesOf(world)).toEqual(restarted);
    expect(world.node(2).record?.asked).toEqual({ pid: 777, startTicks: 5 });
  });
});

describe('a cancellation before the stop was asked for', () => {
  it('ends the gate as cancelled; nothing is stopped', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 60_000 } });
    world.node(1).underReplicated = 3;
    const { result, heartbeats, cancel } = startActivity(world, 'restartNode', restartInput(world));
    await until('the gate is closed', () => heartbeats.length > 2);
    cancel();
    await expect(result).rejects.toBeInstanceOf(CancelledFailure);
    world.node(1).underReplicated = 0;
    expect(world.changes()).toEqual([]);
  });

  it('ends the wait for a host that does not answer', async () => {
    const world = new FakeWorld();
    world.portHooks.set('lookAtRestart', () => {
      throw new UpgradeError('SshUnreachable', 'no route');
    });
    const { result, heartbeats, cancel } = startActivity(world, 'restartNode', restartInput(world));
    await until('it says so', () => JSON.stringify(heartbeats).includes('the host has not answered since'));
    cancel();
    await expect(result).rejects.toBeInstanceOf(CancelledFailure);
    expect(world.changes()).toEqual([]);
  });
});

describe('I5: a restart', () => {
  it('is refused by a host that has seen a newer number; nothing is tried again', async () => {
    const world = new FakeWorld();
    world.node(2).lease = { ...fence(21), attempt: 1, held: true };
    await expect(runActivity(world, 'restartNode', restartInput(world))).rejects.toMatchObject({
      type: 'LeaseStale',
      nonRetryable: true,
    });
    expect(world.changes()).toEqual([]);
    expect(world.portCalls.filter((call) => call === 'requestStop 2')).toHaveLength(1);
  });

  it("gives the attempt's number to every change", async () => {
    const world = new FakeWorld();
    await runActivity(world, 'restartNode', restartInput(world), { attempt: 3 });
    for (const { lease } of world.log) expect(lease).toMatchObject({ step: 20, attempt: 3 });
  });
});

describe('I2: the gate of a stop on the way to an older release', () => {
  /** All brokers run 3.8.1 and speak 3.7; broker 2 is to be put onto 3.7.2. */
  const down = (): FakeWorld => onNewRelease(new FakeWorld({ policy: { healthyDeadlineMs: 60_000 } }));

  const onto372 = (world: FakeWorld) => {
    const input = restartInput(world, { fromVersion: '3.8.1', toVersion: '3.7.2' });
    return { ...input, edit: { ...input.edit, changes: [], toSha256: input.edit.fromSha256 } };
  };

  it('reads the levels in force, and stops while the older release knows them', async () => {
    const world = down();
    expect(await runActivity(world, 'restartNode', onto372(world))).toMatchObject({ status: 'listening' });
    expect(world.portCalls).toContain('brokerConfig 3');
  });

  it('stays closed by a level that somebody raised by hand, without waiting for its fall', async () => {
    const world = down();
    const { process } = world.node(3);
    if (process !== null) process.protocol = '3.8-IV0';
    expect(await runActivity(world, 'restartNode', onto372(world))).toMatchObject({
      status: 'blocked',
      type: 'LevelsForbid',
      message: 'inter.broker.protocol.version is 3.8-IV0 (read from broker 3), and 3.7.2 knows none after 3.7',
    });
    expect(world.portCalls.filter((call) => call === 'brokerConfig 3')).toHaveLength(1);
    expect(changesOf(world)).toEqual([]);
  });

  it('waits for a level that cannot be read, and is no reason to stop without it', async () => {
    const world = down();
    world.portHooks.set('brokerConfig', (nodeId) => {
      if (nodeId === 1) throw new UpgradeError('BrokerUnreachable', 'away');
    });
    const watched = startActivity(world, 'restartNode', onto372(world));
    await until('the level was asked for twice', () =>
      Promise.resolve(world.portCalls.filter((call) => call === 'brokerConfig 1').length > 1),
    );
    expect(changesOf(world)).toEqual([]);
    world.portHooks.clear();
    expect(await watched.result).toMatchObject({ status: 'listening' });
  });

  it('asks for no level on the way up', async () => {
    const world = new FakeWorld();
    await runActivity(world, 'restartNode', restartInput(world));
    expect(world.portCalls.some((call) => call.startsWith('brokerConfig'))).toBe(false);
  });
});
