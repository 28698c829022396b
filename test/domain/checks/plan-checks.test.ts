import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import { requireNode } from '../../../src/domain/checks/cluster-snapshot';
import { blocker, needsAcceptance, note } from '../../../src/domain/checks/finding';
import type { Finding } from '../../../src/domain/checks/finding';
import { noRisks } from '../../../src/domain/checks/risk-facts';
import { findingsOf, mustAccept } from '../../../src/domain/checks/plan-checks';
import { partitionOf, quorumOf, viewOf } from '../../support/healthy-measurement';
import { hostFacts, kraftSnapshot, runningBroker, setting, snapshot, withNode } from '../../support/snapshot';

const find = (given: ClusterSnapshot, target = '3.8.1') =>
  findingsOf(given, {
    target,
    sources: given.hosts.map(() => '3.7.2'),
    finalization: [],
    requester: null,
    takeOver: false,
  });

const seen = (given: ClusterSnapshot, severity: string, target?: string): string[] =>
  find(given, target)
    .filter((finding) => finding.severity === severity)
    .map((finding) => `${finding.failure ?? '-'}: ${finding.seen}`);

const controllerNode = { roles: ['controller' as const], address: 'kafka@10.0.0.9:22', kafka: '10.0.0.9:9093' };

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
  it.each<[string, ClusterSnapshot, string]>([
    [
      'a host with another broker',
      withNode(2, { host: { properties: 'broker.id=7\nzookeeper.connect=zk\n' } }),
      'WrongNodeOnHost: Host of broker 2 (kafka-2) has broker.id=7',
    ],
    [
      'a host with another node.id',
      withNode(2, { host: { properties: 'node.id=7\nzookeeper.connect=zk\n' } }),
      'WrongNodeOnHost: Host of broker 2 (kafka-2) has node.id=7',
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

  it('names the host of a controller as that of a controller', () => {
    const base = withNode(2, { host: { javaVersion: '1.7.0_80' } });
    const nodes = base.nodes.map((node) => (node.id === 2 ? { ...controllerNode, id: 2 } : node));
    expect(seen({ ...base, nodes }, 'blocker')).toContain(
      'UnsupportedUpgradePath: The host of controller 2 has Java 7.',
    );
  });

  it('come once for each host', () => {
    const given = snapshot({ hosts: [1, 2, 3].map((id) => hostFacts(id, { targetRelease: null })) });
    expect(seen(given, 'blocker')).toHaveLength(3);
  });
});

describe('risks', () => {
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

describe('who belongs to the cluster', () => {
  const registered = (ids: number[]): ClusterSnapshot =>
    snapshot({ views: [viewOf(1, ids, [partitionOf('orders', [1, 2, 3])])] });

  it.each<[string, ClusterSnapshot, Finding]>([
    [
      'a broker of the definition that is down',
      registered([1, 2]),
      blocker('NodeUnhealthy', {
        seen: 'Broker 3 of the definition is not registered; online are 1, 2.',
        why: 'No broker may be stopped while another is down.',
        action: 'Start broker 3 and wait until it is in sync, or correct the definition.',
        source: 'design rule: one at a time',
      }),
    ],
    [
      'a broker that nobody defined',
      registered([1, 2, 3, 4]),
      blocker('InvalidDefinition', {
        seen: 'Broker 4 is online but is not in the definition.',
        why: 'It would stay on the old version: a mixed cluster for good.',
        action: 'Make the cluster definition and the cluster agree.',
        source: 'Kafka documentation, "Upgrading"',
      }),
    ],
    [
      'brokers of another cluster',
      snapshot({
        views: snapshot().views.map((view) => (view.observedBy === 3 ? { ...view, clusterId: 'cluster-B' } : view)),
      }),
      blocker('InvalidDefinition', {
        seen: 'The brokers belong to different clusters: 1 → cluster-A, 2 → cluster-A, 3 → cluster-B.',
        why: 'One definition must describe one cluster.',
        action: 'Correct `nodes` in the definition.',
        source: 'Metadata response, cluster id',
      }),
    ],
  ])('%s stops the upgrade', (_what, given, finding) => {
    expect(find(given).filter(({ severity }) => severity === 'blocker')).toEqual([finding]);
  });

  it('is known by every broker that answered: one cache may be behind', () => {
    const views = [viewOf(1, [1, 2], []), viewOf(2, [2, 3], [])];
    expect(seen(snapshot({ views }), 'blocker')).toEqual([]);
  });

  it('are brokers only: controllers of their own register elsewhere', () => {
    const base = kraftSnapshot();
    const nodes = [...base.nodes, ...[101, 102, 103].map((id) => ({ ...controllerNode, id }))];
    const quorum = quorumOf([1, 2, 3, 101, 102, 103]);
    const registrations = { brokers: [1, 2, 3], controllers: [1, 2, 3, 101, 102, 103] };
    expect(seen({ ...base, nodes, quorum, registered: registrations }, 'blocker', '4.3.0')).toEqual([]);
  });
});

describe('what cannot be measured', () => {
  it('is not healthy, and the finding says how to make it measurable', () => {
    const running = { ...runningBroker({ version: null }), versionTrouble: 'connection refused' };
    expect(find(withNode(2, { running })).filter(({ severity }) => severity === 'blocker')).toEqual([
      blocker('NodeUnhealthy', {
        seen: 'The version that broker 2 runs cannot be read over JMX (connection refused).',
        why: 'Gates need the gauges of every broker; what cannot be measured is not healthy.',
        action:
          'Enable JMX on the node (JMX_PORT) and check its `jmx` in the definition, or the agent that `gauges` names.',
        source: 'kafka.server:type=app-info, attribute Version',
      }),
    ]);
  });

  it('is named once: where no broker runs, that is the finding', () => {
    const silent = withNode(2, { running: runningBroker({ version: null }), host: { process: null } });
    expect(seen(silent, 'blocker')).toEqual([
      'WrongNodeOnHost: Host of broker 2 (kafka-2) runs no Kafka process with /etc/kafka/server.properties.',
    ]);
  });

  it('may be a broker that was never asked', () => {
    const { running } = snapshot();
    const { 2: _, ...others } = running;
    expect(seen(snapshot({ running: others }), 'blocker')).toEqual([
      'NodeUnhealthy: The version that broker 2 runs cannot be read over JMX (no sample).',
    ]);
  });
});

describe('topics without room for a restart', () => {
  const given = snapshot({
    views: [viewOf(1, [1, 2, 3], [partitionOf('b', [1]), partitionOf('a', [1, 2]), partitionOf('c', [1, 2, 3])])],
    minInsyncReplicas: { a: 2, b: 1, c: 2 },
  });

  it('are asked for by name', () => {
    expect(find(given).find(({ severity }) => severity === 'needs-acceptance')).toEqual(
      needsAcceptance({
        seen: '2 topics cannot keep min.insync.replicas while one broker restarts: a, b.',
        why: 'Their replication factor is 1, or not above min.insync.replicas: producers (and for one replica, consumers) of these partitions will wait or fail during the restart of each broker that holds one.',
        action: 'Raise their replication factor first, or accept them by name in the approval of the plan.',
        source: 'KIP-966; min.insync.replicas',
      }),
    );
  });

  it.each<[string, ClusterSnapshot, string, string[]]>([
    ['topics alone', given, '3.8.1', ['a', 'b']],
    ['nothing in a whole cluster', snapshot(), '3.8.1', []],
    ['nothing of a quorum of three', kraftSnapshot(), '4.3.0', []],
    ['a quorum of two', kraftSnapshot({ quorum: quorumOf([1, 2]) }), '4.3.0', ['controller-quorum']],
    ['no quorum that cannot be read: that is a blocker', kraftSnapshot({ quorum: null }), '4.3.0', []],
    [
      'topics, then the quorum',
      kraftSnapshot({ quorum: quorumOf([1]), minInsyncReplicas: { orders: 3 } }),
      '4.3.0',
      ['orders', 'controller-quorum'],
    ],
  ])('and the rest that no roll protects are to be accepted: %s', (_what, asked, target, names) => {
    expect(mustAccept(asked, target)).toEqual(names);
  });
});

describe('a protocol that is not pinned', () => {
  it('is noted: it would be raised by the first new binary', () => {
    expect(find(snapshot()).find(({ seen: words }) => words.startsWith('inter.broker'))).toEqual(
      note({
        seen: 'inter.broker.protocol.version is not set on broker 1, 2, 3.',
        why: 'Unset, it defaults to the newest level of whatever binary starts: the first new binary would speak the new protocol and could not go back.',
        action: 'Nothing: it is pinned on every host before the first stop.',
        source: 'kafka.server.KafkaConfig, inter.broker.protocol.version',
      }),
    );
  });

  it.each<[string, ClusterSnapshot]>([
    ['on KRaft, where it means nothing', kraftSnapshot()],
    ['of brokers that nobody asked', snapshot({ running: {} })],
  ])('is not noted %s', (_what, given) => {
    expect(seen(given, 'note').filter((words) => words.includes('is not set on broker'))).toEqual([]);
  });
});

describe('the findings of a plan', () => {
  it('have the gravest first, and keep the order of the checks within a severity', () => {
    const given = withNode(
      2,
      { host: { targetRelease: null, managers: ['puppet'] } },
      snapshot({ minInsyncReplicas: {} }),
    );
    expect(find(given).map(({ severity, seen: words }) => `${severity}: ${words.split(/[ :;]/)[0]}`)).toEqual([
      'blocker: Host',
      'needs-acceptance: 1',
      'warning: Configuration',
      'note: inter.broker.protocol.version',
      'note: Kafka',
    ]);
  });

  it('ask nobody to install a release that the cluster must not go to', () => {
    const hosts = [1, 2, 3].map((id) => hostFacts(id, { targetRelease: null }));
    const given = snapshot({ hosts, waysBack: [{ nodeId: 2, version: '3.7.2', release: null }] });
    const blockers = find(given, '4.0.2').filter(({ severity }) => severity === 'blocker');
    expect(blockers.map(({ failure }) => failure)).toContain('UnsupportedUpgradePath');
    expect(blockers.map(({ failure }) => failure)).not.toContain('ReleaseMissing');
    expect(
      find(given, '4.0.2')
        .map(({ action }) => action)
        .join(),
    ).not.toContain('Install Kafka');
  });

  it('warn when the release that runs could not be put back', () => {
    const given = snapshot({ waysBack: [{ nodeId: 2, version: '3.7.2', release: null }] });
    expect(seen(given, 'warning')).toEqual(['-: Host of broker 2 (kafka-2): /opt/kafka_2.13-3.7.2 is not there.']);
  });

  it('have what changes between the releases, with what to do about it', () => {
    const [change] = find(snapshot()).filter(({ seen: words }) => words.startsWith('Kafka 3.8'));
    expect(change?.severity).toBe('note');
    expect(change?.seen).toBe('Kafka 3.8.0: compression needs an executable temporary directory');
    expect(change?.action).not.toBe('');
  });
});
