/** `finishing`: a call that only carries on what an earlier one of the same restart has begun. */
import { FakeWorld } from '../../support/fake-world';
import { processOf, recordOf, restartInput } from '../../support/restart-input';
import { runActivity, startActivity } from '../../support/run-activity';
import { until } from '../../support/until';

const finishing = (world: FakeWorld) => restartInput(world, { finishing: true });

describe('I4: a call that finishes a restart', () => {
  it('leaves a process alone that nobody asked to stop, also one that runs beside the record of another restart', async () => {
    const world = new FakeWorld();
    expect(await runActivity(world, 'restartNode', finishing(world))).toEqual({ status: 'not-asked', evidence: [] });
    world.node(2).record = recordOf({ id: 'run-1/1.10', asked: { pid: 7, startTicks: 1 } });
    expect(await runActivity(world, 'restartNode', finishing(world))).toEqual({ status: 'not-asked', evidence: [] });
    expect(world.log).toEqual([]);
  });

  it('leaves a process alone that was asked by another restart', async () => {
    const world = new FakeWorld();
    world.node(2).record = recordOf({ id: 'run-1/1.10' });
    expect(await runActivity(world, 'restartNode', finishing(world))).toHaveProperty('status', 'not-asked');
    expect(world.log).toEqual([]);
  });

  it('leaves a node alone that ended without being asked to', async () => {
    const world = new FakeWorld();
    world.node(2).process = null;
    expect(await runActivity(world, 'restartNode', finishing(world))).toHaveProperty('status', 'not-asked');
    expect(world.log).toEqual([]);
  });

  it('leaves a process alone that a person started in the place of the one that was asked', async () => {
    const world = new FakeWorld();
    world.node(2).record = recordOf({ asked: { pid: 7, startTicks: 1 } });
    expect(await runActivity(world, 'restartNode', finishing(world))).toHaveProperty('status', 'not-asked');
    expect(world.log).toEqual([]);
  });

  it('reads the traces of a process that was asked and is gone, and brings the node up', async () => {
    const world = new FakeWorld();
    Object.assign(world.node(2), { process: null, cleanMarker: true, record: recordOf() });
    expect(await runActivity(world, 'restartNode', finishing(world))).toMatchObject({
      status: 'listening',
      stop: { stopMs: 0, clean: true },
      putBack: null,
    });
    expect(world.changes()).toEqual(['file 2: 3.7', 'link 2: 3.8.1', 'start 2: 3.8.1 at 3.7']);
  });

  it('waits for a process that was asked, though the cluster is healthy, and brings the node up', async () => {
    const world = new FakeWorld({ policy: { stopTimeoutMs: 60_000 } });
    Object.assign(world.node(2), { onStop: 'hang', record: recordOf({ asked: processOf(world.node(2)) }) });
    const { result } = startActivity(world, 'restartNode', finishing(world));
    await until('it waits for the exit', () => world.portCalls.includes('awaitStop 2'));
    Object.assign(world.node(2), { process: null, cleanMarker: true });
    expect(await result).toMatchObject({ status: 'listening', stop: { clean: true } });
    expect(world.changes('stop')).toEqual([]);
  });

  it('says when that process does not end', async () => {
    const world = new FakeWorld({ policy: { stopTimeoutMs: 20 } });
    world.node(2).record = recordOf();
    expect(await runActivity(world, 'restartNode', finishing(world))).toMatchObject({
      status: 'failed',
      cause: { type: 'StopTimedOut' },
      nodeIsDown: true,
      stop: null,
    });
  });

  it('carries a start to its end that this restart has given to a node that was down before', async () => {
    const world = new FakeWorld();
    Object.assign(world.node(2), {
      process: null,
      record: recordOf({ asked: null, launches: [{ aim: 'planned', version: '3.8.1', started: null }] }),
    });
    expect(await runActivity(world, 'restartNode', finishing(world))).toHaveProperty('status', 'listening');
    expect(world.changes('start')).toHaveLength(1);
  });
});
