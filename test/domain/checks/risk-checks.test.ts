import type { PartitionState } from '../../../src/domain/cluster/cluster';
import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import { blocker, note, warning } from '../../../src/domain/checks/finding';
import { checkClusterRisks } from '../../../src/domain/checks/risk-checks';
import { noRisks } from '../../../src/domain/checks/risk-facts';
import type { RiskFacts } from '../../../src/domain/checks/risk-facts';
import { clusterBuilder } from '../../support/cluster-builder';
import { brief } from '../../support/findings';
import { partitionOf, viewOf } from '../../support/healthy-measurement';
import { runningBroker, setting, snapshot, withNode } from '../../support/snapshot';

const withRisks = (risks: Partial<RiskFacts>): ClusterSnapshot => snapshot({ risks: { ...noRisks, ...risks } });

const withPartitions = (...partitions: PartitionState[]): ClusterSnapshot =>
  snapshot({ views: [viewOf(1, [1, 2, 3], partitions)] });

/** These brokers run a setting with this value, the others their defaults. */
const running = (key: string, value: string, ...nodeIds: number[]): ClusterSnapshot =>
  nodeIds.reduce(
    (given, id) => withNode(id, { running: { ...runningBroker(), config: { [key]: setting(value) } } }, given),
    snapshot(),
  );

describe('a healthy cluster', () => {
  it.each([
    ['as all brokers see it', snapshot()],
    ['of which nobody answered: that is told elsewhere', snapshot({ views: [] })],
    ['whose brokers told no settings', snapshot({ running: {} })],
  ])('has no risks %s', (_what, given) => {
    expect(checkClusterRisks(given)).toEqual([]);
  });
});

describe('partitions that are not well', () => {
  const sick = clusterBuilder()
    .addTopic('orders')
    .partition({ replicas: [1, 2, 3], isr: [1] })
    .partition({ replicas: [2, 3, 1], isr: [2, 3] })
    .partition({ replicas: [1, 2, 3] })
    .addTopic('unknown')
    .partition({ replicas: [1], leader: null })
    .build().partitions;

  it('are counted once each, with how many refuse writes', () => {
    expect(checkClusterRisks(withPartitions(...sick))).toEqual([
      warning({
        seen: '3 partitions are offline or under-replicated now, 1 of them under min.insync.replicas: unknown-0, orders-0, orders-1.',
        why: 'No broker is stopped until there are none; the upgrade will wait, then park.',
        action: 'Repair them first.',
        source: 'Metadata response',
      }),
    ]);
  });

  it.each<[string, number, string]>([
    ['the minimum is 3', 3, '3 partitions are offline or under-replicated now, 2 of them'],
    ['the minimum is 1', 1, '3 partitions are offline or under-replicated now, 0 of them'],
  ])('refuse writes by the minimum of their topic: %s', (_what, orders, words) => {
    const given = { ...withPartitions(...sick), minInsyncReplicas: { orders } };
    expect(checkClusterRisks(given)[0]?.seen).toContain(words);
  });

  it('are named up to five', () => {
    const many = Array.from({ length: 8 }, (_, index) => ({ ...partitionOf('orders', [1, 2, 3], index), isr: [1, 2] }));
    expect(checkClusterRisks(withPartitions(...many))[0]?.seen).toBe(
      '8 partitions are offline or under-replicated now, 0 of them under min.insync.replicas: orders-0, orders-1, orders-2, orders-3, orders-4 and 3 more.',
    );
  });
});

describe('log directories that are offline', () => {
  const directory = (errorCode: number) => ({ nodeId: 2, directory: `/data/${errorCode}`, errorCode });

  it('stop the upgrade', () => {
    expect(checkClusterRisks(withRisks({ logDirectories: [directory(56)] }))).toEqual([
      blocker('NodeUnhealthy', {
        seen: 'Log directory /data/56 of broker 2 is offline (error 56, KAFKA_STORAGE_ERROR).',
        why: 'Its replicas are out of sync, and after a restart the broker may not come up, or come up without them.',
        action: 'Repair or replace the disk and restart that broker by hand, then plan again.',
        source: 'DescribeLogDirs response (KIP-113)',
      }),
    ]);
  });

  it('are those with an error, whichever it is', () => {
    expect(brief(checkClusterRisks(withRisks({ logDirectories: [0, 3, 56].map(directory) })))).toEqual([
      'blocker: Log directory /data/3 of broker 2 is offline (error 3).',
      'blocker: Log directory /data/56 of broker 2 is offline (error 56, KAFKA_STORAGE_ERROR).',
    ]);
  });
});

describe('partitions that are being moved', () => {
  const move = (partition: number) => ({ topic: 'orders', partition, adding: [3], removing: [1] });

  it('are warned of together', () => {
    expect(checkClusterRisks(withRisks({ reassignments: [move(1), move(4)] }))).toEqual([
      warning({
        seen: '2 partitions are being reassigned: orders-1, orders-4.',
        why: 'A move keeps its partition under-replicated, so no broker is stopped before it ends; and it loads the brokers.',
        action: 'Wait for it (kafka-reassign-partitions.sh --list), or cancel it, and start no other.',
        source: 'KIP-455, ListPartitionReassignments',
      }),
    ]);
  });
});

describe('Cruise Control', () => {
  it('is known by its topics, however many partitions they have', () => {
    const topics = [
      partitionOf('__CruiseControlMetrics', [1, 2, 3]),
      partitionOf('__CruiseControlMetrics', [2, 3, 1], 1),
    ];
    expect(checkClusterRisks(withPartitions(...topics))).toEqual([
      warning({
        seen: 'Cruise Control works on this cluster: topic __CruiseControlMetrics.',
        why: 'A restart looks like a broken broker to it: self-healing would move partitions away in the middle of the roll.',
        action: 'Pause its self-healing and stop its executions until the upgrade has ended.',
        source: 'Cruise Control documentation, self-healing and pause_sampling',
      }),
    ]);
  });

  it.each([
    ['__KafkaCruiseControlPartitionMetricSamples', true],
    ['__KafkaCruiseControlModelTrainingSamples', true],
    ['__CruiseControlMetricsOfMine', false],
    ['my__CruiseControlMetrics', false],
    ['__consumer_offsets', false],
  ])('has topic %s: %s', (topic, is) => {
    expect(checkClusterRisks(withPartitions(partitionOf(topic, [1, 2, 3])))).toHaveLength(is ? 1 : 0);
  });
});

describe('elections that lose records', () => {
  const key = 'unclean.leader.election.enable';

  it('are warned of with where they are allowed', () => {
    expect(checkClusterRisks(running(key, 'true', 2))).toEqual([
      warning({
        seen: 'unclean.leader.election.enable is true on broker 2.',
        why: 'Should the in-sync replicas of a partition fail while a broker is down, one that is behind takes over, and acknowledged records are lost.',
        action: 'Set it to false for the time of the upgrade, unless losing records is accepted there.',
        source: 'unclean.leader.election.enable; KIP-106',
      }),
    ]);
  });

  it.each<[string, ClusterSnapshot, string[], string[]]>([
    ['on brokers', running(key, 'true', 1, 3), [], ['on broker 1, 3']],
    ['for topics', snapshot(), ['metrics', 'clicks'], ['for topic metrics, clicks']],
    ['on brokers and for topics', running(key, 'true', 2), ['metrics'], ['on broker 2 and for topic metrics']],
    ['nowhere', running(key, 'false', 1, 2, 3), [], []],
  ])('are allowed %s', (_what, given, uncleanTopics, where) => {
    expect(brief(checkClusterRisks({ ...given, risks: { ...noRisks, uncleanTopics } }))).toEqual(
      where.map((words) => `warning: unclean.leader.election.enable is true ${words}.`),
    );
  });
});

describe('leaders that are not where they are preferred', () => {
  /** Twenty partitions that prefer a broker; so many of them are led by broker 2. */
  const moved = (count: number, preferred = 1): PartitionState[] =>
    Array.from({ length: 20 }, (_, index) => ({
      ...partitionOf(`t${preferred}`, [preferred, 2], index),
      leader: index < count ? 2 : preferred,
    }));

  it('are noted, with the command that brings them back', () => {
    expect(checkClusterRisks(withPartitions(...moved(3)))).toEqual([
      note({
        seen: 'Leaders are not where they are preferred: 3 of 20 partitions of broker 1 are led by others.',
        why: 'Brokers that lead more than their share take longer to hand over, and the load of the others grows during each restart.',
        action:
          'bin/kafka-leader-election.sh --bootstrap-server … --election-type preferred --all-topic-partitions, or leave it to Kafka (auto.leader.rebalance.enable).',
        source: 'leader.imbalance.per.broker.percentage (10 by default)',
      }),
    ]);
  });

  it('are noted broker by broker', () => {
    expect(checkClusterRisks(withPartitions(...moved(20, 3), ...moved(5)))[0]?.seen).toBe(
      'Leaders are not where they are preferred: 20 of 20 partitions of broker 3 are led by others; 5 of 20 partitions of broker 1 are led by others.',
    );
  });

  it.each<[string, PartitionState[]]>([
    ['a tenth of them, as Kafka tolerates', moved(2)],
    ['a single one, whatever its share', [{ ...partitionOf('orders', [1, 2]), leader: 2 }]],
    ['none', moved(0)],
    ['one without replicas', [{ ...partitionOf('orders', []), leader: 1 }]],
  ])('are not noted for %s', (_what, partitions) => {
    expect(checkClusterRisks(withPartitions(...partitions))).toEqual([]);
  });
});

describe('stops that move no leaders first', () => {
  it('are not made', () => {
    expect(checkClusterRisks(running('controlled.shutdown.enable', 'false', 3))).toEqual([
      blocker('SettingsRefused', {
        seen: 'controlled.shutdown.enable is false on broker 3.',
        why: 'It would stop without moving its leaders first: every partition that it leads is unavailable until the controller notices.',
        action: 'Take the setting out of server.properties (true is the default) and restart that broker by hand.',
        source: 'controlled.shutdown.enable; KafkaBroker.shutdown',
      }),
    ]);
  });

  it('stop the upgrade for each broker', () => {
    expect(brief(checkClusterRisks(running('controlled.shutdown.enable', 'false', 1, 2)))).toEqual([
      'blocker: controlled.shutdown.enable is false on broker 1.',
      'blocker: controlled.shutdown.enable is false on broker 2.',
    ]);
    expect(checkClusterRisks(running('controlled.shutdown.enable', 'true', 1, 2))).toEqual([]);
  });
});

describe('groups that stand still already', () => {
  it('are named one by one, with how long and how much', () => {
    const standingGroups = [
      { group: 'billing', forMs: 7_400, lag: 120, partitions: ['orders-0', 'orders-1'] },
      { group: 'audit', forMs: 6_500, lag: 1, partitions: ['orders-2'] },
    ];
    const [billing, audit] = checkClusterRisks(withRisks({ standingGroups }));
    expect(billing).toEqual(
      warning({
        seen: 'Consumer group billing has not committed for 7 s while records arrive (2 partitions, lag 120).',
        why: 'What stands before the upgrade is not judged by its gates: nobody would see that it stands because of it.',
        action:
          'Look after its consumers first, or name it in policy.consumerLag.ignoredGroups if it only commits rarely.',
        source: 'committed offsets and log ends, sampled while the plan was made',
      }),
    );
    expect(audit?.seen).toBe(
      'Consumer group audit has not committed for 7 s while records arrive (1 partitions, lag 1).',
    );
  });
});

describe('what could not be looked at', () => {
  it('is said, each by itself', () => {
    const troubles = ['disk space of kafka-2 (df is not there)', 'log directories of broker 3 (timed out)'];
    expect(checkClusterRisks(withRisks({ troubles }))).toEqual(
      troubles.map((trouble) =>
        warning({
          seen: `Could not be looked at: ${trouble}.`,
          why: 'What was not seen is not known to be well.',
          action: 'Find out why, or look at it by hand before the approval.',
          source: 'this plan',
        }),
      ),
    );
  });
});

it('every risk is looked for, also when nobody answered the question for partitions', () => {
  const risks = withRisks({
    logDirectories: [{ nodeId: 1, directory: '/data', errorCode: 56 }],
    reassignments: [{ topic: 'orders', partition: 0, adding: [], removing: [] }],
    uncleanTopics: ['metrics'],
    standingGroups: [{ group: 'billing', forMs: 6_000, lag: 2, partitions: ['orders-0'] }],
    troubles: ['disk space (host is away)'],
  });
  expect(brief(checkClusterRisks({ ...risks, views: [] }))).toEqual([
    'blocker: Log directory /data of broker 1 is offline (error 56, KAFKA_STORAGE_ERROR).',
    'warning: 1 partitions are being reassigned: orders-0.',
    'warning: unclean.leader.election.enable is true for topic metrics.',
    'warning: Consumer group billing has not committed for 6 s while records arrive (1 partitions, lag 2).',
    'warning: Could not be looked at: disk space (host is away).',
  ]);
});
