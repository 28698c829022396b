import { FakeWorld } from '../support/fake-world';
import { reference, runActivity } from '../support/run-activity';

const input = { ...reference, nodeId: 2, roles: ['broker' as const], logDirectories: ['/var/lib/kafka'] };

describe('I4: finishStop', () => {
  it('leaves a process alone that nobody asked to stop, also one that runs beside an old mark', async () => {
    const world = new FakeWorld();
    expect(await runActivity(world, 'finishStop', input)).toEqual({ status: 'not-asked' });
    world.node(2).stopAsked = { pid: 7, startTicks: 1 };
    expect(await runActivity(world, 'finishStop', input)).toEqual({ status: 'not-asked' });
    expect(world.log).toEqual([]);
  });

  it('leaves a node alone that ended without being asked to', async () => {
    const world = new FakeWorld();
    world.node(2).process = null;
    expect(await runActivity(world, 'finishStop', input)).toEqual({ status: 'not-asked' });
  });

  it('reads the traces of a process that was asked and is gone', async () => {
    const world = new FakeWorld();
    world.node(2).stopAsked = { pid: 102, startTicks: 1 };
    Object.assign(world.node(2), { process: null, cleanMarker: true });
    expect(await runActivity(world, 'finishStop', input)).toMatchObject({ status: 'stopped', stopMs: 0, clean: true });
  });

  it('waits for a process that was asked, and says when it does not end', async () => {
    const world = new FakeWorld({ policy: { stopTimeoutMs: 20 } });
    world.node(2).stopAsked = { pid: 102, startTicks: 1 };
    const process = { pid: 102, startTicks: 1 };
    expect(await runActivity(world, 'finishStop', input)).toMatchObject({ status: 'still-stopping', process });
  });
});
