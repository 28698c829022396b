import { makePlan } from '../../../src/domain/plan/make-plan';
import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import { gateQuestion, gatesOf } from '../../../src/domain/people/approval';
import { quorumOf } from '../../support/healthy-measurement';
import { finalizedAt, hostFacts, kraftSnapshot, readableSha256, request, withNode } from '../../support/snapshot';

const planOf = (given: ClusterSnapshot, overrides: Partial<typeof request> = {}) =>
  makePlan(given, { ...request, target: '4.3.0', ...overrides }, readableSha256);

const seen = (given: ClusterSnapshot, severity: string, overrides: Partial<typeof request> = {}): string[] =>
  planOf(given, overrides)
    .findings.filter((finding) => finding.severity === severity)
    .map((finding) => finding.seen);

const file = (extra: string) =>
  withNode(2, { host: { properties: `${hostFacts(2).properties.replace(/.*/s, '')}${extra}` } }, kraftSnapshot());

const kraftFile = 'process.roles=broker,controller\nnode.id=2\ncontroller.quorum.voters=1@k1:9093\n';

describe('the plan of a KRaft cluster', () => {
  it('has no blocker, changes no file, and finalizes feature by feature', () => {
    const plan = planOf(kraftSnapshot());
    expect(seen(kraftSnapshot(), 'blocker')).toEqual([]);
    expect(seen(kraftSnapshot(), 'note').filter((words) => words.includes('inter.broker'))).toEqual([]);
    expect(plan).toMatchObject({ fromProtocol: '3.9-IV0', toProtocol: '4.3-IV0', mustAccept: [] });
    expect(plan.steps.protocol).toEqual([]);
    expect(plan.steps.binaries.every(({ edit, protocol }) => edit.changes.length === 0 && protocol === null)).toBe(
      true,
    );
    expect(plan.finalization.map(({ feature }) => feature)[0]).toBe('metadata.version');
    expect(gatesOf(plan)).toEqual(['plan', 'canary', 'protocol']);
    expect(gateQuestion('protocol', plan).afterwards).toContain('IRREVERSIBLE: 4.0-IV1, 4.3-IV0 changed');
  });

  it('has a gate for each feature that cannot be taken back', () => {
    const plan = planOf(kraftSnapshot(), { features: { 'kraft.version': 1, 'eligible.leader.replicas.version': 1 } });
    expect(gatesOf(plan)).toEqual(['plan', 'canary', 'protocol', 'eligible.leader.replicas.version', 'kraft.version']);
    expect(gateQuestion('eligible.leader.replicas.version', plan).question).toContain(
      'min.insync.replicas=2 is written for the whole cluster first.',
    );
    expect(seen(kraftSnapshot(), 'note', { features: { 'kraft.version': 1 } })).toContainEqual(
      expect.stringContaining('the static quorum becomes a dynamic one'),
    );
  });

  it('upgrades controllers of their own first, and takes its canary from them', () => {
    const base = kraftSnapshot();
    const nodes = base.nodes.map((node) => ({
      ...node,
      roles: node.id === 1 ? (['broker'] as const) : (['controller'] as const),
    }));
    const isolated: ClusterSnapshot = {
      ...base,
      nodes: nodes.map((node) => ({ ...node, roles: [...node.roles] })),
      quorum: quorumOf([2, 3]),
    };
    expect(planOf(isolated).canary).toBe(3);
    expect(() => planOf(isolated, { canary: 1 })).toThrow(
      'Canary 1 is not one of the controllers that go first: 2, 3.',
    );
  });
});

describe('a plan from few facts', () => {
  it('takes the installed version where the running one is not told, and counts no leaders without a view', () => {
    const base = kraftSnapshot({ views: [], clusterMinIsr: null });
    const silent = { ...base.running[1], version: null, versionTrouble: 'no JMX', config: {}, features: null };
    const plan = planOf({ ...base, running: { ...base.running, 1: silent } });
    expect(plan.nodes[0]).toMatchObject({ version: '3.9.2', leaders: 0, logDirectories: [] });
    expect(plan.clusterId).toBe('');
    expect(seen({ ...base, running: { ...base.running, 1: silent } }, 'blocker')).toContain(
      'The version that broker 1 runs cannot be read over JMX (no JMX).',
    );
    const nothing = withNode(
      1,
      { host: { installedVersion: null } },
      { ...base, running: { ...base.running, 1: silent } },
    );
    expect(planOf(nothing).nodes[0]?.version).toBe('unknown');
  });
});

describe('a KRaft blocker', () => {
  it.each<[string, ClusterSnapshot, string]>([
    [
      'a level that 4.x does not start from',
      kraftSnapshot({ running: finalizedAt(6) }),
      'The finalized metadata.version is 3.3-IV2; Kafka 4.3.0 starts from 3.3-IV3 on.',
    ],
    ['no quorum', kraftSnapshot({ quorum: null }), 'The controller quorum has no leader, or no broker tells it.'],
    [
      'no leader',
      kraftSnapshot({ quorum: quorumOf([1, 2, 3], { leaderId: null }) }),
      'The controller quorum has no leader, or no broker tells it.',
    ],
    [
      'another voter',
      kraftSnapshot({ quorum: quorumOf([1, 2, 9]) }),
      'The voters of the controller quorum are 1, 2, 9; the definition has controllers 1, 2, 3.',
    ],
    [
      'a ghost broker',
      kraftSnapshot({ registered: { brokers: [1, 2, 3, 7], controllers: [1, 2, 3] } }),
      'Broker 7 is registered in the metadata log, but is not in the definition.',
    ],
    [
      'a migration, by its gauge',
      kraftSnapshot({ zkMigrationState: 1 }),
      'A migration from ZooKeeper is in progress or not finished: the active controller reports ZkMigrationState 1.',
    ],
    [
      'a migration, by a file',
      file(`${kraftFile}zookeeper.metadata.migration.enable=true\n`),
      'A migration from ZooKeeper is in progress or not finished: /etc/kafka/server.properties on kafka-2 has settings of the migration.',
    ],
    [
      'no static voters',
      file('process.roles=broker,controller\nnode.id=2\n'),
      'Host of node 2 (kafka-2): /etc/kafka/server.properties has no controller.quorum.voters, and the quorum is static (kraft.version 0).',
    ],
    [
      'other roles',
      file('process.roles=broker\nnode.id=2\ncontroller.quorum.voters=1@k1:9093\n'),
      'Host of node 2 (kafka-2): /etc/kafka/server.properties says process.roles=broker; the definition says broker, controller.',
    ],
    [
      'no roles',
      file('node.id=2\ncontroller.quorum.voters=1@k1:9093\n'),
      'Host of node 2 (kafka-2): /etc/kafka/server.properties says process.roles=nothing; the definition says broker, controller.',
    ],
  ])('is %s', (_what, given, words) => {
    expect(seen(given, 'blocker')).toContain(words);
  });

  it('is a level that nobody tells', () => {
    const { running } = kraftSnapshot();
    const silent = Object.fromEntries(Object.entries(running).map(([id, node]) => [id, { ...node, features: null }]));
    expect(seen(kraftSnapshot({ running: silent }), 'blocker')).toContain(
      'No node tells the finalized metadata.version.',
    );
  });

  it('is an old protocol in a file that stops a 3.x binary; to 4.x it is only a note', () => {
    const given = file(`${kraftFile}inter.broker.protocol.version=2.8\nlog.message.format.version=2.8\n`);
    const words = 'Host of node 2 (kafka-2): /etc/kafka/server.properties has inter.broker.protocol.version=2.8.';
    expect(seen({ ...given, running: finalizedAt(20) }, 'blocker', { target: '3.9.2' })).toContain(words);
    expect(seen(given, 'note')).toContain(words);
    expect(seen(given, 'note')).toContainEqual(expect.stringContaining('log.message.format.version=2.8'));
  });

  it('is a source from before KRaft was for production', () => {
    const { running } = kraftSnapshot();
    const early = Object.fromEntries(Object.entries(running).map(([id, node]) => [id, { ...node, version: '3.2.3' }]));
    expect(seen(kraftSnapshot({ running: early }), 'blocker')).toContain('The KRaft cluster runs 3.2.3.');
  });

  it('tells the command that removes a ghost', () => {
    const given = kraftSnapshot({ registered: { brokers: [7], controllers: [] } });
    expect(planOf(given).findings.find(({ seen: words }) => words.startsWith('Broker 7'))?.action).toContain(
      'bin/kafka-cluster.sh unregister --bootstrap-server 10.0.0.1:9092 --id 7',
    );
  });
});

describe('what a person should know', () => {
  it('of a fragile quorum is accepted by name', () => {
    const nodes = kraftSnapshot().nodes.map((node) => ({
      ...node,
      roles: node.id === 1 ? ['broker' as const, 'controller' as const] : ['broker' as const],
    }));
    const given = kraftSnapshot({ nodes, quorum: quorumOf([1]) });
    expect(planOf(given).mustAccept).toEqual(['controller-quorum']);
    expect(seen(given, 'needs-acceptance')).toEqual(['The controller quorum has 1 voter.']);
  });

  it('of ghosts among controllers, and of registrations that cannot be read', () => {
    const ghost = kraftSnapshot({ registered: { brokers: [1, 2, 3], controllers: [1, 2, 3, 9] } });
    expect(seen(ghost, 'warning')).toContain(
      'Controller 9 is registered in the metadata log, but is not in the definition.',
    );
    expect(seen(kraftSnapshot({ registered: null }), 'warning')).toContainEqual(
      expect.stringContaining('could not be read'),
    );
  });

  it('of a dynamic quorum needs no voters in files', () => {
    const given = file('process.roles=broker,controller\nnode.id=2\n');
    const features = { observedBy: 1, finalized: { 'metadata.version': 27, 'kraft.version': 1 }, finalizedEpoch: 1 };
    const running = Object.fromEntries(Object.entries(given.running).map(([id, node]) => [id, { ...node, features }]));
    expect(seen({ ...given, running }, 'blocker')).toEqual([]);
  });

  it('is that only features are left, or nothing at all', () => {
    const { running } = kraftSnapshot();
    const done = (levels: Record<string, number>) =>
      kraftSnapshot({
        running: Object.fromEntries(
          Object.entries(running).map(([id, node]) => [
            id,
            { ...node, version: '4.3.0', features: { observedBy: 1, finalized: levels, finalizedEpoch: 1 } },
          ]),
        ),
      });
    expect(seen(done({ 'metadata.version': 21 }), 'note')).toContain(
      'All nodes run 4.3.0 already, but not at its own feature levels.',
    );
    const all = {
      'metadata.version': 30,
      'transaction.version': 2,
      'group.version': 1,
      'share.version': 1,
      'streams.version': 1,
    };
    expect(seen(done(all), 'blocker')).toContain('All nodes run 4.3.0 at its own feature levels already.');
  });
});

describe('the state of a migration from ZooKeeper', () => {
  it.each([
    [null, 0],
    [0, 0],
    [3, 0],
    [1, 1],
    [2, 1],
    [4, 1],
  ])('ZkMigrationState %s gives %i blockers', (zkMigrationState, count) => {
    const blockers = planOf(kraftSnapshot({ zkMigrationState })).findings.filter(({ seen }) =>
      seen.includes('ZkMigrationState'),
    );
    expect(blockers).toHaveLength(count);
  });
});
