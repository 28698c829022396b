import { UpgradeError } from '../../src/domain/common/failure';
import type { LevelsFound } from '../../src/domain/upgrade/judge-way-back';
import { FakeWorld } from '../support/fake-world';
import { reference, runActivity } from '../support/run-activity';

const read = (world: FakeWorld, release = '3.7.2'): Promise<LevelsFound> =>
  runActivity<'readLevels'>(world, 'readLevels', { ...reference, release });

const silent = (method: string, ...nodes: number[]): [string, (nodeId: number) => void] => [
  method,
  (nodeId) => {
    if (nodes.includes(nodeId)) throw new UpgradeError('BrokerUnreachable', `${nodeId} is silent`);
  },
];

describe('the levels of a ZooKeeper cluster', () => {
  it('are what every broker speaks, and what every file says', async () => {
    const world = new FakeWorld();
    expect(await read(world)).toEqual({
      finalized: {},
      offset: null,
      check: {
        name: 'levels in force',
        status: 'successful',
        message: '3.7.2 knows every level in force: inter.broker.protocol.version 3.7-IV4 (broker 1 and 2 more)',
      },
    });
    const { process } = world.node(2);
    if (process !== null) process.protocol = '3.8-IV0';
    expect((await read(world)).check).toMatchObject({
      status: 'failed',
      message: 'inter.broker.protocol.version is 3.8-IV0 (read from broker 2), and 3.7.2 knows none after 3.7',
    });
  });

  it('are those of a file, too: what a broker speaks after its next start', async () => {
    const world = new FakeWorld();
    world.node(3).properties += 'inter.broker.protocol.version=3.8\n';
    expect((await read(world)).check).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('3.8 (read from /etc/kafka/server.properties of broker 3 on kafka@10.0.0.3:22)'),
    });
  });

  it('do without a broker that has no process, but not without its file', async () => {
    const world = new FakeWorld();
    world.node(3).process = null;
    expect((await read(world)).check.status).toBe('successful');
    world.node(3).properties += 'inter.broker.protocol.version=3.8\n';
    expect((await read(world)).check.status).toBe('failed');
  });

  it('are not known while a broker runs and does not tell, whatever its file says', async () => {
    const world = new FakeWorld();
    world.deaf.add(2);
    expect((await read(world)).check).toMatchObject({
      status: 'inconclusive',
      message:
        'the levels in force cannot be read: broker 2 on kafka@10.0.0.2:22 runs, but does not tell what it speaks: broker 2 refused the connection',
    });
  });

  it('are not known while a host cannot be looked at', async () => {
    const world = new FakeWorld();
    world.portHooks.set(...silent('readProperties', 1));
    world.portHooks.set(...silent('findProcess', 3));
    world.node(3).process = null;
    const { status, message } = (await read(world)).check;
    expect(status).toBe('inconclusive');
    expect(message).toContain('server.properties of broker 1 on kafka@10.0.0.1:22: 1 is silent');
    expect(message).toContain('broker 3 on kafka@10.0.0.3:22: 3 is silent');
  });

  it('that fail to be read for reasons of ours fail the step', async () => {
    const world = new FakeWorld();
    world.portHooks.set('brokerConfig', () => {
      throw new Error('a slip of ours');
    });
    await expect(read(world)).rejects.toThrow('a slip of ours');
  });
});

describe('the levels of a KRaft cluster', () => {
  const kraft = (): FakeWorld => new FakeWorld({ mode: 'kraft', releases: ['3.7.2', '3.9.2'] });

  it('are its finalized features, with the end of the metadata log that they lie below', async () => {
    const world = kraft();
    world.features = { 'metadata.version': 19 };
    expect(await read(world)).toMatchObject({
      finalized: { 'metadata.version': 19 },
      offset: 100,
      check: { status: 'successful' },
    });
    world.features = { 'metadata.version': 21, 'kraft.version': 1 };
    expect((await read(world)).check).toMatchObject({
      status: 'failed',
      message:
        'metadata.version is 3.9-IV0 (read from broker 1), and 3.7.2 knows none after 3.7-IV4; kraft.version is 1 (read from broker 1), and 3.7.2 does not know that feature',
    });
  });

  it('are told by any node that answers', async () => {
    const world = kraft();
    world.features = { 'metadata.version': 21 };
    world.portHooks.set(...silent('features', 1, 2));
    expect((await read(world)).check.message).toContain('read from broker 3');
  });

  it('are not known when nobody tells them, or where the metadata log ends', async () => {
    const world = kraft();
    world.features = { 'metadata.version': 19 };
    world.portHooks.set(...silent('features', 1, 2, 3));
    expect(await read(world)).toMatchObject({
      finalized: {},
      check: {
        status: 'inconclusive',
        message: expect.stringContaining('no node tells the finalized metadata.version; 1 is silent'),
      },
    });
    world.portHooks.clear();
    world.portHooks.set(...silent('quorum', 1, 2, 3));
    const { offset, check } = await read(world);
    expect(offset).toBeNull();
    expect(check).toMatchObject({
      status: 'inconclusive',
      message: expect.stringContaining('the end of the metadata log: asked through broker 1: 1 is silent'),
    });
    world.portHooks.clear();
    world.features = {};
    expect((await read(world)).check.status).toBe('inconclusive');
  });
});
