import { UpgradeError } from '../../../src/domain/common/failure';
import type { FailureType } from '../../../src/domain/common/failure';
import { FakeWorld } from '../../support/fake-world';
import {
  onNewRelease,
  processOf,
  protocolInput,
  recordOf,
  restartInput,
  startByHand,
} from '../../support/restart-input';
import { fence, reference, runActivity, startActivity } from '../../support/run-activity';
import { until } from '../../support/until';
import type * as SkippedTime from '../../support/skipped-time';
import { skipTime } from '../../support/skipped-time';

jest.mock('../../../src/activities/poll', () =>
  jest.requireActual<typeof SkippedTime>('../../support/skipped-time').skippingPoll(),
);

const changesOf = (world: FakeWorld): string[] => world.changes('stop', 'file', 'link', 'start');
const callsOf = (world: FakeWorld, call: string): number => world.portCalls.filter((seen) => seen === call).length;

const restarted = ['stop 2: 3.7.2', 'file 2: 3.7', 'link 2: 3.8.1', 'start 2: 3.8.1 at 3.7'];
const broughtUp = restarted.slice(1);

const failing =
  (type: FailureType, message: string = type) =>
  () => {
    throw new UpgradeError(type, message);
  };

/** Fails the first calls of a port, or all of them. */
const failTimes = (world: FakeWorld, method: string, error: { type: FailureType; times?: number }): void => {
  let left = error.times ?? Number.POSITIVE_INFINITY;
  world.portHooks.set(method, (nodeId) => {
    if (nodeId === 2 && left-- > 0) throw new UpgradeError(error.type, `${error.type} of ${method}`);
  });
};

/** A node that was asked by the attempt before, and is gone. */
const gone = (world: FakeWorld, record = recordOf()): FakeWorld => {
  Object.assign(world.node(2), { process: null, cleanMarker: true, record });
  return world;
};

describe('how a stop ends', () => {
  it('says that the broker is still stopping, and which process, at the end of the patience', async () => {
    const world = new FakeWorld({ policy: { stopTimeoutMs: 20 } });
    world.node(2).onStop = 'hang';
    expect(await runActivity(world, 'restartNode', restartInput(world))).toEqual({
      status: 'failed',
      cause: {
        type: 'StopTimedOut',
        message: 'Broker 2 (pid 102) is still shutting down after the time limit.',
      },
      nodeIsDown: true,
      stop: null,
      evidence: ['last words of broker 2'],
    });
    expect(changesOf(world)).toEqual(['stop 2: 3.7.2']);
  });

  it('tells an unclean stop by the missing marker, with the tail of the log, and brings the node up', async () => {
    const world = new FakeWorld();
    world.node(2).onStop = 'exit-uncleanly';
    const input = restartInput(world, { logDirectories: ['/a', '/b'] });
    const result = await runActivity(world, 'restartNode', input);
    expect(result).toMatchObject({ status: 'listening', stop: { clean: false } });
    expect(result.evidence[0]).toContain('missing in /a, /b; log tail: last words');
  });

  it('does not call a stop clean when no log directory is known', async () => {
    const world = new FakeWorld();
    const result = await runActivity(world, 'restartNode', restartInput(world, { logDirectories: [] }));
    expect(result).toMatchObject({ status: 'listening', stop: { clean: false } });
    expect(result.evidence[0]).toContain('unknown log directories');
  });

  it('tells by the heartbeats what it is at', async () => {
    const world = new FakeWorld();
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world));
    await result;
    const steps = heartbeats.map((details) => (details as { step?: string }).step).filter((step) => step !== undefined);
    expect([...new Set(steps)]).toEqual(['stopping', 'starting']);
  });
});

describe('the order of file and link', () => {
  it('I2: is file, then link; the link is never moved past a file that could not be pinned', async () => {
    const world = new FakeWorld();
    failTimes(world, 'replaceProperties', { type: 'HostRefused' });
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({ status: 'listening', putBack: { type: 'HostRefused' } });
    expect(world.node(2).link).toBe('3.7.2');
    expect(changesOf(world)).toEqual(['stop 2: 3.7.2', 'link 2: 3.7.2', 'start 2: 3.7.2 at 3.7-IV4']);
  });

  it('I9: a file that somebody changes while the node is down is not overwritten, nor started with', async () => {
    const world = new FakeWorld();
    world.portHooks.set('awaitStop', () => {
      world.node(2).properties += '# late\n';
    });
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({ status: 'failed', cause: { type: 'ConfigDrift' }, nodeIsDown: true });
    expect(world.node(2).properties).toContain('# late');
    expect(world.changes('stop', 'file', 'start')).toEqual(['stop 2: 3.7.2']);
  });

  it('I9: does not write what the plan did not foresee', async () => {
    const world = new FakeWorld();
    const input = restartInput(world);
    const edit = { ...input.edit, toSha256: 'f'.repeat(64) };
    const result = await runActivity(world, 'restartNode', { ...input, edit });
    expect(result).toMatchObject({ status: 'listening', putBack: { type: 'ConfigDrift' } });
    expect(world.changes('file')).toEqual([]);
  });
});

describe('I6: a cancellation from the moment in which the stop was asked for', () => {
  it('changes nothing while the broker shuts down', async () => {
    const world = new FakeWorld({ policy: { stopTimeoutMs: 60_000 } });
    world.node(2).onStop = 'hang';
    const { result, cancel } = startActivity(world, 'restartNode', restartInput(world));
    await until('it waits for the exit', () => world.portCalls.includes('awaitStop 2'));
    cancel();
    Object.assign(world.node(2), { process: null, cleanMarker: true });
    expect(await result).toMatchObject({ status: 'listening', stop: { clean: true }, putBack: null });
    expect(changesOf(world)).toEqual(restarted);
  });

  it.each(['requestStop', 'awaitStop', 'bringUp', 'start', 'open'])('changes nothing at %s', async (method) => {
    const world = new FakeWorld({ policy: { startTimeoutMs: 60_000 } });
    let cancel = (): void => undefined;
    const asked = (): boolean => world.changes('stop').length > 0 || method === 'requestStop';
    world.portHooks.set(method, (nodeId) => {
      if (nodeId === 2 && asked()) cancel();
    });
    const started = startActivity(world, 'restartNode', restartInput(world));
    ({ cancel } = started);
    expect(await started.result).toMatchObject({ status: 'listening', putBack: null });
    expect(changesOf(world)).toEqual(restarted);
  });

  it('changes nothing while it does not listen yet, nor while it is tried again', async () => {
    const world = new FakeWorld({ policy: { startTimeoutMs: 60_000 } });
    let starts = 0;
    world.node(2).startFault = () => (starts++ === 0 ? 'dies' : 'deaf');
    const { result, cancel } = startActivity(world, 'restartNode', restartInput(world));
    await until('it was started twice', () => world.changes('start').length === 2);
    cancel();
    world.deaf.delete(2);
    expect(await result).toMatchObject({ status: 'listening', putBack: null });
  });

  it('changes nothing for an attempt that finds the stop asked for', async () => {
    const world = new FakeWorld({ policy: { stopTimeoutMs: 60_000 } });
    const { process } = world.node(2);
    if (process === null) throw new Error('it runs');
    process.stopping = true;
    world.node(2).record = recordOf();
    const { result, cancel } = startActivity(world, 'restartNode', restartInput(world), { attempt: 2 });
    cancel();
    await until('it waits for the exit', () => world.portCalls.includes('awaitStop 2'));
    Object.assign(world.node(2), { process: null, cleanMarker: true });
    expect(await result).toMatchObject({ status: 'listening', stop: { clean: true }, putBack: null });
    expect(changesOf(world)).toEqual(broughtUp);
  });
});

describe('I4: an attempt that takes over', () => {
  const second = { attempt: 2 };

  it('finds the stop asked for and waits for its end, without a gate', async () => {
    const world = new FakeWorld({ policy: { stopTimeoutMs: 60_000 } });
    const { process } = world.node(2);
    if (process === null) throw new Error('it runs');
    process.stopping = true;
    world.node(2).record = recordOf();
    const { result } = startActivity(world, 'restartNode', restartInput(world), second);
    await until('it waits for the exit', () => world.portCalls.includes('awaitStop 2'));
    Object.assign(world.node(2), { process: null, cleanMarker: true });
    expect(await result).toMatchObject({ status: 'listening', stop: { clean: true } });
    expect(world.portCalls).not.toContain('requestStop 2');
    expect(changesOf(world)).toEqual(broughtUp);
  });

  it('asks again when the stop was recorded but never reached the broker', async () => {
    const world = new FakeWorld();
    world.node(2).record = recordOf();
    expect(await runActivity(world, 'restartNode', restartInput(world), second)).toHaveProperty('status', 'listening');
    expect(changesOf(world)).toEqual(restarted);
    expect(world.log[0]?.lease).toMatchObject({ step: 20, attempt: 2 });
  });

  it('measures again and stops where nothing was recorded', async () => {
    const world = new FakeWorld();
    expect(await runActivity(world, 'restartNode', restartInput(world), second)).toHaveProperty('status', 'listening');
    expect(changesOf(world)).toEqual(restarted);
  });

  it('does not mistake another process for the one that was asked to stop', async () => {
    const world = new FakeWorld();
    world.node(2).record = recordOf({ asked: { pid: 102, startTicks: 999 } });
    await runActivity(world, 'restartNode', restartInput(world), second);
    expect(world.portCalls).toContain('clock 2');
    expect(changesOf(world)).toEqual(restarted);
  });

  it('finds the process gone, reads its traces and brings the node up', async () => {
    const world = gone(new FakeWorld());
    const result = await runActivity(world, 'restartNode', restartInput(world), second);
    expect(result).toMatchObject({ status: 'listening', stop: { stopMs: 0, clean: true }, putBack: null });
    expect(changesOf(world)).toEqual(broughtUp);
  });

  it('keeps the figures of a stop that the record has', async () => {
    const world = gone(new FakeWorld(), recordOf({ exited: { stopMs: 4_321, clean: true } }));
    world.node(2).cleanMarker = false;
    const result = await runActivity(world, 'restartNode', restartInput(world), second);
    expect(result).toMatchObject({ status: 'listening', stop: { stopMs: 4_321, clean: true } });
    expect(world.portCalls).not.toContain('awaitStop 2');
  });

  it('waits for a process that was brought up and does not listen yet', async () => {
    const world = new FakeWorld({ policy: { startTimeoutMs: 60_000 } });
    const input = restartInput(world);
    world.node(2).startFault = () => 'deaf';
    const first = startActivity(world, 'restartNode', input);
    await until('it was started', () => world.changes('start').length === 1);
    const again = startActivity(world, 'restartNode', input, second);
    await until('it waits', () => callsOf(world, 'lookAtRestart 2') > 1);
    world.deaf.delete(2);
    expect(await again.result).toMatchObject({
      status: 'listening',
      stop: { clean: true },
      putBack: null,
      evidence: [],
    });
    await first.result;
    expect(changesOf(world)).toEqual(restarted);
  });

  it('finds it listening, though no answer of the first attempt came: it restarts nothing and returns at once', async () => {
    const world = new FakeWorld();
    const input = restartInput(world);
    await runActivity(world, 'restartNode', input);
    const process = processOf(world.node(2));
    const result = await runActivity(world, 'restartNode', input, second);
    expect(result).toMatchObject({ status: 'listening', startMs: 0, stop: { clean: true }, putBack: null });
    expect(processOf(world.node(2))).toEqual(process);
    expect(changesOf(world)).toEqual(restarted);
  });

  it('finds it put back, and says why from the record', async () => {
    const world = new FakeWorld();
    const input = restartInput(world);
    world.node(2).startFault = (version) => (version === '3.8.1' ? 'dies' : 'none');
    const first = await runActivity(world, 'restartNode', input);
    const again = await runActivity(world, 'restartNode', input, second);
    const putBack = { type: 'StartFailed', message: 'broker 2 died at once' };
    expect(first).toMatchObject({ status: 'listening', putBack });
    expect(again).toMatchObject({ status: 'listening', putBack, startMs: 0 });
    expect(world.changes('start')).toHaveLength(3);
  });

  it('keeps the place on the ladder: starts are counted over all attempts, and the cause is kept', async () => {
    const world = gone(
      new FakeWorld(),
      recordOf({ exited: { stopMs: 1, clean: true }, launches: [{ aim: 'planned', version: '3.8.1', started: null }] }),
    );
    world.node(2).startFault = (version) => (version === '3.8.1' ? 'dies' : 'none');
    const result = await runActivity(world, 'restartNode', restartInput(world), second);
    expect(result).toMatchObject({ status: 'listening', putBack: { type: 'StartFailed' } });
    expect(world.changes('start')).toEqual(['start 2: 3.8.1 at 3.7', 'start 2: 3.7.2 at 3.7']);
  });

  it('goes on with the way back where the cause is recorded', async () => {
    const cause = { type: 'HostRefused', message: 'sudo wants a password' };
    const world = gone(new FakeWorld(), recordOf({ exited: { stopMs: 1, clean: true }, cause }));
    const result = await runActivity(world, 'restartNode', restartInput(world), second);
    expect(result).toMatchObject({ status: 'listening', putBack: cause });
    expect(world.changes('start')).toEqual(['start 2: 3.7.2 at 3.7-IV4']);
  });

  it('gives up where the old release was started already and did not come up', async () => {
    const cause = { type: 'StartFailed', message: 'the first cause' };
    const launches = (['planned', 'planned', 'back'] as const).map((aim) => ({
      aim,
      version: aim === 'back' ? '3.7.2' : '3.8.1',
      started: null,
    }));
    const world = gone(new FakeWorld(), recordOf({ exited: { stopMs: 1, clean: true }, cause, launches }));
    const result = await runActivity(world, 'restartNode', restartInput(world), second);
    expect(result).toMatchObject({ status: 'failed', cause, nodeIsDown: true });
    expect(world.changes('start')).toEqual([]);
  });

  it("I5: is refused by a host that has seen a newer number: the node is then another's", async () => {
    const world = gone(new FakeWorld());
    world.node(2).lease = { ...fence(21), attempt: 1, held: true };
    const result = await runActivity(world, 'restartNode', restartInput(world), second);
    expect(result).toMatchObject({ status: 'failed', cause: { type: 'LeaseStale' }, nodeIsDown: true });
    expect(changesOf(world)).toEqual([]);
  });
});

describe('a stop whose request was not answered', () => {
  const unanswered = (world: FakeWorld, arrived: boolean): void => {
    let asked = 0;
    world.portHooks.set('requestStop', () => {
      if (asked++ > 0) return;
      if (arrived) gone(world);
      throw new UpgradeError('SshUnreachable', 'the connection broke');
    });
  };

  it('is known by the host: it had arrived, and the node is brought up', async () => {
    const world = new FakeWorld();
    unanswered(world, true);
    expect(await runActivity(world, 'restartNode', restartInput(world))).toMatchObject({ status: 'listening' });
    expect(changesOf(world)).toEqual(broughtUp);
  });

  it('is known by the host: it had not arrived, and the gate is measured again', async () => {
    const world = new FakeWorld();
    unanswered(world, false);
    expect(await runActivity(world, 'restartNode', restartInput(world))).toMatchObject({ status: 'listening' });
    expect(changesOf(world)).toEqual(restarted);
    expect(callsOf(world, 'requestStop 2')).toBe(2);
  });

  it('leaves a node that may be down when the host is not heard again', async () => {
    const world = new FakeWorld();
    unanswered(world, true);
    let looks = 0;
    world.portHooks.set('lookAtRestart', () => {
      if (looks++ > 0) throw new UpgradeError('SshUnreachable', 'no route');
    });
    const { result } = startActivity(world, 'restartNode', restartInput(world));
    await until('the host is silent', () => looks > 1);
    skipTime(200_000);
    expect(await result).toMatchObject({ status: 'failed', cause: { type: 'HostLost' }, nodeIsDown: true });
  });
});

describe('a process that somebody starts between stop and bring-up', () => {
  const started = (world: FakeWorld, times: number): void => {
    let left = times;
    world.portHooks.set('bringUp', () => {
      if (left-- > 0) startByHand(world);
    });
  };

  it('I1: gets nothing switched under it, is stopped again under the gate, then the node is brought up', async () => {
    const world = new FakeWorld();
    started(world, 1);
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({ status: 'listening', stop: { clean: true }, putBack: null });
    expect(result.evidence.join('\n')).toContain('back to the gate: the broker runs as 1001');
    expect(changesOf(world)).toEqual(['stop 2: 3.7.2', ...restarted]);
    expect(callsOf(world, 'clock 2')).toBe(2);
    expect(world.log.map(({ down }) => down)).toEqual([[], [], [2], [2], [2]]);
  });

  it('is not stopped while the gate is closed', async () => {
    const world = new FakeWorld({ policy: { healthyDeadlineMs: 30 } });
    started(world, 1);
    world.portHooks.set('awaitStop', () => {
      world.node(1).underReplicated = 3;
    });
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({ status: 'blocked', message: expect.stringContaining('broker 1') });
    expect(changesOf(world)).toEqual(['stop 2: 3.7.2']);
  });

  it('ends the restart the third time: people have to hold off whoever starts it; the node is not down', async () => {
    const world = new FakeWorld();
    started(world, 3);
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({ status: 'failed', cause: { type: 'StartedElsewhere' }, nodeIsDown: false });
    expect(changesOf(world)).toEqual(Array(3).fill('stop 2: 3.7.2'));
    expect(world.node(2).link).toBe('3.7.2');
  });
});

describe('a start that brings up nothing', () => {
  it('is given again once, then the old release is put back, with the first words of why', async () => {
    const world = new FakeWorld();
    world.node(2).startFault = (version) => (version === '3.8.1' ? 'dies' : 'none');
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world));
    expect(await result).toMatchObject({
      status: 'listening',
      putBack: { type: 'StartFailed', message: 'broker 2 died at once' },
    });
    expect(changesOf(world).slice(3)).toEqual([
      'start 2: 3.8.1 at 3.7',
      'link 2: 3.8.1',
      'start 2: 3.8.1 at 3.7',
      'link 2: 3.7.2',
      'start 2: 3.7.2 at 3.7',
    ]);
    expect(JSON.stringify(heartbeats)).toContain('"step":"restoring"');
  });

  it('leaves the node down where the old release does not start either, and says both', async () => {
    const world = new FakeWorld();
    world.node(2).startFault = () => 'dies';
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({
      status: 'failed',
      cause: {
        type: 'StartFailed',
        message: 'broker 2 died at once The old release did not start either: broker 2 died at once',
      },
      nodeIsDown: true,
      stop: { clean: true },
    });
    expect(world.changes('start')).toHaveLength(3);
  });

  it('leaves the node down in phase `protocol`, where file and release are changed', async () => {
    const world = onNewRelease(new FakeWorld());
    world.node(2).startFault = () => 'dies';
    const result = await runActivity(world, 'restartNode', protocolInput(world));
    expect(result).toMatchObject({ status: 'failed', cause: { type: 'StartFailed' }, nodeIsDown: true });
    expect(world.changes('start')).toHaveLength(2);
  });
});

describe.each(['HostRefused', 'LinkNotReplaceable', 'ReleaseMissing'] as const)('%s while the node is down', (type) => {
  it.each(['bringUp', 'replaceProperties', 'switchRelease'])(
    'of %s is not tried again: the old release is put back at once',
    async (method) => {
      const world = new FakeWorld();
      failTimes(world, method, { type, times: 1 });
      const result = await runActivity(world, 'restartNode', restartInput(world));
      expect(result).toMatchObject({ status: 'listening', putBack: { type, message: `${type} of ${method}` } });
      expect(callsOf(world, 'bringUp 2')).toBe(2);
      expect(world.changes('start')).toEqual([expect.stringMatching(/^start 2: 3\.7\.2 at /)]);
    },
  );

  it('that hits the way back, too, leaves the node down after one try of each', async () => {
    const world = new FakeWorld();
    failTimes(world, 'bringUp', { type });
    const result = await runActivity(world, 'restartNode', restartInput(world));
    expect(result).toMatchObject({ status: 'failed', cause: { type }, nodeIsDown: true });
    expect(callsOf(world, 'bringUp 2')).toBe(2);
  });

  it('in phase `protocol`, where nothing was changed yet: the node is started as it was', async () => {
    const world = onNewRelease(new FakeWorld());
    const before = world.node(2).properties;
    failTimes(world, 'replaceProperties', { type, times: 1 });
    const result = await runActivity(world, 'restartNode', protocolInput(world));
    expect(result).toMatchObject({ status: 'listening', putBack: { type } });
    expect(world.changes('start')).toHaveLength(1);
    expect(world.node(2).properties).toBe(before);
  });

  it('in phase `protocol`, where the file was changed: people decide', async () => {
    const world = onNewRelease(new FakeWorld());
    failTimes(world, 'switchRelease', { type, times: 1 });
    const result = await runActivity(world, 'restartNode', protocolInput(world));
    expect(result).toMatchObject({ status: 'failed', cause: { type }, nodeIsDown: true });
    expect(callsOf(world, 'bringUp 2')).toBe(1);
    expect(world.changes('start')).toEqual([]);
  });
});

describe.each(['SshUnreachable', 'CommandTimedOut', 'CommandFailed'] as const)('%s, which may pass,', (type) => {
  it.each(['bringUp', 'lookAtRestart'])('at %s while the node is down is tried again', async (method) => {
    const world = gone(new FakeWorld());
    failTimes(world, method, { type, times: 2 });
    const result = await runActivity(world, 'restartNode', restartInput(world), { attempt: 2 });
    expect(result).toMatchObject({ status: 'listening', putBack: null });
    expect(changesOf(world)).toEqual(broughtUp);
  });

  it.each(['bringUp', 'lookAtRestart'])(
    'at %s while the node is down ends the restart after three minutes; the node is down',
    async (method) => {
      const world = gone(new FakeWorld());
      failTimes(world, method, { type });
      const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world), { attempt: 2 });
      await until('it says so', () => JSON.stringify(heartbeats).includes('tried 1 times'));
      skipTime(181_000);
      const cause = type === 'CommandFailed' ? type : 'HostLost';
      expect(await result).toMatchObject({ status: 'failed', cause: { type: cause }, nodeIsDown: true });
      expect(world.changes('start')).toEqual([]);
    },
  );
});

describe('what may pass before the stop was asked for', () => {
  it.each(['SshUnreachable', 'CommandTimedOut'] as const)('%s is borne for three minutes, then told', async (type) => {
    const world = new FakeWorld();
    failTimes(world, 'lookAtRestart', { type });
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world));
    await until('it says so', () => JSON.stringify(heartbeats).includes('the host has not answered since'));
    skipTime(181_000);
    await expect(result).rejects.toMatchObject({ type: 'HostLost', nonRetryable: true });
    expect(changesOf(world)).toEqual([]);
  });

  it('a stop command that fails ends the attempt, for the next one', async () => {
    const world = new FakeWorld();
    failTimes(world, 'requestStop', { type: 'CommandFailed' });
    await expect(runActivity(world, 'restartNode', restartInput(world))).rejects.toMatchObject({
      type: 'CommandFailed',
      nonRetryable: false,
    });
    expect(callsOf(world, 'requestStop 2')).toBe(1);
  });

  it('a failure that is not ours passes as it is', async () => {
    const world = new FakeWorld();
    world.portHooks.set('lookAtRestart', () => {
      throw new TypeError('a bug');
    });
    await expect(runActivity(world, 'restartNode', restartInput(world))).rejects.toThrow('a bug');
  });
});

it('a failure that is not ours leaves a node that is down as a result, too', async () => {
  const world = gone(new FakeWorld());
  world.portHooks.set('bringUp', () => {
    throw new TypeError('a bug');
  });
  expect(await runActivity(world, 'restartNode', restartInput(world))).toMatchObject({
    status: 'failed',
    cause: { type: 'UnexpectedFailure', message: 'a bug' },
    nodeIsDown: true,
  });
});

describe('a definition that is not the one of the plan', () => {
  const edited = 'e'.repeat(64);

  it.each([true, false])('I5: lets nobody stop a node that is up; warm connections: %s', async (isWarm) => {
    const world = new FakeWorld();
    const input = restartInput(world);
    if (isWarm) world.clusters.warm.add(reference.definitionSha256);
    world.definitionSha256 = edited;
    await expect(runActivity(world, 'restartNode', input)).rejects.toMatchObject(
      isWarm ? { type: 'PlanHashMismatch', nonRetryable: true } : { type: 'DefinitionMissing', nonRetryable: false },
    );
    expect(world.log).toEqual([]);
  });

  it('does not keep a node down: the warm connections serve', async () => {
    const world = gone(new FakeWorld());
    const input = restartInput(world);
    world.clusters.warm.add(reference.definitionSha256);
    world.definitionSha256 = edited;
    expect(await runActivity(world, 'restartNode', input, { attempt: 2 })).toMatchObject({ status: 'listening' });
  });
});

it('waits until the session of a broker that died has ended in ZooKeeper', async () => {
  const world = gone(new FakeWorld());
  const { metadata } = world.kafka;
  let registered = true;
  world.kafka.metadata = async (nodeId, signal) => {
    const view = await metadata(nodeId, signal);
    return registered ? { ...view, brokers: [...view.brokers, { id: 2, host: 'b', port: 9092, rack: null }] } : view;
  };
  const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world), { attempt: 2 });
  await until('it waits', () => JSON.stringify(heartbeats).includes('still registered in ZooKeeper'));
  expect(world.changes('start')).toEqual([]);
  registered = false;
  expect(await result).toHaveProperty('status', 'listening');
});

it('tells a refusal of the host in its own words', async () => {
  const world = new FakeWorld();
  world.portHooks.set('bringUp', failing('HostRefused', 'kafka@10.0.0.2:22 refused: sudo wants a password'));
  const result = await runActivity(world, 'restartNode', protocolInput(onNewRelease(world)));
  expect(result).toMatchObject({
    status: 'failed',
    cause: { type: 'HostRefused', message: expect.stringContaining('sudo wants a password') },
  });
});
