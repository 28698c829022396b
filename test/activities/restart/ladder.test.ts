import { UpgradeError } from '../../../src/domain/common/failure';
import { FakeWorld } from '../../support/fake-world';
import {
  broughtUp,
  callsOf,
  changesOf,
  failTimes,
  gone,
  onNewRelease,
  protocolInput,
  restartInput,
} from '../../support/restart-input';
import { reference, runActivity, startActivity } from '../../support/run-activity';
import { until } from '../../support/until';
import type * as SkippedTime from '../../support/skipped-time';
import { skipTime } from '../../support/skipped-time';

jest.mock('../../../src/activities/poll', () =>
  jest.requireActual<typeof SkippedTime>('../../support/skipped-time').skippingPoll(),
);

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

describe('a start that failed once and works all the same', () => {
  it('has a patience of its own when it is given again later', async () => {
    const world = gone(new FakeWorld({ policy: { startTimeoutMs: 3_600_000 } }));
    let tries = 0;
    world.portHooks.set('bringUp', () => {
      tries += 1;
      if (tries > 2) return;
      if (tries === 1) world.node(2).starting = true;
      throw new UpgradeError('CommandFailed', 'lost');
    });
    const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world), { attempt: 2 });
    await until('it waits', () => JSON.stringify(heartbeats).includes('the start command of broker 2 still works'));
    skipTime(181_000);
    world.node(2).starting = false;
    expect(await result).toMatchObject({ status: 'listening' });
    expect(tries).toBe(3);
  });
});

describe('a stop whose end cannot be waited for', () => {
  it.each(['CommandTimedOut', 'CommandFailed'] as const)(
    'by %s ends the restart after three minutes, though the host answers in between; the node may be down',
    async (type) => {
      const world = new FakeWorld();
      world.node(2).onStop = 'hang';
      failTimes(world, 'awaitStop', { type });
      const { result } = startActivity(world, 'restartNode', restartInput(world));
      await until('it was waited for twice', () => callsOf(world, 'awaitStop 2') > 1);
      skipTime(181_000);
      const cause = type === 'CommandFailed' ? type : 'HostLost';
      expect(await result).toMatchObject({ status: 'failed', cause: { type: cause }, nodeIsDown: true });
    },
  );

  it('begins anew with every sign of life', async () => {
    const world = new FakeWorld();
    world.node(2).onStop = 'hang';
    let waits = 0;
    world.portHooks.set('awaitStop', () => {
      waits += 1;
      if (waits === 1) throw new UpgradeError('CommandFailed', 'lost');
    });
    const { result } = startActivity(world, 'restartNode', restartInput(world));
    await until('it waits', () => waits > 1);
    expect(await result).toMatchObject({ cause: { type: 'StopTimedOut' } });
  });
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
  let registered = true;
  world.kafka.metadata = (nodeId) => {
    const view = world.view(nodeId);
    const ghost = registered ? [{ id: 2, host: 'b', port: 9092, rack: null }] : [];
    return Promise.resolve({ ...view, brokers: [...view.brokers, ...ghost] });
  };
  const { result, heartbeats } = startActivity(world, 'restartNode', restartInput(world), { attempt: 2 });
  await until('it waits', () => JSON.stringify(heartbeats).includes('still registered in ZooKeeper'));
  expect(world.changes('start')).toEqual([]);
  registered = false;
  expect(await result).toHaveProperty('status', 'listening');
});

it('tells a refusal of the host in its own words', async () => {
  const world = new FakeWorld();
  world.portHooks.set('bringUp', () => {
    throw new UpgradeError('HostRefused', 'kafka@10.0.0.2:22 refused: sudo wants a password');
  });
  const result = await runActivity(world, 'restartNode', protocolInput(onNewRelease(world)));
  expect(result).toMatchObject({
    status: 'failed',
    cause: { type: 'HostRefused', message: expect.stringContaining('sudo wants a password') },
  });
});
