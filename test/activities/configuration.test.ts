import { editProperties, readProperties } from '../../src/domain/settings/server-properties';
import { propertiesSha256 } from '../../src/hosts/properties-bytes';
import { UpgradeError } from '../../src/domain/common/failure';
import { FakeWorld } from '../support/fake-world';
import { fence, reference, runActivity } from '../support/run-activity';

const key = 'inter.broker.protocol.version';

const editOf = (world: FakeWorld, nodeId: number, value = '3.7') => {
  const before = world.node(nodeId).properties;
  const changes = [{ key, value }];
  const toSha256 = propertiesSha256(editProperties(before, changes));
  return { changes, fromSha256: propertiesSha256(before), toSha256 };
};

const pin = (world: FakeWorld) => ({
  ...reference,
  fence: fence(),
  nodes: [1, 2, 3].map((nodeId) => ({ nodeId, edit: editOf(world, nodeId) })),
});

describe('backUpConfiguration', () => {
  const input = (world: FakeWorld) => ({
    ...reference,
    fence: fence(),
    label: 'run-1',
    nodes: [...world.nodes.values()].map(({ id, properties }) => ({
      nodeId: id,
      sha256: propertiesSha256(properties),
    })),
  });

  it('backs up every file and tells where', async () => {
    const world = new FakeWorld();
    const { evidence } = await runActivity(world, 'backUpConfiguration', input(world));
    expect(evidence).toHaveLength(3);
    expect(evidence[0]).toMatch(
      /^kafka@10\.0\.0\.1:22: \/etc\/kafka\/server\.properties → .*\/run-1\/.*, sha256 [0-9a-f]{16}…, read back$/,
    );
  });

  it('I9: stops at a file that is not the one of the plan', async () => {
    const world = new FakeWorld();
    const given = input(world);
    world.node(2).properties += '# late\n';
    await expect(runActivity(world, 'backUpConfiguration', given)).rejects.toMatchObject({
      type: 'ConfigDrift',
      nonRetryable: true,
      message: expect.stringContaining('kafka@10.0.0.2:22'),
    });
  });
});

describe('pinProtocol', () => {
  it('pins every file and keeps all else; run again it changes nothing (I4)', async () => {
    const world = new FakeWorld();
    const input = pin(world);
    const { evidence } = await runActivity(world, 'pinProtocol', input);
    expect(evidence).toEqual([1, 2, 3].map((id) => `kafka@10.0.0.${id}:22: ${key}=3.7; replaced`));
    for (const { properties } of world.nodes.values()) {
      expect(readProperties(properties)[key]).toBe('3.7');
      expect(properties).toContain('# kept as it is');
    }
    const again = await runActivity(world, 'pinProtocol', input);
    expect(again.evidence).toEqual(
      [1, 2, 3].map((id) => `kafka@10.0.0.${id}:22: server.properties already as planned`),
    );
    expect(world.changes('file')).toHaveLength(3);
  });

  it('I9: does not touch a file that somebody changed since the plan', async () => {
    const world = new FakeWorld();
    const input = pin(world);
    world.node(1).properties += '# late\n';
    await expect(runActivity(world, 'pinProtocol', input)).rejects.toMatchObject({ type: 'ConfigDrift' });
    expect(world.node(1).properties).not.toContain(key);
  });

  it('I9: does not write what the plan did not foresee', async () => {
    const world = new FakeWorld();
    const input = pin(world);
    const nodes = input.nodes.map(({ nodeId, edit }) => ({ nodeId, edit: { ...edit, toSha256: 'f'.repeat(64) } }));
    await expect(runActivity(world, 'pinProtocol', { ...input, nodes })).rejects.toMatchObject({ type: 'ConfigDrift' });
    expect(world.changes('file')).toEqual([]);
  });
});

describe('configureNode', () => {
  const input = (world: FakeWorld, order: 'file-first' | 'link-first') => ({
    ...reference,
    fence: fence(),
    nodeId: 2,
    edit: editOf(world, 2),
    version: '3.8.1',
    order,
  });

  it.each([
    ['file-first' as const, ['file 2: 3.7', 'link 2: 3.8.1']],
    ['link-first' as const, ['link 2: 3.8.1', 'file 2: 3.7']],
  ])('changes file and link in the order %s', async (order, changes) => {
    const world = new FakeWorld();
    await runActivity(world, 'configureNode', input(world, order));
    expect(world.changes('file', 'link')).toEqual(changes);
  });

  it('I2: never moves the link to the new binary past a file that could not be pinned', async () => {
    const world = new FakeWorld();
    const given = input(world, 'file-first');
    world.node(2).properties += '# late\n';
    await expect(runActivity(world, 'configureNode', given)).rejects.toMatchObject({ type: 'ConfigDrift' });
    expect(world.node(2).link).toBe('3.7.2');
  });

  it('says which keys are removed', async () => {
    const world = new FakeWorld();
    world.node(2).properties += 'log.message.format.version=2.8\n';
    const before = world.node(2).properties;
    const changes = [{ key: 'log.message.format.version', value: null }];
    const toSha256 = propertiesSha256(editProperties(before, changes));
    const edit = { changes, fromSha256: propertiesSha256(before), toSha256 };
    const { evidence } = await runActivity(world, 'configureNode', { ...input(world, 'file-first'), edit });
    expect(evidence[0]).toContain('log.message.format.version removed');
  });

  it('passes on a release that is missing on the host', async () => {
    const world = new FakeWorld();
    world.portHooks.set('switchRelease', () => {
      throw new UpgradeError('ReleaseMissing', 'gone');
    });
    await expect(runActivity(world, 'configureNode', input(world, 'file-first'))).rejects.toMatchObject({
      type: 'ReleaseMissing',
      nonRetryable: true,
    });
  });
});
