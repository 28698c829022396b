import { propertiesSha256 } from '../../src/hosts/properties-bytes';
import { UpgradeError } from '../../src/domain/common/failure';
import { FakeWorld } from '../support/fake-world';
import { reference, runActivity } from '../support/run-activity';
import { request } from '../support/snapshot';

const wanted = (world: FakeWorld) => ({
  ...reference,
  nodes: [...world.nodes.values()].map(({ id, properties }) => ({
    nodeId: id,
    version: '3.7.2',
    protocol: '3.7',
    sha256: propertiesSha256(properties),
  })),
});

describe('verifyNodes', () => {
  it('finds nothing where every node is as planned, and shows what it read', async () => {
    const world = new FakeWorld();
    const { problems, evidence } = await runActivity(world, 'verifyNodes', wanted(world));
    expect(problems).toEqual([]);
    expect(evidence[0]).toMatch(/^broker 1: version 3\.7\.2, protocol 3\.7-IV4, server\.properties [0-9a-f]{8}$/);
  });

  it('I2: tells every node that runs another version or protocol, or cannot be measured', async () => {
    const world = new FakeWorld();
    const input = wanted(world);
    world.node(1).process = { pid: 1, startTicks: 1, version: '3.6.0', protocol: '3.6', stopping: false };
    world.node(2).underReplicated = null;
    const { problems, evidence } = await runActivity(world, 'verifyNodes', input);
    expect(problems).toEqual([
      { type: 'WrongRelease', message: 'broker 1 runs 3.6.0, not 3.7.2' },
      { type: 'WrongProtocol', message: 'broker 1 speaks protocol 3.6, not 3.7' },
      { type: 'NodeUnhealthy', message: 'broker 2 runs an unmeasurable version, not 3.7.2' },
    ]);
    expect(evidence[1]).toContain('version ?');
  });

  it('I9: tells a file that was changed by somebody else', async () => {
    const world = new FakeWorld();
    const input = wanted(world);
    world.node(3).properties += '# ansible\n';
    const { problems } = await runActivity(world, 'verifyNodes', input);
    expect(problems).toEqual([
      { type: 'ConfigDrift', message: expect.stringContaining('kafka@10.0.0.3:22 was changed by somebody else') },
    ]);
  });

  it('passes on a broker that does not answer, as retryable', async () => {
    const world = new FakeWorld();
    world.node(3).process = null;
    await expect(runActivity(world, 'verifyNodes', wanted(world))).rejects.toMatchObject({
      type: 'BrokerUnreachable',
      nonRetryable: false,
    });
  });
});

describe('probeDisasterRecovery', () => {
  it.each([
    [0, true],
    [1, false],
  ])('passes by its exit code %i alone, and shows the output', async (exitCode, passed) => {
    const world = new FakeWorld({ probe: true });
    world.probeExitCode = exitCode;
    expect(await runActivity(world, 'probeDisasterRecovery', reference)).toEqual({
      passed,
      evidence: [`kafka@10.0.0.1:22: \`check-dr\` ended with exit code ${exitCode}: output of check-dr`],
    });
  });

  it('does not pass without a probe', async () => {
    expect(await runActivity(new FakeWorld(), 'probeDisasterRecovery', reference)).toHaveProperty('passed', false);
  });
});

it('reportClients adds up the connections of each kind of client over all brokers', async () => {
  const world = new FakeWorld();
  const python = { listener: 'SSL', name: 'librdkafka', version: '2.3.0', connections: 1 };
  const java = { listener: 'PLAINTEXT', name: 'apache-kafka-java', version: '3.4.0', connections: 2 };
  world.gauges.clients = (nodeId) => {
    const software = nodeId === 1 ? [java, python] : [java];
    return Promise.resolve({ software: software.map((client) => ({ nodeId, ...client })), deprecated: [] });
  };
  expect(await runActivity(world, 'reportClients', reference)).toEqual({
    evidence: [
      'apache-kafka-java 3.4.0 on listener PLAINTEXT: 6 connections, on brokers 1, 2, 3',
      'librdkafka 2.3.0 on listener SSL: 1 connections, on brokers 1',
    ],
  });
});

describe('planUpgrade', () => {
  it('gives the plan, its hash, and the search attributes that may be upserted', async () => {
    const world = new FakeWorld();
    world.searchAttributes = ['KafkaCluster'];
    const { plan, planHash, searchAttributes } = await runActivity(world, 'planUpgrade', { request });
    expect(plan).toMatchObject({ cluster: 'orders-prod', fromVersion: '3.7.2', toProtocol: '3.8', canary: 2 });
    expect(planHash).toMatch(/^[0-9a-f]{64}$/);
    expect(searchAttributes).toEqual(['KafkaCluster']);
  });

  it('makes the same plan with the same hash from the same cluster', async () => {
    const hashes = await Promise.all(
      [1, 2].map(async () => (await runActivity(new FakeWorld(), 'planUpgrade', { request })).planHash),
    );
    expect(hashes[0]).toBe(hashes[1]);
  });

  it.each([
    ['UnknownCluster', { ...request, cluster: 'other' }, true],
    ['InvalidRequest', { ...request, target: 'newest' }, true],
    ['InvalidRequest', { ...request, canary: 9 }, true],
  ])('fails with %s, for good', async (type, given, nonRetryable) => {
    await expect(runActivity(new FakeWorld(), 'planUpgrade', { request: given })).rejects.toMatchObject({
      type,
      nonRetryable,
    });
  });

  it.each([
    ['a host that cannot be reached', 'inspect', 'SshUnreachable'],
    ['no broker that answers', 'metadata', 'BrokerUnreachable'],
  ])('fails, to be tried again, for %s', async (_, method, type) => {
    const world = new FakeWorld();
    world.portHooks.set(method, () => {
      throw new UpgradeError(type as 'SshUnreachable', 'no answer');
    });
    await expect(runActivity(world, 'planUpgrade', { request })).rejects.toMatchObject({ type, nonRetryable: false });
  });

  it('makes a plan although one broker gives no view', async () => {
    const world = new FakeWorld();
    world.portHooks.set('metadata', (nodeId) => {
      if (nodeId === 1) throw new UpgradeError('BrokerUnreachable', 'busy');
    });
    expect(await runActivity(world, 'planUpgrade', { request })).toHaveProperty('plan.nodes.length', 3);
  });
});
