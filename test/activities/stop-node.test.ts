import { CancelledFailure } from '@temporalio/common';
import type { StopNodeInput } from '../../src/activities/contract';
import { UpgradeError } from '../../src/domain/common/failure';
import { propertiesSha256 } from '../../src/hosts/properties-bytes';
import { FakeWorld } from '../support/fake-world';
import { fence, reference, runActivity, startActivity } from '../support/run-activity';
import { until } from '../support/until';
import type * as SkippedTime from '../support/skipped-time';
import { skipTime } from '../support/skipped-time';

jest.mock('../../src/activities/poll', () =>
  jest.requireActual<typeof SkippedTime>('../support/skipped-time').skippingPoll(),
);

const planned = propertiesSha256(new FakeWorld().node(2).properties);

const input = (overrides: Partial<StopNodeInput> = {}): StopNodeInput => ({
  ...reference,
  nodeId: 2,
  fence: fence(),
  roles: ['broker'],
  maybeSick: false,
  accepted: [],
  logDirectories: ['/var/lib/kafka'],
  stopping: null,
  plannedSha256s: [planned],
  olderRelease: null,
  ...overrides,
});

const firstProcess = { pid: 102, startTicks: 1 };

describe('I9: stopNode', () => {
  it('does not stop a broker whose file somebody changed: it could not be configured afterwards', async () => {
    const world = new FakeWorld();
    world.node(2).properties += 'num.io.threads=1\n';
    await expect(runActivity(world, 'stopNode', input())).rejects.toMatchObject({ type: 'ConfigDrift' });
    expect(world.changes()).toEqual([]);
  });
});

describe('I6: stopNode', () => {
  it('does not stop a broker when the release that it is to be started with is not on its host', async () => {
    const world = new FakeWorld();
    world.node(2).installed = ['3.8.1'];
    await expect(runActivity(world, 'stopNode', input({ release: '3.7.2' }))).rejects.toMatchObject({
      type: 'ReleaseMissing',
      nonRetryable: true,
      message:
        'kafka@10.0.0.2:22: /opt/kafka_2.13-3.7.2 is not there, and broker 2 has to be started with it. Broker 2 was not stopped.',
    });
    expect(world.changes()).toEqual([]);
  });

  it('looks for that release right before the gate, and stops when it is there', async () => {
    const world = new FakeWorld();
    expect(await runActivity(world, 'stopNode', input({ release: '3.8.1' }))).toHaveProperty('status', 'stopped');
    const looks = world.portCalls.filter((call) => ['findRelease 2', 'clock 2', 'requestStop 2'].includes(call));
    expect(looks).toEqual(['findRelease 2', 'clock 2', 'requestStop 2']);
  });

  it('asks for no release where the broker is down already, or a workflow began before it was passed on', async () => {
    const world = new FakeWorld();
    await runActivity(world, 'stopNode', input());
    world.node(2).installed = [];
    expect(await runActivity(world, 'stopNode', input({ release: '3.7.2' }))).toHaveProperty('status', 'stopped');
    expect(world.portCalls).not.toContain('findRelease 2');
  });
});

describe('I1: stopNode', () => {
  it('measures, asks the verified process to stop, waits, and reads the traces of a clean stop', async () => {
    const world = new FakeWorld();
    const result = await runActivity(world, 'stopNode', input());
    expect(result).toMatchObject({ status: 'stopped', clean: true });
    expect(result).toHaveProperty('evidence', [
      expect.stringMatching(/^broker 2 stopped cleanly in .* s; \.kafka_cleanshutdown is in 1 log directories$/),
    ]);
    const calls = world.portCalls.filter((call) => !call.startsWith('open'));
    expect(calls.indexOf('clock 2')).toBeLessThan(calls.indexOf('metadata 2'));
    expect(calls.indexOf('metadata 2')).toBeLessThan(calls.indexOf('requestStop 2'));
    expect(calls.slice(-4)).toEqual(['awaitExit 2', 'reset 2', 'stopTrace 2', 'forget 2']);
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
    const { result, heartbeats } = startActivity(world, 'stopNode', input());
    await until('the gate says why', () => JSON.stringify(heartbeats).includes(words));
    expect(world.changes('stop')).toEqual([]);
    repair(world);
    expect(await result).toMatchObject({ status: 'stopped' });
    expect(world.changes('stop')).toEqual(['stop 2: 3.7.2']);
  });

  it('stops beside a topic that can never be safe only when a person accepted it by name', async () => {
    const topics = [{ name: 'audit', replicas: [2], minIsr: 1 }];
    const refused = await runActivity(new FakeWorld({ topics }), 'stopNode', input());
    expect(refused).toMatchObject({ status: 'blocked', verdict: { status: 'failed' } });
    const world = new FakeWorld({ topics });
    expect(await runActivity(world, 'stopNode', input({ accepted: ['audit'] }))).toHaveProperty('status', 'stopped');
  });

  it('at the deadline gives the verdict, not an error, and has stopped nothing', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 20 } });
    world.node(1).underReplicated = 3;
    const result = await runActivity(world, 'stopNode', input());
    expect(result).toMatchObject({ status: 'blocked', verdict: { status: 'failed' } });
    expect(world.changes('stop')).toEqual([]);
  });

  it('measures again when the host finds the measurement too old', async () => {
    const world = new FakeWorld();
    let refusals = 0;
    world.portHooks.set('requestStop', () => {
      if (refusals++ < 2) throw new UpgradeError('GateTooOld', '17 s');
    });
    expect(await runActivity(world, 'stopNode', input())).toHaveProperty('status', 'stopped');
    expect(world.portCalls.filter((call) => call === 'clock 2')).toHaveLength(3);
  });

  it('gives up at the deadline when every measurement is too old', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 20 } });
    world.portHooks.set('requestStop', () => {
      throw new UpgradeError('GateTooOld', '17 s');
    });
    const result = await runActivity(world, 'stopNode', input());
    expect(result).toMatchObject({ status: 'blocked', verdict: { status: 'inconclusive' } });
    expect(result).toHaveProperty('verdict.message', expect.stringContaining('more than 15 s old'));
  });

  it('treats min.insync.replicas that no broker tells as unmeasurable', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 20 } });
    world.portHooks.set('topicConfig', () => {
      throw new UpgradeError('BrokerUnreachable', 'gone');
    });
    const result = await runActivity(world, 'stopNode', input());
    expect(result).toMatchObject({ status: 'blocked', verdict: { status: 'inconclusive' } });
  });
});

describe('I4: stopNode, killed anywhere and run again', () => {
  it('finds the process gone and reads its traces', async () => {
    const world = new FakeWorld();
    world.node(2).process = null;
    world.node(2).cleanMarker = true;
    expect(await runActivity(world, 'stopNode', input())).toMatchObject({ status: 'stopped', stopMs: 0, clean: true });
    expect(world.changes('stop')).toEqual([]);
  });

  it.each(['heartbeat', 'input'])(
    'waits for a process whose stop was asked for, known by %s, without a gate',
    async (by) => {
      const world = new FakeWorld({ policy: { stopTimeoutMs: 60_000 } });
      const { process } = world.node(2);
      if (process === null) throw new Error('it runs');
      process.stopping = true;
      const info = by === 'heartbeat' ? { heartbeatDetails: { message: '', stopping: firstProcess } } : {};
      const { result } = startActivity(
        world,
        'stopNode',
        input(by === 'input' ? { stopping: firstProcess } : {}),
        info,
      );
      await until('it waits for the exit', () => world.portCalls.includes('awaitExit 2'));
      world.node(2).process = null;
      world.node(2).cleanMarker = true;
      expect(await result).toMatchObject({ status: 'stopped', clean: true });
      expect(world.changes('stop')).toEqual([]);
    },
  );

  it('asks again when the stop was announced but never reached the broker', async () => {
    const world = new FakeWorld();
    const info = { attempt: 2, heartbeatDetails: { message: '', stopping: firstProcess } };
    expect(await runActivity(world, 'stopNode', input(), info)).toHaveProperty('status', 'stopped');
    expect(world.changes('stop')).toEqual(['stop 2: 3.7.2']);
    expect(world.log.at(-1)?.lease).toMatchObject({ step: 20, attempt: 2 });
  });

  it('does not mistake another process for the one that was asked to stop', async () => {
    const world = new FakeWorld();
    const info = { heartbeatDetails: { stopping: { pid: 102, startTicks: 999 } } };
    await runActivity(world, 'stopNode', input(), info);
    expect(world.portCalls).toContain('clock 2');
    expect(world.changes('stop')).toHaveLength(1);
  });

  it.each([[undefined], [null], ['text'], [{ stopping: null }], [{ stopping: 'x' }], [{ stopping: { pid: 1 } }]])(
    'is not misled by heartbeat details %j',
    async (heartbeatDetails) => {
      const world = new FakeWorld();
      expect(await runActivity(world, 'stopNode', input(), { heartbeatDetails })).toHaveProperty('status', 'stopped');
      expect(world.changes('stop')).toHaveLength(1);
    },
  );

  it('notices while its gate is closed that the broker itself has gone', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 60_000 } });
    const { process } = world.node(2);
    if (process === null) throw new Error('it runs');
    process.stopping = true;
    const { result, heartbeats } = startActivity(world, 'stopNode', input());
    await until('the gate is closed', () => JSON.stringify(heartbeats).includes('gate before stopping broker 2'));
    world.node(2).process = null;
    skipTime(3_000);
    expect(await result).toMatchObject({ status: 'stopped', clean: false });
    expect(world.changes('stop')).toEqual([]);
  });

  it('keeps the mark of the stop in every heartbeat until the process is gone', async () => {
    const world = new FakeWorld();
    world.node(2).onStop = 'hang';
    const { result, heartbeats } = startActivity(world, 'stopNode', input());
    await result;
    const asked = heartbeats.findIndex((details) => JSON.stringify(details).includes('"stopping"'));
    expect(asked).toBeGreaterThan(0);
    expect(heartbeats.length).toBeGreaterThan(asked + 2);
    for (const details of heartbeats.slice(asked)) expect(details).toMatchObject({ stopping: firstProcess });
  });
});

describe('stopNode at the end of its patience', () => {
  it('says that the broker is still stopping, and which process', async () => {
    const world = new FakeWorld({ policy: { stopTimeoutMs: 20 } });
    world.node(2).onStop = 'hang';
    expect(await runActivity(world, 'stopNode', input())).toEqual({
      status: 'still-stopping',
      process: firstProcess,
      evidence: ['last words of broker 2'],
    });
  });

  it('tells an unclean stop by the missing marker, with the tail of the log', async () => {
    const world = new FakeWorld();
    world.node(2).onStop = 'exit-uncleanly';
    const result = await runActivity(world, 'stopNode', input({ logDirectories: ['/a', '/b'] }));
    expect(result).toMatchObject({ status: 'stopped', clean: false });
    expect(result).toHaveProperty('evidence', [expect.stringContaining('missing in /a, /b; log tail: last words')]);
  });

  it('does not call a stop clean when no log directory is known', async () => {
    const result = await runActivity(new FakeWorld(), 'stopNode', input({ logDirectories: [] }));
    expect(result).toMatchObject({ clean: false });
    expect(result).toHaveProperty('evidence', [expect.stringContaining('unknown log directories')]);
  });
});

describe('a cancellation of stopNode', () => {
  it('at the gate ends it as cancelled; no stop is asked for', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 60_000 } });
    world.node(1).underReplicated = 3;
    const { result, heartbeats, cancel } = startActivity(world, 'stopNode', input());
    await until('the gate is closed', () => heartbeats.length > 2);
    cancel();
    await expect(result).rejects.toBeInstanceOf(CancelledFailure);
    world.node(1).underReplicated = 0;
    expect(world.changes('stop')).toEqual([]);
  });

  it('after the stop was asked for is ignored until the process is gone', async () => {
    const world = new FakeWorld({ policy: { stopTimeoutMs: 60_000 } });
    world.node(2).onStop = 'hang';
    const { result, cancel } = startActivity(world, 'stopNode', input());
    await until('it waits for the exit', () => world.portCalls.includes('awaitExit 2'));
    cancel();
    world.node(2).process = null;
    world.node(2).cleanMarker = true;
    expect(await result).toMatchObject({ status: 'stopped', clean: true });
  });
});

describe('I5: stopNode', () => {
  it('is refused by a host that has seen a newer number; nothing is retried', async () => {
    const world = new FakeWorld();
    world.node(2).lease = { ...fence(21), attempt: 1, held: true };
    await expect(runActivity(world, 'stopNode', input())).rejects.toMatchObject({
      type: 'LeaseStale',
      nonRetryable: true,
    });
    expect(world.changes('stop')).toEqual([]);
  });

  it('is refused when the definition is not the one of the plan', async () => {
    const world = new FakeWorld();
    world.definitionSha256 = 'e'.repeat(64);
    await expect(runActivity(world, 'stopNode', input())).rejects.toMatchObject({
      type: 'PlanHashMismatch',
      nonRetryable: true,
    });
    expect(world.portCalls).toEqual([]);
  });

  it('passes on a host that cannot be reached as retryable', async () => {
    const world = new FakeWorld();
    world.portHooks.set('findProcess', () => {
      throw new UpgradeError('SshUnreachable', 'no route', { host: 'x' });
    });
    await expect(runActivity(world, 'stopNode', input())).rejects.toMatchObject({
      type: 'SshUnreachable',
      nonRetryable: false,
      details: [{ host: 'x' }],
    });
  });
});
