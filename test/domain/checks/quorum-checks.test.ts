import type { NodeId, NodeRole, RegisteredNodes } from '../../../src/domain/cluster/cluster';
import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import { blocker, needsAcceptance, warning } from '../../../src/domain/checks/finding';
import type { Finding } from '../../../src/domain/checks/finding';
import { brokersOf, controllersOf } from '../../../src/domain/cluster/node-roles';
import { checkQuorumPlan } from '../../../src/domain/checks/quorum-checks';
import { quorumOf } from '../../support/healthy-measurement';
import { brief } from '../../support/findings';
import { kraftSnapshot, withNode } from '../../support/snapshot';

const registered = (overrides: Partial<RegisteredNodes>): RegisteredNodes => ({
  brokers: [1, 2, 3],
  controllers: [1, 2, 3],
  ...overrides,
});

/** The cluster with other roles, registered as they are, and a quorum of its controllers. */
const withRoles = (rolesOf: (id: NodeId) => NodeRole[]): ClusterSnapshot => {
  const base = kraftSnapshot();
  const nodes = base.nodes.map((node) => ({ ...node, roles: rolesOf(node.id) }));
  const [brokers, controllers] = [brokersOf({ nodes }), controllersOf({ nodes })];
  return { ...base, nodes, quorum: quorumOf(controllers), registered: { brokers, controllers } };
};

const withFinalized = (finalized: Record<string, number>, base = kraftSnapshot()): ClusterSnapshot => ({
  ...base,
  running: Object.fromEntries(
    Object.entries(base.running).map(([id, node]) => [
      id,
      { ...node, features: { observedBy: 1, finalized, finalizedEpoch: 1 } },
    ]),
  ),
});

it('a whole quorum that the definition knows gives no finding', () => {
  expect(checkQuorumPlan(kraftSnapshot())).toEqual([]);
});

describe('the voters', () => {
  const disagree = (voters: string, controllers: string): Finding =>
    blocker('InvalidDefinition', {
      seen: `The voters of the controller quorum are ${voters}; the definition has controllers ${controllers}.`,
      why: 'A controller that is not upgraded stays on the old binary, one that is no voter protects nothing.',
      action: 'Make `nodes` and their `roles` in the definition agree with the quorum.',
      source: 'DescribeQuorum (kafka-metadata-quorum.sh describe --status)',
    });

  it.each<[string, ClusterSnapshot, Finding]>([
    ['that nobody defined', kraftSnapshot({ quorum: quorumOf([1, 2, 3, 9]) }), disagree('1, 2, 3, 9', '1, 2, 3')],
    ['fewer than defined', kraftSnapshot({ quorum: quorumOf([1, 2, 3].slice(1)) }), disagree('2, 3', '1, 2, 3')],
    ['other than defined', kraftSnapshot({ quorum: quorumOf([7, 8, 9]) }), disagree('7, 8, 9', '1, 2, 3')],
  ])('%s stop the upgrade', (_what, given, finding) => {
    expect(checkQuorumPlan(given)[0]).toEqual(finding);
  });

  it.each([
    ['no answer', null],
    ['no leader', quorumOf([1, 2, 3], { leaderId: null })],
  ])('that have %s stop it, too', (_what, quorum) => {
    expect(checkQuorumPlan(kraftSnapshot({ quorum }))).toEqual([
      blocker('NodeUnhealthy', {
        seen: 'The controller quorum has no leader, or no broker tells it.',
        why: 'Without an active controller no broker stops gracefully and nothing can be finalized.',
        action: 'Repair the controllers first.',
        source: 'DescribeQuorum (kafka-metadata-quorum.sh describe --status)',
      }),
    ]);
  });

  it('are controllers only: brokers of their own are no voters', () => {
    const five = kraftSnapshot({ nodes: [...kraftSnapshot().nodes, ...[4, 5].map((id) => brokerNode(id))] });
    expect(checkQuorumPlan(five)).toEqual([]);
  });
});

const brokerNode = (id: NodeId): ClusterSnapshot['nodes'][number] => ({
  id,
  roles: ['broker'],
  address: `kafka@10.0.0.${id}:22`,
  kafka: `10.0.0.${id}:9092`,
});

describe('the size of the quorum', () => {
  const size = (voters: NodeId[]): string[] =>
    brief(checkQuorumPlan(withRoles((id) => (voters.includes(id) ? ['broker', 'controller'] : ['broker']))));

  it.each<[NodeId[], string[]]>([
    [[1], ['needs-acceptance: The controller quorum has 1 voter.']],
    [[1, 2], ['needs-acceptance: The controller quorum has 2 voters.']],
    [[1, 2, 3], []],
  ])('%j is one that a restart leaves without majority: %j', (voters, findings) => {
    expect(size(voters)).toEqual(findings);
  });

  it('is accepted by name, knowing what stands still meanwhile', () => {
    expect(checkQuorumPlan(withRoles((id) => (id === 1 ? ['controller'] : ['broker'])))).toEqual([
      needsAcceptance({
        seen: 'The controller quorum has 1 voter.',
        why: 'While one controller restarts there is no majority: no leader is elected, no topic or group changes, and a broker that fails meanwhile is not replaced. Producers and consumers of healthy partitions go on.',
        action: 'Add controllers first (three or five), or accept it by name: "controller-quorum".',
        source: 'KIP-595',
      }),
    ]);
  });
});

describe('the voters of a static quorum', () => {
  const file = (properties: string): ClusterSnapshot => withNode(2, { host: { properties } }, kraftSnapshot());
  const missing = blocker('InvalidDefinition', {
    seen: 'Host of node 2 (kafka-2): /etc/kafka/server.properties has no controller.quorum.voters, and the quorum is static (kraft.version 0).',
    why: 'With kraft.version 0 a node finds the voters only there; with controller.quorum.bootstrap.servers alone it does not start.',
    action: 'Put controller.quorum.voters back into the file of that node.',
    source: 'KIP-853; documentation, "KRaft", static and dynamic quorums',
  });

  it.each([
    ['are not in the file', 'node.id=2\n'],
    ['are left empty', 'node.id=2\ncontroller.quorum.voters= \n'],
    ['are commented out', 'node.id=2\n#controller.quorum.voters=1@k1:9093\n'],
    ['gave way to bootstrap servers', 'node.id=2\ncontroller.quorum.bootstrap.servers=k1:9093\n'],
  ])('must be in every file; here they %s', (_what, properties) => {
    expect(checkQuorumPlan(file(properties))).toEqual([missing]);
  });

  it.each<[string, Record<string, number>, number]>([
    ['kraft.version 1: the log holds them', { 'metadata.version': 27, 'kraft.version': 1 }, 0],
    ['kraft.version 0', { 'metadata.version': 27, 'kraft.version': 0 }, 1],
    ['no kraft.version, as before 3.9', { 'metadata.version': 20 }, 1],
  ])('are asked for by %s', (_what, finalized, count) => {
    expect(checkQuorumPlan(withFinalized(finalized, file('node.id=2\n')))).toHaveLength(count);
  });
});

describe('registrations of nodes that are not defined', () => {
  it('of a broker stop the upgrade, with the command that removes it', () => {
    expect(checkQuorumPlan(kraftSnapshot({ registered: registered({ brokers: [1, 2, 3, 7] }) }))).toEqual([
      blocker('PlanBlocked', {
        seen: 'Broker 7 is registered in the metadata log, but is not in the definition.',
        why: 'Kafka raises no feature while a registered broker, dead or alive, does not support it.',
        action:
          'If it is gone for good: bin/kafka-cluster.sh unregister --bootstrap-server 10.0.0.1:9092 --id 7. If it lives, add it to the definition.',
        source: 'FeatureControlManager.reasonNotSupported; KIP-584',
      }),
    ]);
  });

  it('are removed through a broker, not through a controller of its own', () => {
    const isolated = withRoles((id) => (id === 3 ? ['broker'] : ['controller']));
    const given = { ...isolated, registered: { brokers: [3, 7, 8], controllers: [1, 2] } };
    const commands = checkQuorumPlan(given).flatMap(
      ({ action }) => /--bootstrap-server \S+ --id \d/.exec(action) ?? [],
    );
    expect(commands).toEqual(['--bootstrap-server 10.0.0.3:9092 --id 7', '--bootstrap-server 10.0.0.3:9092 --id 8']);
  });

  it('of a controller are warned of: before 4.4 nothing removes one', () => {
    expect(checkQuorumPlan(kraftSnapshot({ registered: registered({ controllers: [1, 2, 3, 9] }) }))).toEqual([
      warning({
        seen: 'Controller 9 is registered in the metadata log, but is not in the definition.',
        why: 'From metadata.version 3.7-IV0 on Kafka raises no feature while a registered controller does not support it.',
        action:
          'Before 4.4 no command removes it (then: kafka-cluster.sh unregister-controller --id 9). Start a controller with id 9 once on the new release, so that it registers anew, before gate "protocol".',
        source: 'FeatureControlManager.reasonNotSupported; KIP-1312',
      }),
    ]);
  });

  it('of all defined nodes, or of fewer, are no ghosts', () => {
    expect(checkQuorumPlan(kraftSnapshot({ registered: registered({ brokers: [1], controllers: [] }) }))).toEqual([]);
  });

  it('that could not be read are said to be unread', () => {
    expect(checkQuorumPlan(kraftSnapshot({ registered: null }))).toEqual([
      warning({
        seen: 'The registrations in the metadata log could not be read on any controller.',
        why: 'A broker or controller that is gone but still registered makes Kafka refuse every feature.',
        action:
          'Check by hand: kafka-dump-log.sh --cluster-metadata-decoder, or kafka-cluster.sh list-endpoints --include-fenced-brokers (4.0 on).',
        source: 'FeatureControlManager.reasonNotSupported',
      }),
    ]);
  });
});

it('every check is made: what is wrong at once is told at once', () => {
  const given = kraftSnapshot({
    quorum: quorumOf([1, 9]),
    registered: registered({ brokers: [1, 2, 3, 7], controllers: [8] }),
  });
  expect(brief(checkQuorumPlan(given))).toEqual([
    'blocker: The voters of the controller quorum are 1, 9; the definition has controllers 1, 2, 3.',
    'needs-acceptance: The controller quorum has 2 voters.',
    'blocker: Broker 7 is registered in the metadata log, but is not in the definition.',
    'warning: Controller 8 is registered in the metadata log, but is not in the definition.',
  ]);
});
