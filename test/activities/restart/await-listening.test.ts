import { CancelledFailure } from '@temporalio/common';
import { UpgradeError } from '../../src/domain/common/failure';
import { FakeWorld } from '../support/fake-world';
import { fence, reference, runActivity, startActivity } from '../support/run-activity';
import { until } from '../support/until';
import type * as SkippedTime from '../support/skipped-time';
import { skipTime } from '../support/skipped-time';

jest.mock('../../src/activities/poll', () =>
  jest.requireActual<typeof SkippedTime>('../support/skipped-time').skippingPoll(),
);

const input = { ...reference, nodeId: 2, fence: fence() };

const stopped = (policy: ConstructorParameters<typeof FakeWorld>[0] = {}): FakeWorld => {
  const world = new FakeWorld(policy);
  world.node(2).process = null;
  return world;
};

describe('startNode', () => {
  it('starts the broker and resolves once it listens', async () => {
    const world = stopped();
    const { process, startMs, evidence } = await runActivity(world, 'startNode', input);
    expect(process.pid).toBe(world.node(2).process?.pid);
    expect(startMs).toBeGreaterThanOrEqual(0);
    expect(evidence).toEqual(['started']);
    expect(world.portCalls).toContain('open 2');
  });

  it('I4: leaves a broker that runs alone, and counts no time for it', async () => {
    const world = new FakeWorld();
    expect(await runActivity(world, 'startNode', input)).toMatchObject({ startMs: 0, process: { pid: 102 } });
    expect(world.changes('start')).toEqual([]);
  });

  it('waits for a broker that does not listen yet, however long its JVM takes', async () => {
    const world = stopped({ policy: { startTimeoutMs: 60_000 } });
    world.node(2).startFault = () => 'deaf';
    const { result } = startActivity(world, 'startNode', input);
    await until('it was started', () => world.changes('start').length === 1);
    world.deaf.delete(2);
    expect(await result).toHaveProperty('evidence', ['started']);
  });

  it('fails with the tail of the log when the start itself fails', async () => {
    const world = stopped();
    world.node(2).startFault = () => 'dies';
    await expect(runActivity(world, 'startNode', input)).rejects.toMatchObject({
      type: 'StartFailed',
      nonRetryable: true,
    });
  });

  it('fails with the tail of the log when the process dies while it is waited for', async () => {
    const world = stopped({ policy: { startTimeoutMs: 60_000 } });
    world.node(2).startFault = () => 'deaf';
    const { result, heartbeats } = startActivity(world, 'startNode', input);
    await until('it was started', () => world.changes('start').length === 1);
    world.node(2).process = null;
    skipTime(3_000);
    await expect(result).rejects.toMatchObject({
      type: 'StartFailed',
      message: expect.stringMatching(/process 1001 is gone\. Log: last words of broker 2$/),
    });
    expect(JSON.stringify(heartbeats)).toContain('broker 2 (pid 1001) is starting');
  });

  it('fails with the tail of the log when it does not listen in time', async () => {
    const world = stopped({ policy: { startTimeoutMs: 30 } });
    world.node(2).startFault = () => 'deaf';
    await expect(runActivity(world, 'startNode', input)).rejects.toMatchObject({
      type: 'StartTimedOut',
      message: expect.stringContaining('it does not listen after'),
    });
    expect(world.node(2).process).not.toBeNull();
  });

  it('waits longer for a broker that recovers its logs', async () => {
    const world = stopped({ policy: { startTimeoutMs: 10, healthyDeadlineMs: 60_000 } });
    world.node(2).startFault = () => 'deaf';
    const recovering = { ...world.sample(1), brokerState: 2 };
    world.gauges.latest = () => recovering as ReturnType<typeof world.gauges.latest>;
    const { result } = startActivity(world, 'startNode', input);
    await until('more than the normal limit has passed', () => world.log.length === 1);
    const began = performance.now();
    await until('60 ms', () => performance.now() - began > 60);
    world.deaf.delete(2);
    expect(await result).toHaveProperty('evidence', ['started']);
  });

  it('ends as cancelled while it waits; the broker stays as it is', async () => {
    const world = stopped({ policy: { startTimeoutMs: 60_000 } });
    world.node(2).startFault = () => 'deaf';
    const { result, cancel } = startActivity(world, 'startNode', input);
    await until('it was started', () => world.changes('start').length === 1);
    cancel();
    await expect(result).rejects.toBeInstanceOf(CancelledFailure);
    expect(world.node(2).process).not.toBeNull();
  });

  it('I5: is refused by a host that has seen a newer number', async () => {
    const world = stopped();
    world.portHooks.set('start', () => {
      throw new UpgradeError('LeaseStale', 'newer');
    });
    await expect(runActivity(world, 'startNode', input)).rejects.toMatchObject({ type: 'LeaseStale' });
  });
});
