import { requireNode } from '../../src/domain/cluster-snapshot';
import { noRisks } from '../../src/domain/risk-facts';
import { findingsOf, mustAccept } from '../../src/domain/plan-checks';
import { partitionOf, viewOf } from '../support/healthy-measurement';
import { hostFacts, runningBroker, setting, snapshot, withNode } from '../support/snapshot';

const find = (given: Parameters<typeof findingsOf>[0], target = '3.8.1') =>
  findingsOf(given, { target, sources: given.hosts.map(() => '3.7.2'), finalization: [], requester: null });

const seen = (given: Parameters<typeof findingsOf>[0], severity: string): string[] =>
  find(given)
    .filter((finding) => finding.severity === severity)
    .map((finding) => `${finding.failure ?? '-'}: ${finding.seen}`);

describe('a healthy cluster', () => {
  it('has no blocker, nothing to accept, and notes on what changes', () => {
    expect(seen(snapshot(), 'blocker')).toEqual([]);
    expect(seen(snapshot(), 'needs-acceptance')).toEqual([]);
    const notes = seen(snapshot(), 'note');
    expect(notes).toContainEqual(expect.stringContaining('inter.broker.protocol.version is not set on broker 1, 2, 3'));
    expect(notes).toContainEqual(expect.stringMatching(/Kafka 3\.8/));
  });

  it('says of every finding what was seen, why it matters, what to do and where the rule is from', () => {
    for (const { seen: what, why, action, source } of find(snapshot())) {
      for (const words of [what, why, action, source]) expect(words.trim()).not.toBe('');
    }
  });

  it('does not mention a pin that is set', () => {
    const running = runningBroker();
    const pinned = { ...running, config: { 'inter.broker.protocol.version': setting('3.7') } };
    const given = [1, 2, 3].reduce((base, id) => withNode(id, { running: pinned }, base), snapshot());
    expect(seen(given, 'note').filter((note) => note.includes('is not set'))).toEqual([]);
  });
});

describe('blockers', () => {
  const ids = [1, 2, 3];
  const views = (registered: number[], clusterId = 'cluster-A') =>
    ids.map((id) => ({ ...viewOf(id, registered, [partitionOf('orders', [1, 2, 3])]), clusterId }));

  it.each<[string, Parameters<typeof findingsOf>[0], string]>([
    [
      'a broker that is not registered',
      snapshot({ views: views([1, 2]) }),
      'NodeUnhealthy: Broker 3 of the definition',
    ],
    ['a broker that is not defined', snapshot({ views: views([1, 2, 3, 4]) }), 'InvalidDefinition: Broker 4 is online'],
    [
      'brokers of two clusters',
      snapshot({ views: [...views(ids).slice(0, 2), ...views(ids, 'cluster-B').slice(2)] }),
      'InvalidDefinition: The brokers belong to different clusters: 1 → cluster-A, 2 → cluster-A, 3 → cluster-B',
    ],
    [
      'a host with another broker',
      withNode(2, { host: { properties: 'broker.id=7\nzookeeper.connect=zk\n' } }),
      'WrongNodeOnHost: Host of broker 2 (kafka-2) has broker.id=7',
    ],
    [
      'a host with another node.id',
      withNode(2, { host: { properties: 'node.id=7\nzookeeper.connect=zk\n' } }),
      'WrongNodeOnHost: Host of broker 2 (kafka-2) has broker.id=7',
    ],
    [
      'a KRaft file',
      withNode(2, { host: { properties: 'process.roles=broker\nnode.id=2\n' } }),
      'InvalidDefinition: Host of broker 2 (kafka-2): /etc/kafka/server.properties is not the file of a ZooKeeper broker',
    ],
    [
      'a file without ZooKeeper',
      withNode(2, { host: { properties: 'broker.id=2\n' } }),
      'is not the file of a ZooKeeper broker',
    ],
    ['a host without its process', withNode(2, { host: { process: null } }), 'WrongNodeOnHost: Host of broker 2'],
    [
      'a release that is no link',
      withNode(2, { host: { currentRelease: null } }),
      'InvalidDefinition: Host of broker 2',
    ],
    [
      'a release that is missing',
      withNode(2, { host: { targetRelease: null } }),
      'ReleaseMissing: Host of broker 2 (kafka-2): /opt/kafka_2.13-3.8.1 is not there',
    ],
    [
      'a release that is another one',
      withNode(2, { host: { targetRelease: { directory: '/x', version: '3.8.0' } } }),
      'holds version 3.8.0',
    ],
    [
      'a release that cannot be told',
      withNode(2, { host: { targetRelease: { directory: '/x', version: null } } }),
      'holds version unknown',
    ],
    [
      'a version that cannot be measured',
      withNode(2, { running: { ...runningBroker({ version: null }), versionTrouble: 'connection refused' } }),
      'NodeUnhealthy: The version that broker 2 runs cannot be read over JMX (connection refused)',
    ],
    [
      'a version that cannot be measured for no known reason',
      withNode(2, { running: runningBroker({ version: null }) }),
      '(no sample)',
    ],
    ['a Java that is too old', withNode(2, { host: { javaVersion: '1.7.0_80' } }), 'Java'],
  ])('%s', (_, given, words) => {
    expect(seen(given, 'blocker')).toContainEqual(expect.stringContaining(words));
  });

  it('a file without any id is not held against its host', () => {
    const given = withNode(2, { host: { properties: 'zookeeper.connect=zk\n' } });
    expect(seen(given, 'blocker')).toEqual([]);
  });

  it('a target without ZooKeeper mode is refused', () => {
    expect(find(snapshot(), '4.0.0')[0]).toMatchObject({ severity: 'blocker', failure: 'UnsupportedUpgradePath' });
  });

  it('come once for each host', () => {
    const given = snapshot({ hosts: [1, 2, 3].map((id) => hostFacts(id, { targetRelease: null })) });
    expect(seen(given, 'blocker')).toHaveLength(3);
  });
});

describe('risks', () => {
  it('are partitions that are sick now, each counted once', () => {
    const partitions = [
      { ...partitionOf('orders', [1, 2, 3]), leader: null, isr: [1] },
      { ...partitionOf('orders', [1, 2, 3], 1), isr: [1, 2] },
    ];
    const given = snapshot({ views: [viewOf(1, [1, 2, 3], partitions)] });
    expect(seen(given, 'warning')).toContainEqual(
      expect.stringContaining(
        '2 partitions are offline or under-replicated now, 1 of them under min.insync.replicas: orders-0, orders-1.',
      ),
    );
  });

  it('are topics without room for a restart', () => {
    const partitions = [partitionOf('b', [1]), partitionOf('a', [1, 2]), partitionOf('c', [1, 2, 3])];
    const given = snapshot({
      views: [viewOf(1, [1, 2, 3], partitions)],
      minInsyncReplicas: { a: 2, b: 1, c: 2 },
    });
    expect(mustAccept(given, '3.8.1')).toEqual(['a', 'b']);
    expect(seen(given, 'needs-acceptance')[0]).toContain('2 topics cannot keep min.insync.replicas');
  });

  it('are none where nobody answered', () => {
    expect(mustAccept(snapshot({ views: [] }), '3.8.1')).toEqual([]);
    expect(seen(snapshot({ views: [] }), 'warning')).toEqual([]);
  });
});

describe('clients that the target would cut off', () => {
  it('are accepted by a name of their own, and only where the target is 4.0 or later', () => {
    const deprecated = [
      { nodeId: 1, request: 'Produce', version: 2, clientName: 'old', clientVersion: '0.9', count: 7 },
    ];
    const risks = { ...noRisks, clients: { 1: { software: [], deprecated } } };
    expect(mustAccept(snapshot({ views: [], risks }), '4.0.0')).toEqual(['deprecated-clients']);
    expect(mustAccept(snapshot({ views: [], risks }), '3.9.2')).toEqual([]);
  });
});

describe('a snapshot', () => {
  it('knows every host that it tells of', () => {
    const { nodes } = snapshot();
    expect(requireNode({ nodes }, 1).id).toBe(1);
    expect(() => requireNode({ nodes }, 9)).toThrow('node 9, which is not in its definition');
  });
});
