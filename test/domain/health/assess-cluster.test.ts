import fc from 'fast-check';
import type { MetadataView, NodeGauges } from '../../../src/domain/cluster/cluster';
import {
  checkBrokersOnline,
  checkCluster,
  checkController,
  checkGauges,
  checkPartitions,
} from '../../../src/domain/health/assess-cluster';
import { verdictOf } from '../../../src/domain/health/gate';
import { activeController } from '../../../src/domain/health/measurement';
import type { ClusterMeasurement } from '../../../src/domain/health/measurement';
import { goodGauges, healthy, healthyKraft, partitionOf, quorumOf, viewOf } from '../../support/healthy-measurement';

const zookeeperController = (views: MetadataView[]) => activeController({ mode: 'zookeeper', views, quorum: null });

describe('the active controller', () => {
  const view = (controllerId: number | null) => ({ ...viewOf(1, [1, 2], []), controllerId });

  it('is the one that all views name', () => {
    expect(zookeeperController([view(2), view(2)])).toBe(2);
    expect(zookeeperController([view(2), view(1)])).toBeNull();
    expect(zookeeperController([view(2), view(null)])).toBeNull();
    expect(zookeeperController([view(null), view(null)])).toBeNull();
    expect(zookeeperController([])).toBeNull();
  });

  it('is missing in words', () => {
    const measurement = { ...healthy(), views: [view(1), { ...view(null), observedBy: 2 }] };
    expect(checkController(measurement).message).toBe(
      'no agreed active controller: broker 1 says 1, broker 2 says none',
    );
    expect(checkController({ ...measurement, views: [] }).message).toContain('no broker answered');
  });
});

describe('brokers online', () => {
  it('names who does not answer, and why', () => {
    const unreachable = [{ nodeId: 3, why: 'connection refused' }];
    expect(checkBrokersOnline({ ...healthy(), unreachable })).toMatchObject({
      status: 'failed',
      message: 'broker 3 does not answer (connection refused)',
    });
  });

  it('names who is missing in whose view', () => {
    const measurement = { ...healthy(), views: [viewOf(1, [1, 2, 3], []), viewOf(2, [1, 2], [])] };
    expect(checkBrokersOnline(measurement).message).toBe('broker 2 sees 2 of 3 brokers online; missing: 3');
  });

  it('counts the brokers of the definition, not strangers', () => {
    const measurement = { ...healthy(), views: [1, 2].map((id) => viewOf(id, [1, 2, 9], [])) };
    expect(checkBrokersOnline(measurement).message).toBe('broker 1 sees 2 of 3 brokers online; missing: 3');
  });

  it('needs two answers, or one from a cluster of one', () => {
    expect(checkBrokersOnline({ ...healthy(), views: [viewOf(1, [1, 2, 3], [])] })).toMatchObject({
      status: 'inconclusive',
      message: 'only 1 of at least 2 brokers answered',
    });
    expect(checkBrokersOnline(healthy([1])).status).toBe('successful');
  });
});

describe('partitions', () => {
  it('are judged by the worst view', () => {
    const sick = [
      { ...partitionOf('a', [1, 2]), leader: null, isr: [] },
      { ...partitionOf('b', [1, 2]), isr: [1] },
    ];
    const measurement = { ...healthy(), views: [viewOf(1, [1, 2, 3], []), viewOf(2, [1, 2, 3], sick)] };
    expect(checkPartitions(measurement).map(({ message }) => message)).toEqual([
      '1 offline partitions: a-0',
      '2 under-replicated partitions: a-0, b-0',
    ]);
  });

  it('are told in few words, however many there are, with how many are left out', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({ ...partitionOf('t', [1, 2], index), isr: [1] }));
    const measurement = { ...healthy(), views: [viewOf(1, [1, 2, 3], many), viewOf(2, [1, 2, 3], many)] };
    expect(checkPartitions(measurement)[1]?.message).toBe(
      '5000 under-replicated partitions: t-0, t-1, t-2, t-3, t-4 and 4995 more',
    );
  });
});

describe('gauges', () => {
  it('are wanted of every broker, and of the controller', () => {
    expect(checkGauges(healthy()).map(({ status }) => status)).toEqual(['successful', 'successful', 'successful']);
  });

  it('say why they cannot be measured; what is wrong goes first', () => {
    const measurement = {
      ...healthy(),
      gauges: { 1: goodGauges, 2: null, 3: { ...goodGauges, underReplicatedPartitions: 4 } },
      gaugeTrouble: { 1: null, 2: 'connection refused', 3: null },
    };
    const [lagging, state] = checkGauges(measurement);
    expect(lagging).toMatchObject({ status: 'failed', message: expect.stringContaining('4 on broker 3') });
    expect(state).toMatchObject({
      status: 'inconclusive',
      message: expect.stringContaining('broker 2 (connection refused)'),
    });
  });

  it('need a controller for OfflinePartitionsCount', () => {
    expect(checkGauges({ ...healthy(), views: [] })[2]).toMatchObject({
      status: 'inconclusive',
      message: 'JMX OfflinePartitionsCount needs an active controller',
    });
  });
});

describe('the gauges, word by word', () => {
  const measured = (change: Partial<ClusterMeasurement>) => checkGauges({ ...healthy(), ...change });
  const gauges = (...values: (Partial<NodeGauges> | null)[]) =>
    Object.fromEntries(values.map((value, index) => [index + 1, value === null ? null : { ...goodGauges, ...value }]));

  it.each<[string, Partial<ClusterMeasurement>, [string, string, string]]>([
    [
      'a whole cluster',
      {},
      [
        'JMX UnderReplicatedPartitions is 0 on brokers 1, 2, 3',
        'JMX BrokerState is 3 on brokers 1, 2, 3',
        'JMX OfflinePartitionsCount is 0 on broker 1',
      ],
    ],
    [
      'two brokers with missing replicas',
      { gauges: gauges({ underReplicatedPartitions: 4 }, {}, { underReplicatedPartitions: 7 }) },
      [
        'JMX UnderReplicatedPartitions is 4 on broker 1, 7 on broker 3 instead of 0',
        'JMX BrokerState is 3 on brokers 1, 2, 3',
        'JMX OfflinePartitionsCount is 0 on broker 1',
      ],
    ],
    [
      'a broker that recovers, and offline partitions',
      { gauges: gauges({ offlinePartitions: 2 }, { brokerState: 2 }, {}) },
      [
        'JMX UnderReplicatedPartitions is 0 on brokers 1, 2, 3',
        'JMX BrokerState is 2 on broker 2 instead of 3',
        'JMX OfflinePartitionsCount is 2 on broker 1 instead of 0',
      ],
    ],
    [
      'brokers without a sample, for a known reason and for none',
      { gauges: gauges({}, null, null), gaugeTrouble: { 2: 'jmxtool ended with 1' } },
      [
        'JMX UnderReplicatedPartitions cannot be measured on broker 2 (jmxtool ended with 1), broker 3 (no fresh sample)',
        'JMX BrokerState cannot be measured on broker 2 (jmxtool ended with 1), broker 3 (no fresh sample)',
        'JMX OfflinePartitionsCount is 0 on broker 1',
      ],
    ],
  ])('of %s', (_what, change, messages) => {
    expect(measured(change).map(({ message }) => message)).toEqual(messages);
  });

  it('of another broker than the controller do not count for offline partitions', () => {
    expect(verdictOf(measured({ gauges: gauges({}, { offlinePartitions: 5 }, {}) })).status).toBe('successful');
  });

  it('of a cluster of one broker name it', () => {
    expect(checkGauges(healthy([7], [], {})).map(({ message }) => message)).toEqual([
      'JMX UnderReplicatedPartitions is 0 on broker 7',
      'JMX BrokerState is 3 on broker 7',
      'JMX OfflinePartitionsCount is 0 on broker 7',
    ]);
  });
});

describe('the active controller of a KRaft cluster', () => {
  it.each<[string, Partial<ClusterMeasurement>, string, string]>([
    ['its quorum has a leader', {}, 'successful', 'the active controller is 1'],
    [
      'it has none',
      { quorum: quorumOf([1, 2, 3], { leaderId: null }) },
      'inconclusive',
      'the controllers have no leader (an election runs)',
    ],
    [
      'nobody answers',
      { quorum: null, quorumTrouble: 'broker 1: timed out' },
      'inconclusive',
      'the controllers have no leader (broker 1: timed out)',
    ],
  ])('when %s', (_when, change, status, message) => {
    expect(checkController({ ...healthyKraft(), ...change })).toEqual({ name: 'active controller', status, message });
  });
});

describe('a whole cluster', () => {
  const names = (measurement: ClusterMeasurement) => checkCluster(measurement).map(({ name }) => name);

  it('passes every check, and on KRaft that of the quorum as well', () => {
    expect(names(healthy())).toEqual([
      'brokers online',
      'active controller',
      'offline partitions',
      'under-replicated partitions',
      'JMX UnderReplicatedPartitions',
      'JMX BrokerState',
      'JMX OfflinePartitionsCount',
    ]);
    expect(names(healthyKraft())).toEqual([
      'brokers online',
      'active controller',
      'controller quorum',
      ...names(healthy()).slice(2),
    ]);
    for (const measurement of [healthy(), healthyKraft(), healthyKraft([1, 2, 3], [101, 102, 103])])
      expect(verdictOf(checkCluster(measurement)).status).toBe('successful');
  });

  it('is told in one line', () => {
    expect(verdictOf(checkCluster(healthyKraft([1, 2, 3], [101, 102, 103]))).message).toBe(
      '3 of 3 brokers online; the active controller is 101; 3 of 3 voters caught up; 0 offline partitions; 0 under-replicated partitions; JMX UnderReplicatedPartitions is 0 on brokers 1, 2, 3; JMX BrokerState is 3 on brokers 1, 2, 3; JMX OfflinePartitionsCount is 0 on controller 101',
    );
  });

  it('property: no view can hide what another one sees', () => {
    const anyIsr = fc.subarray([1, 2, 3], { minLength: 1 });
    fc.assert(
      fc.property(fc.array(anyIsr, { minLength: 2, maxLength: 3 }), (isrs) => {
        const views = isrs.map((isr, index) => viewOf(index + 1, [1, 2, 3], [{ ...partitionOf('t', [1, 2, 3]), isr }]));
        const whole = isrs.every((isr) => isr.length === 3);
        expect(checkPartitions({ ...healthy(), views }).every(({ status }) => status === 'successful')).toBe(whole);
      }),
    );
  });
});
