import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import { checkKraft } from '../../../src/domain/checks/kraft-checks';
import { kraftFinalization } from '../../support/kraft-fixture';
import { finalizedAt, kraftSnapshot, snapshot, withNode } from '../../support/snapshot';

/** The cluster with another file on node 2. */
const file = (properties: string) => withNode(2, { host: { properties } }, kraftSnapshot());

const kraftFile = 'process.roles=broker,controller\nnode.id=2\ncontroller.quorum.voters=1@k1:9093\n';

describe('the checks of KRaft, word by word', () => {
  const question = {
    target: '4.3.0',
    sources: ['3.9.2'],
    finalization: kraftFinalization(),
    requester: null,
    takeOver: false,
  };
  const check = (given: ClusterSnapshot, overrides: Partial<typeof question> = {}) =>
    checkKraft(given, { ...question, ...overrides });

  it('have nothing to say against a healthy cluster, nor anything about one with ZooKeeper', () => {
    expect(check(kraftSnapshot())).toEqual([]);
    expect(checkKraft(snapshot({ zkMigrationState: 1 }), question)).toEqual([]);
  });

  it('need a level of metadata.version', () => {
    const { running } = kraftSnapshot();
    const silent = Object.fromEntries(Object.entries(running).map(([id, node]) => [id, { ...node, features: null }]));
    expect(check(kraftSnapshot({ running: silent }))).toEqual([
      {
        severity: 'blocker',
        failure: 'NodeUnhealthy',
        seen: 'No node tells the finalized metadata.version.',
        why: 'Without it nobody can say which binaries may run.',
        action: 'Look at kafka-features.sh describe; repair the controllers first.',
        source: 'ApiVersions, finalized features (KIP-584)',
      },
    ]);
  });

  it('need 3.3-IV3 for 4.x, where the documentation says 3.3.x', () => {
    expect(check(kraftSnapshot({ running: finalizedAt(4) }))).toEqual([
      {
        severity: 'blocker',
        failure: 'UnsupportedUpgradePath',
        seen: 'The finalized metadata.version is 3.3-IV0; Kafka 4.3.0 starts from 3.3-IV3 on.',
        why: 'The new binary would refuse to start; the documentation says 3.3.x, the code means exactly this level.',
        action:
          'Raise it first on the release that runs: bin/kafka-features.sh --bootstrap-server HOST:PORT upgrade --metadata 3.3 (or newer).',
        source: 'MetadataVersion.MINIMUM_VERSION of 4.0',
      },
    ]);
  });

  it.each([
    [1, '3.9.2', 0],
    [6, '3.9.2', 0],
    [6, '4.0.2', 1],
    [7, '4.0.2', 0],
    [30, '4.3.0', 0],
  ])('let metadata.version %i go to %s: %i blockers', (level, target, count) => {
    expect(check(kraftSnapshot({ running: finalizedAt(level) }), { target })).toHaveLength(count);
  });

  it('refuse everything during a migration, and name each sign of one', () => {
    const given = withNode(
      3,
      { host: { properties: `${kraftFile.replace('node.id=2', 'node.id=3')}zookeeper.connect=zk:2181\n` } },
      file(`${kraftFile}zookeeper.metadata.migration.enable=true\n`),
    );
    expect(check({ ...given, zkMigrationState: 2 })).toEqual([
      {
        severity: 'blocker',
        failure: 'UnsupportedUpgradePath',
        seen: 'A migration from ZooKeeper is in progress or not finished: the active controller reports ZkMigrationState 2, /etc/kafka/server.properties on kafka-2 has settings of the migration, /etc/kafka/server.properties on kafka-3 has settings of the migration.',
        why: 'Neither binaries nor metadata.version may change during a migration (KIP-866).',
        action: 'Finish the migration on the release that runs, and take its settings out of the files.',
        source: 'KIP-866; kafka.controller:type=KafkaController,name=ZkMigrationState',
      },
    ]);
  });

  it('do not take a migration that is switched off for one', () => {
    expect(check(file(`${kraftFile}zookeeper.metadata.migration.enable=false\n`))).toEqual([]);
  });

  it.each([
    ['inter.broker.protocol.version', '3.7', '3.9.2', 'note'],
    ['inter.broker.protocol.version', '3.0', '3.9.2', 'note'],
    ['inter.broker.protocol.version', '2.8', '3.9.2', 'blocker'],
    ['inter.broker.protocol.version', 'nonsense', '3.9.2', 'blocker'],
    ['inter.broker.protocol.version', '2.8', '4.0.2', 'note'],
    ['inter.broker.protocol.version', 'nonsense', '4.0.2', 'note'],
    ['log.message.format.version', '2.8', '3.9.2', 'note'],
    ['log.message.format.version', '0.10', '4.0.2', 'note'],
  ])('call %s=%s on the way to %s a %s', (key, value, target, severity) => {
    const findings = check(file(`${kraftFile}${key}=${value}\n`), { target });
    expect(findings.map((finding) => [finding.severity, finding.seen])).toEqual([
      [severity, `Host of node 2 (kafka-2): /etc/kafka/server.properties has ${key}=${value}.`],
    ]);
  });

  it('say what an old level does: it stops a start, or nothing', () => {
    const given = file(`${kraftFile}inter.broker.protocol.version=2.8\nlog.message.format.version=2.8\n`);
    expect(check(given, { target: '3.9.2' }).map(({ failure, why, action }) => ({ failure, why, action }))).toEqual([
      {
        failure: 'PropertiesUnreadable',
        why: 'On KRaft a level below 3.0 stops the start of every 3.x binary.',
        action: 'Take the line out of that file.',
      },
      {
        failure: null,
        why: 'KRaft ignores it: the level of the cluster is metadata.version.',
        action: 'Take the line out of that file when it suits.',
      },
    ]);
  });

  it('tell what is left to do after the quorum became dynamic', () => {
    const finalization = kraftFinalization({ 'kraft.version': 1 });
    expect(check(kraftSnapshot(), { finalization })).toEqual([
      {
        severity: 'note',
        failure: null,
        seen: 'kraft.version is asked for: the static quorum becomes a dynamic one.',
        why: 'Afterwards the voters live in the metadata log; controller.quorum.voters is no longer read.',
        action:
          'After the upgrade take controller.quorum.voters out of every file, put controller.quorum.bootstrap.servers in, and restart the nodes one by one.',
        source: 'KIP-853; documentation, "Upgrading a static quorum"',
      },
    ]);
  });
});
