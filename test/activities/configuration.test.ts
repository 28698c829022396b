import { editProperties, readProperties } from '../../src/domain/settings/server-properties';
import { propertiesSha256 } from '../../src/hosts/properties-bytes';
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
