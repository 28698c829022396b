import { UpgradeError } from '../../../src/domain/common/failure';
import { FakeWorld } from '../../support/fake-world';
import type { WorldOptions } from '../../support/fake-definition';
import { recordOf, restartInput } from '../../support/restart-input';
import { runActivity, startActivity } from '../../support/run-activity';
import { until } from '../../support/until';
import type * as SkippedTime from '../../support/skipped-time';
import { skipTime } from '../../support/skipped-time';

jest.mock('../../../src/activities/poll', () =>
  jest.requireActual<typeof SkippedTime>('../../support/skipped-time').skippingPoll(),
);

const stopped = (options: WorldOptions = {}): FakeWorld => {
  const world = new FakeWorld(options);
  Object.assign(world.node(2), { process: null, record: recordOf() });
  return world;
};

const takeOver = { attempt: 2 };
const startsOf = (world: FakeWorld): number => world.changes('start').length;

describe('a start', () => {
  it('is given, and awaited until the node listens; its time counts from the start of the process', async () => {
    const world = stopped();
    const result = await runActivity(world, 'restartNode', restartInput(world), takeOver);
    expect(result).toMatchObject({ status: 'listening', startMs: expect.any(Number), putBack: null });
    expect(result.evidence.at(-1)).toBe('started');
    expect(world.portCalls).toContain('open 2');
  });

  it('is waited for, however long its JVM takes', async () => {
    const world = stopped({ policy: { startTimeoutMs: 60_000 } });
    world.node(2).startFault = () => 'deaf';
    const { result } = startActivity(world, 'restartNode', restartInput(world), takeOver);
    await until('it was started', () => startsOf(world) === 1);
    skipTime(30_000);
    world.deaf.delete(2);
    const end = await result;
    expect(end).toMatchObject({ status: 'listening', putBack: null });
    expect(end.status === 'listening' && end.startMs).toBeGreaterThanOrEqual(30_000);
  });

  it('whose process dies is given again; what was seen stays in the evidence, with the tail of the log', async () => {
    const world = stopped({ policy: { startTimeoutMs: 60_000 } });
    let starts = 0;
    world.node(2).startFault = () => (starts++ === 0 ? 'deaf' : 'none');
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world), takeOver);
    await until('it waits', () => world.portCalls.includes('open 2'));
    skipTime(3_000);
    await until('it tells', () => JSON.stringify(heartbeats).includes('broker 2 (pid 1001) is starting'));
    world.node(2).process = null;
    skipTime(3_000);
    const end = await result;
    expect(end).toMatchObject({ status: 'listening', putBack: null });
    expect(end.evidence.join('\n')).toMatch(/process 1001 is gone\. Log: last words of broker 2/);
    expect(startsOf(world)).toBe(2);
  });

  it('that does not listen in time is told with the tail of the log; nothing is put back under its process', async () => {
    const world = stopped({ policy: { startTimeoutMs: 30 } });
    world.node(2).startFault = () => 'deaf';
    expect(await runActivity(world, 'restartNode', restartInput(world), takeOver)).toMatchObject({
      status: 'failed',
      cause: { type: 'StartTimedOut', message: expect.stringContaining('it does not listen after') },
      nodeIsDown: true,
    });
    expect(world.node(2).process).not.toBeNull();
    expect([world.node(2).link, startsOf(world)]).toEqual(['3.8.1', 1]);
  });

  it('is waited for longer while the broker recovers its logs', async () => {
    const world = stopped({ policy: { startTimeoutMs: 10, healthyDeadlineMs: 60_000 } });
    world.node(2).startFault = () => 'deaf';
    const recovering = { ...world.sample(1), brokerState: 2 };
    world.gauges.latest = () => recovering as ReturnType<typeof world.gauges.latest>;
    const { result } = startActivity(world, 'restartNode', restartInput(world), takeOver);
    await until('it was started', () => startsOf(world) === 1);
    skipTime(30_000);
    const looks = world.portCalls.length;
    await until('it goes on', () => world.portCalls.length > looks);
    world.deaf.delete(2);
    expect(await result).toMatchObject({ status: 'listening', putBack: null });
  });

  it('goes on being waited for when the host does not answer meanwhile', async () => {
    const world = stopped({ policy: { startTimeoutMs: 60_000 } });
    world.node(2).startFault = () => 'deaf';
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world), takeOver);
    await until('it was started', () => startsOf(world) === 1);
    world.portHooks.set('logTail', () => {
      throw new UpgradeError('SshUnreachable', 'no route');
    });
    skipTime(3_000);
    await until('it tells', () => JSON.stringify(heartbeats).includes('the host has not answered since'));
    world.portHooks.delete('logTail');
    world.deaf.delete(2);
    expect(await result).toMatchObject({ status: 'listening', putBack: null });
    expect(startsOf(world)).toBe(1);
  });
});

describe('a start command that works for a long time', () => {
  const slow = (startTimeoutMs = 60_000): FakeWorld => {
    const world = stopped({ policy: { startTimeoutMs } });
    world.node(2).startFault = () => 'slow';
    return world;
  };
  const appear = (world: FakeWorld): void => {
    Object.assign(world.node(2), {
      starting: false,
      process: { pid: world.nextPid(), startTicks: 9, version: '3.8.1', protocol: '3.7', stopping: false },
    });
  };

  it('is not given again, and nothing is put back under it; the process that appears later is taken', async () => {
    const world = slow();
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world), takeOver);
    await until('it waits', () => JSON.stringify(heartbeats).includes('the start command of broker 2 still works'));
    skipTime(30_000);
    const looks = world.portCalls.length;
    await until('it looks again', () => world.portCalls.length > looks);
    expect([world.node(2).link, startsOf(world)]).toEqual(['3.8.1', 1]);
    appear(world);
    expect(await result).toMatchObject({ status: 'listening', startMs: 0, putBack: null });
    expect(startsOf(world)).toBe(1);
  });

  it('is waited for as long as the policy says, then told; it is neither ended nor given again', async () => {
    const world = slow();
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world), takeOver);
    await until('it waits', () => JSON.stringify(heartbeats).includes('the start command of broker 2 still works'));
    skipTime(61_000);
    expect(await result).toMatchObject({
      status: 'failed',
      cause: { type: 'StartTimedOut', message: expect.stringContaining('its start command still works after 6') },
      nodeIsDown: true,
    });
    expect([world.node(2).link, startsOf(world)]).toEqual(['3.8.1', 1]);
  });

  it('has the whole time again when it is given the second time', async () => {
    const world = slow();
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world), takeOver);
    await until('it waits', () => JSON.stringify(heartbeats).includes('the start command of broker 2 still works'));
    skipTime(40_000);
    world.node(2).starting = false;
    await until('it is given again', () => startsOf(world) === 2);
    skipTime(40_000);
    const looks = world.portCalls.length;
    await until('it looks again', () => world.portCalls.length > looks + 1);
    appear(world);
    expect(await result).toMatchObject({ status: 'listening', putBack: null });
  });

  it('of an attempt before is waited for, and its process taken', async () => {
    const world = stopped({ policy: { startTimeoutMs: 60_000 } });
    Object.assign(world.node(2), {
      starting: true,
      record: recordOf({ launches: [{ aim: 'planned', version: '3.8.1', started: null }] }),
    });
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world), takeOver);
    await until('it waits', () => JSON.stringify(heartbeats).includes('the start command of broker 2 still works'));
    appear(world);
    expect(await result).toMatchObject({ status: 'listening', putBack: null });
    expect(startsOf(world)).toBe(0);
  });
});
