import { checkClients, losesClients } from '../../src/domain/client-checks';
import type { ClusterSnapshot } from '../../src/domain/cluster-snapshot';
import { checkClusterRisks } from '../../src/domain/risk-checks';
import { noRisks } from '../../src/domain/risk-facts';
import type { RiskFacts } from '../../src/domain/risk-facts';
import { partitionOf, viewOf } from '../support/healthy-measurement';
import { runningBroker, setting, snapshot, withNode } from '../support/snapshot';

const withRisks = (risks: Partial<RiskFacts>): ClusterSnapshot => snapshot({ risks: { ...noRisks, ...risks } });
const withPartitions = (...partitions: ReturnType<typeof partitionOf>[]): ClusterSnapshot =>
  snapshot({ views: [viewOf(1, [1, 2, 3], partitions)] });
const brief = (findings: { severity: string; seen: string }[]): string[] =>
  findings.map(({ severity, seen }) => `${severity}: ${seen}`);

describe('risks of the cluster', () => {
  it('are none in a healthy one', () => {
    expect(checkClusterRisks(snapshot())).toEqual([]);
    expect(checkClusterRisks(snapshot({ views: [] }))).toEqual([]);
  });

  it('are partitions that are not well, with how many refuse writes', () => {
    const sick = [
      { ...partitionOf('orders', [1, 2, 3]), isr: [1] },
      { ...partitionOf('orders', [2, 3, 1], 1), isr: [2, 3] },
      { ...partitionOf('unknown', [1]), leader: null },
    ];
    expect(brief(checkClusterRisks(withPartitions(...sick)))).toEqual([
      'warning: 3 partitions are offline or under-replicated now, 1 of them under min.insync.replicas: unknown-0, orders-0, orders-1.',
    ]);
  });

  it('are log directories that are offline', () => {
    const directories = [0, 56, 3].map((errorCode) => ({ nodeId: 2, directory: `/data/${errorCode}`, errorCode }));
    expect(brief(checkClusterRisks(withRisks({ logDirectories: directories })))).toEqual([
      'blocker: Log directory /data/56 of broker 2 is offline (error 56, KAFKA_STORAGE_ERROR).',
      'blocker: Log directory /data/3 of broker 2 is offline (error 3).',
    ]);
  });

  it('are reassignments, groups that stand still, and what could not be read', () => {
    const risks = withRisks({
      reassignments: [{ topic: 'orders', partition: 1, adding: [3], removing: [1] }],
      standingGroups: [{ group: 'billing', forMs: 7_400, lag: 120, partitions: ['orders-0', 'orders-1'] }],
      troubles: ['disk space (host is away)'],
    });
    expect(brief(checkClusterRisks(risks))).toEqual([
      'warning: 1 partitions are being reassigned: orders-1.',
      'warning: Consumer group billing has not committed for 7 s while records arrive (2 partitions, lag 120).',
      'warning: Could not be looked at: disk space (host is away).',
    ]);
  });

  it.each(['__CruiseControlMetrics', '__KafkaCruiseControlPartitionMetricSamples'])(
    'are others at work: %s',
    (topic) => {
      expect(brief(checkClusterRisks(withPartitions(partitionOf(topic, [1, 2, 3]))))).toEqual([
        `warning: Cruise Control works on this cluster: topic ${topic}.`,
      ]);
    },
  );

  it('are elections that lose records', () => {
    const running = { ...runningBroker(), config: { 'unclean.leader.election.enable': setting('true') } };
    const brokers = withNode(2, { running });
    expect(brief(checkClusterRisks(brokers))).toEqual(['warning: unclean.leader.election.enable is true on broker 2.']);
    expect(brief(checkClusterRisks({ ...brokers, risks: { ...noRisks, uncleanTopics: ['metrics'] } }))).toEqual([
      'warning: unclean.leader.election.enable is true on broker 2 and for topic metrics.',
    ]);
    expect(brief(checkClusterRisks(withRisks({ uncleanTopics: ['metrics'] })))).toEqual([
      'warning: unclean.leader.election.enable is true for topic metrics.',
    ]);
  });

  it('are stops that move no leaders first', () => {
    const running = { ...runningBroker(), config: { 'controlled.shutdown.enable': setting('false') } };
    expect(brief(checkClusterRisks(withNode(3, { running })))).toEqual([
      'blocker: controlled.shutdown.enable is false on broker 3.',
    ]);
  });

  it('are leaders that are not where they are preferred, beyond a tenth', () => {
    const moved = (count: number) =>
      Array.from({ length: 20 }, (_, index) => ({
        ...partitionOf('orders', [1, 2, 3], index),
        leader: index < count ? 2 : 1,
      }));
    expect(checkClusterRisks(withPartitions(...moved(2), { ...partitionOf('empty', []), leader: 1 }))).toEqual([]);
    expect(brief(checkClusterRisks(withPartitions(...moved(3))))).toEqual([
      'note: Leaders are not where they are preferred: 3 of 20 partitions of broker 1 are led by others.',
    ]);
  });
});

describe('clients', () => {
  const java = { nodeId: 1, listener: 'PLAINTEXT', name: 'apache-kafka-java', version: '3.7.2', connections: 2 };
  const old = { nodeId: 1, request: 'Produce', version: 2, clientName: 'unknown', clientVersion: 'unknown', count: 40 };
  const connected = (deprecated: (typeof old)[] = []): ClusterSnapshot =>
    withRisks({
      clients: {
        1: { software: [java, { ...java, name: 'unknown', version: 'unknown', connections: 5 }], deprecated },
        2: { software: [{ ...java, nodeId: 2 }], deprecated: [] },
      },
    });

  it('are listed by connections', () => {
    expect(brief(checkClients(connected(), { target: '3.8.1' }))).toEqual([
      'note: Connected now (connections): not named on PLAINTEXT: 5, apache-kafka-java 3.7.2 on PLAINTEXT: 4.',
    ]);
  });

  it('that the target cuts off are to be accepted; 3.x takes them', () => {
    const requests = [old, { ...old, nodeId: 2, request: 'Fetch', version: 3, count: 2 }, { ...old, count: 0 }];
    const sarama = { ...old, clientName: 'sarama', clientVersion: '1.20', count: 1 };
    const found = connected([...requests, sarama]);
    expect(losesClients(found, '3.9.2')).toBe(false);
    expect(losesClients(found, '4.0.0')).toBe(true);
    expect(brief(checkClients(found, { target: '4.0.0' }))[0]).toBe(
      'needs-acceptance: Clients use requests that Kafka 4.0.0 no longer takes: a client that does not name itself: 42 requests (Produce v2, Fetch v3), sarama 1.20: 1 requests (Produce v2) since their brokers started.',
    );
  });

  it('that cannot be seen are said to be unseen', () => {
    const words = (from: string, target: string, unseen = false): string[] =>
      brief(
        checkClients(
          {
            ...withRisks({ clients: unseen ? { 3: null } : {} }),
            running: { 1: runningBroker({ version: from }), 2: runningBroker({ version: null }) },
          },
          { target },
        ),
      );
    const seen = (ids: string): string =>
      `warning: Who is connected to broker ${ids}, or with which requests, cannot be told.`;
    expect(words('3.6.2', '4.0.0')).toEqual([seen('1')]);
    expect(words('3.6.2', '4.0.0', true)).toEqual([seen('3, 1')]);
    expect(words('3.6.2', '3.9.2')).toEqual([]);
    expect(words('3.7.2', '4.0.0')).toEqual([]);
    expect(words('4.0.0', '4.1.0')).toEqual([]);
    expect(words('4.0.0', 'nonsense')).toEqual([]);
  });
});
