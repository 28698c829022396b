import { FakeWorld } from '../../support/fake-world';
import {
  broughtUp,
  callsOf,
  changesOf,
  gone,
  processOf,
  recordOf,
  restarted,
  restartInput,
} from '../../support/restart-input';
import { fence, runActivity, startActivity } from '../../support/run-activity';
import { until } from '../../support/until';

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

  it.each(['run-1/1.20', 'run-1/1.10'])('asks again when restart %s asked in vain', async (id) => {
    const world = new FakeWorld();
    world.node(2).record = recordOf({ id });
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
