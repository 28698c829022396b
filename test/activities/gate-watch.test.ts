import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { UpgradeError } from '../../src/domain/common/failure';
import { freshSoak } from '../../src/domain/health/soak';
import { FakeWorld } from '../support/fake-world';
import { reference, runActivity, startActivity } from '../support/run-activity';
import { until } from '../support/until';
import type * as SkippedTime from '../support/skipped-time';
import { skipTime } from '../support/skipped-time';

jest.mock('../../src/activities/poll', () =>
  jest.requireActual<typeof SkippedTime>('../support/skipped-time').skippingPoll(),
);

const input = { ...reference, nodeId: 2, version: '3.8.1', protocol: '3.7', restartedAtMs: 0 };

/** A world in which broker 2 was restarted with the new binary. */
const restarted = (options: ConstructorParameters<typeof FakeWorld>[0] = {}): FakeWorld => {
  const world = new FakeWorld(options);
  world.node(2).process = { pid: 7, startTicks: 1, version: '3.8.1', protocol: '3.7', stopping: false };
  return world;
};

/** A port that does not answer until its caller gives up. */
const hang = (world: FakeWorld, method: string): void => {
  world.portHooks.set(method, () => {
    const { cancelled } = Context.current();
    return cancelled;
  });
};

describe('the wait of a gate', () => {
  it('starts the soak again after one bad sample, and says when, why and how often', async () => {
    const world = restarted({ policy: { soakMs: 150, healthyDeadlineMs: 60_000 } });
    const { result, heartbeats } = startActivity(world, 'awaitNodeHealthy', input);
    const seen = (words: string): boolean => JSON.stringify(heartbeats).includes(words);
    await until('the soak has begun', () => seen('healthy for 0 of 0 s'));
    world.node(1).underReplicated = 1;
    await until('the bad sample was seen', () => seen('UnderReplicatedPartitions is 1'));
    const badAt = performance.now();
    world.node(1).underReplicated = 0;
    const { verdict, soakRestarts, soakRestartCount } = await result;
    expect(verdict.status).toBe('successful');
    expect(performance.now() - badAt).toBeGreaterThanOrEqual(145);
    expect({ soakRestarts, soakRestartCount }).toEqual({
      soakRestarts: [{ atMs: expect.any(Number), reason: expect.stringContaining('UnderReplicatedPartitions is 1') }],
      soakRestartCount: 1,
    });
    expect(heartbeats.at(-1)).toMatchObject({
      message: expect.stringMatching(
        /^healthy for 0 of 0 s: .*; the soak began again at \d\d:\d\d:\d\d UTC: .*UnderReplicatedPartitions is 1.*; 1st time$/,
      ),
    });
  });

  const left = (soak: object) => ({ attempt: 2, heartbeatDetails: { message: '', soak: { ...freshSoak, ...soak } } });

  it('I4: goes on with the soak that an earlier attempt began', async () => {
    const world = restarted({ policy: { soakMs: 600_000 } });
    const soak = { healthyMs: 600_000, sampledAtMs: Date.now() - 60_000 };
    expect((await runActivity(world, 'awaitNodeHealthy', input, left(soak))).verdict.status).toBe('successful');
  });

  it.each([
    ['nobody measured', -30 * 60_000],
    ['lies in the future, by another clock', 30 * 60_000],
  ])('does not count time that %s', async (_, offsetMs) => {
    const world = restarted({ policy: { soakMs: 60_000 } });
    const soak = { healthyMs: 59_970, sampledAtMs: Date.now() + offsetMs };
    const began = performance.now();
    const { verdict } = await runActivity(world, 'awaitNodeHealthy', input, left(soak));
    expect(verdict.status).toBe('successful');
    expect(performance.now() - began).toBeGreaterThanOrEqual(29);
  });

  it('does not count a time in which this worker itself was frozen', async () => {
    const world = restarted({ policy: { soakMs: 400, healthyDeadlineMs: 60_000 } });
    const { result, heartbeats } = startActivity(world, 'awaitNodeHealthy', input);
    const began = performance.now();
    await until('the soak has begun', () => heartbeats.length > 0);
    skipTime(30 * 60_000);
    expect((await result).verdict.status).toBe('successful');
    expect(performance.now() - began).toBeGreaterThanOrEqual(395);
  });

  it('remembers over attempts how often and why the soak began again', async () => {
    const soakRestarts = [{ atMs: 1_000, reason: 'broker 3 was away' }];
    const soak = { soakRestarts, soakRestartCount: 4 };
    expect(await runActivity(restarted(), 'awaitNodeHealthy', input, left(soak))).toMatchObject(soak);
  });

  it('has one deadline for all attempts', async () => {
    const world = restarted({ policy: { healthyDeadlineMs: 60_000 } });
    world.node(1).underReplicated = 1;
    const info = { attempt: 9, scheduledTimestampMs: 1_000, currentAttemptScheduledTimestampMs: 62_000 };
    const { verdict } = await runActivity(world, 'awaitNodeHealthy', input, info);
    expect(verdict.status).toBe('failed');
    expect(world.portCalls.filter((call) => call === 'metadata 2')).toHaveLength(1);
  });

  it('fails as StartFailed with the log when the broker died meanwhile', async () => {
    const world = restarted({ policy: { healthyDeadlineMs: 60_000 } });
    world.node(2).process = null;
    const { result, heartbeats } = startActivity(world, 'awaitNodeHealthy', input);
    await until('the gate is closed', () => heartbeats.length > 0);
    skipTime(6_000);
    await expect(result).rejects.toMatchObject({
      type: 'StartFailed',
      message: 'Broker 2 on kafka@10.0.0.2:22 died after its start. Log: last words of broker 2',
    });
  }, 30_000);

  it('goes on waiting for a broker that lives but does not answer yet', async () => {
    const world = restarted({ policy: { healthyDeadlineMs: 60_000 } });
    world.deaf.add(2);
    const { result, heartbeats } = startActivity(world, 'awaitNodeHealthy', input);
    await until('the gate is closed', () => heartbeats.length > 0);
    skipTime(6_000);
    await until('the process was looked for', () => world.portCalls.includes('findProcess 2'));
    world.deaf.delete(2);
    expect((await result).verdict.status).toBe('successful');
  }, 30_000);

  it('does not look for the process of a broker that answers, whatever else is wrong', async () => {
    const world = restarted({ policy: { healthyDeadlineMs: 60_000 } });
    world.node(1).underReplicated = 1;
    world.portHooks.set('findProcess', () => {
      throw new UpgradeError('HostKeyMismatch', 'nobody may look there');
    });
    const { result, heartbeats } = startActivity(world, 'awaitNodeHealthy', input);
    await until('the gate is closed', () => heartbeats.length > 0);
    skipTime(6_000);
    const before = heartbeats.length;
    await until('it was measured again', () => heartbeats.length > before + 5);
    world.node(1).underReplicated = 0;
    expect((await result).verdict.status).toBe('successful');
  }, 30_000);

  describe('a host that does not answer', () => {
    const vanished = (): FakeWorld => {
      const world = restarted({ policy: { healthyDeadlineMs: 3_600_000 } });
      world.node(2).process = null;
      world.portHooks.set('findProcess', () => {
        throw new UpgradeError('SshUnreachable', 'Could not connect to kafka@10.0.0.2:22: no route to host');
      });
      return world;
    };
    const looks = (world: FakeWorld): number => world.portCalls.filter((call) => call === 'findProcess 2').length;
    const lookAgain = async (world: FakeWorld, ms: number): Promise<void> => {
      const before = looks(world);
      skipTime(ms);
      await until('the host was looked at', () => looks(world) > before);
    };

    it('is borne for a while, and told with since when and why', async () => {
      const world = vanished();
      const { result, heartbeats } = startActivity(world, 'awaitNodeHealthy', input);
      await until('the gate is closed', () => heartbeats.length > 0);
      await lookAgain(world, 6_000);
      await until('it is told', () => JSON.stringify(heartbeats.at(-1)).includes('the host has not answered since'));
      expect(heartbeats.at(-1)).toMatchObject({
        message: expect.stringContaining('no route to host'),
        hostSilentSinceMs: expect.any(Number),
      });
      world.portHooks.delete('findProcess');
      world.node(2).process = { pid: 8, startTicks: 1, version: '3.8.1', protocol: '3.7', stopping: false };
      expect((await result).verdict.status).toBe('successful');
    }, 30_000);

    it('is lost after three minutes', async () => {
      const world = vanished();
      const { result, heartbeats } = startActivity(world, 'awaitNodeHealthy', input);
      await until('the gate is closed', () => heartbeats.length > 0);
      await lookAgain(world, 6_000);
      skipTime(181_000);
      await expect(result).rejects.toMatchObject({
        type: 'HostLost',
        nonRetryable: true,
        message: expect.stringMatching(
          /has not answered for 18\d s.*looking for the process of broker 2 on kafka@10\.0\.0\.2:22 was tried 2 times.*no route to host/,
        ),
      });
    }, 30_000);

    it('is lost by what all attempts saw together', async () => {
      const world = vanished();
      const heartbeatDetails = { message: '', hostSilentSinceMs: Date.now() - 170_000 };
      const { result, heartbeats } = startActivity(world, 'awaitNodeHealthy', input, { attempt: 5, heartbeatDetails });
      await until('the gate is closed', () => heartbeats.length > 0);
      expect(heartbeats.at(-1)).toMatchObject({ hostSilentSinceMs: expect.any(Number) });
      await lookAgain(world, 6_000);
      skipTime(16_000);
      await expect(result).rejects.toMatchObject({ type: 'HostLost' });
    }, 30_000);

    it('does not hold up the measurements while a look at it hangs', async () => {
      const world = vanished();
      world.portHooks.set('findProcess', () => new Promise<never>(() => undefined));
      const { result, heartbeats } = startActivity(world, 'awaitNodeHealthy', input);
      await until('the gate is closed', () => heartbeats.length > 0);
      await lookAgain(world, 6_000);
      world.node(2).process = { pid: 8, startTicks: 1, version: '3.8.1', protocol: '3.7', stopping: false };
      expect((await result).verdict.status).toBe('successful');
    }, 30_000);

    it('ends the wait at once when it refuses for good', async () => {
      const world = vanished();
      world.portHooks.set('findProcess', () => {
        throw new UpgradeError('SshAuthenticationFailed', 'the key was refused');
      });
      const { result, heartbeats } = startActivity(world, 'awaitNodeHealthy', input);
      await until('the gate is closed', () => heartbeats.length > 0);
      skipTime(6_000);
      await expect(result).rejects.toMatchObject({ type: 'SshAuthenticationFailed' });
    }, 30_000);

    it('is not needed for the log of a process that is gone: the gate looks again', async () => {
      const world = vanished();
      world.portHooks.delete('findProcess');
      world.portHooks.set('logTail', () => {
        throw new UpgradeError('SshUnreachable', 'lost while reading');
      });
      const { result, heartbeats } = startActivity(world, 'awaitNodeHealthy', input);
      await until('the gate is closed', () => heartbeats.length > 0);
      await lookAgain(world, 6_000);
      await until('the log was asked for', () => world.portCalls.includes('logTail 2'));
      world.portHooks.delete('logTail');
      skipTime(6_000);
      await expect(result).rejects.toMatchObject({ type: 'StartFailed' });
    }, 30_000);
  });

  it.each<[string, (world: FakeWorld) => void]>([
    ['it soaks', () => undefined],
    ['a broker does not answer', (world) => hang(world, 'metadata')],
    ['the running protocol is asked for', (world) => hang(world, 'brokerConfig')],
    ['the groups are sampled', (world) => hang(world, 'freshSample')],
  ])('ends as cancelled within a second while %s', async (_, spoil) => {
    const world = restarted({ policy: { soakMs: 600_000 } });
    spoil(world);
    const { result, cancel } = startActivity(world, 'awaitNodeHealthy', input);
    await until('it measures', () => world.portCalls.length > 2);
    const began = performance.now();
    cancel();
    await expect(result).rejects.toBeInstanceOf(CancelledFailure);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
