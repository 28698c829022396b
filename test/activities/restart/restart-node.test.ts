import { FakeWorld } from '../../support/fake-world';
import { broughtUp, changesOf, failTimes, recordOf, restarted, restartInput } from '../../support/restart-input';
import { runActivity, startActivity } from '../../support/run-activity';
import { until } from '../../support/until';

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
    expect(changesOf(world)).toEqual(['stop 2: 3.7.2', 'start 2: 3.7.2 at 3.7-IV4']);
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
