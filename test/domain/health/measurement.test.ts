import fc from 'fast-check';
import type { ClusterMode, NodeId } from '../../../src/domain/cluster/cluster';
import { activeController, allNodes, measuredNode, withoutNode } from '../../../src/domain/health/measurement';
import type { ClusterMeasurement } from '../../../src/domain/health/measurement';
import { goodGauges, healthy, healthyKraft, partitionOf, quorumOf, viewOf } from '../../support/healthy-measurement';

describe('the active controller', () => {
  const told = (...controllers: (NodeId | null)[]): ClusterMeasurement['views'] =>
    controllers.map((controllerId, index) => ({ ...viewOf(index + 1, [1, 2, 3], []), controllerId }));

  it.each<[string, (NodeId | null)[], NodeId | null]>([
    ['the one that all brokers agree on', [2, 2, 2], 2],
    ['the one that the only answer names', [3], 3],
    ['not known while a cache names another', [2, 2, 1], null],
    ['not known while a cache names none', [2, null], null],
    ['none while all of them name none', [null, null], null],
    ['not known without an answer', [], null],
  ])('in ZooKeeper mode is %s', (_what, controllers, expected) => {
    expect(activeController({ mode: 'zookeeper', views: told(...controllers), quorum: null })).toBe(expected);
  });

  it.each<[string, ClusterMeasurement['quorum'], NodeId | null]>([
    ['the leader of the quorum, whatever Metadata answers say', quorumOf([101, 102, 103]), 101],
    ['none while the quorum has no leader', quorumOf([101, 102, 103], { leaderId: null }), null],
    ['not known while the quorum cannot be read', null, null],
  ])('on KRaft is %s', (_what, quorum, expected) => {
    expect(activeController({ mode: 'kraft', views: told(7, 7, 7), quorum })).toBe(expected);
  });

  it('in ZooKeeper mode is not taken from a quorum', () => {
    expect(activeController({ mode: 'zookeeper', views: [], quorum: quorumOf([101]) })).toBeNull();
  });
});

describe('the nodes of a measurement', () => {
  it.each<[string, ClusterMeasurement, NodeId[]]>([
    ['brokers alone', healthy([3, 1]), [3, 1]],
    ['brokers, then controllers of their own', healthyKraft([1, 2], [101]), [1, 2, 101]],
    ['combined nodes once', healthyKraft([1, 2, 3]), [1, 2, 3]],
    ['a cluster of both kinds', healthyKraft([1, 2, 3], [2, 101]), [1, 2, 3, 101]],
  ])('are %s', (_what, measurement, ids) => {
    expect(allNodes(measurement)).toEqual(ids);
  });

  it.each([
    [2, 'broker 2'],
    [101, 'controller 101'],
    [1, 'broker 1'],
  ])('have words: %d is %s', (nodeId, words) => {
    expect(measuredNode(healthyKraft([1, 2, 3], [1, 101]), nodeId)).toBe(words);
  });
});

describe('the look as if a node were not there', () => {
  const sick = { ...goodGauges, underReplicatedPartitions: 2 };

  it('has neither its answers nor its replicas; what it leads stays told', () => {
    const partitions = [partitionOf('orders', [1, 2, 3]), partitionOf('audit', [2])];
    const left = withoutNode(healthy([1, 2, 3], partitions), 2);
    expect(left.brokers).toEqual([1, 3]);
    expect(left.views.map(({ observedBy }) => observedBy)).toEqual([1, 3]);
    expect(left.views[0]?.partitions).toEqual([
      { topic: 'orders', partition: 0, leader: 1, replicas: [1, 3], isr: [1, 3] },
      { topic: 'audit', partition: 0, leader: 2, replicas: [], isr: [] },
    ]);
  });

  it('does not hold it against the others that it did not answer', () => {
    const unreachable = [2, 3].map((nodeId) => ({ nodeId, why: 'connection refused' }));
    expect(withoutNode({ ...healthy(), unreachable }, 2).unreachable).toEqual([
      { nodeId: 3, why: 'connection refused' },
    ]);
  });

  it.each<[string, NodeId[], number]>([
    ['counts as met where every other replica is in sync', [1, 3], 0],
    ['stays where another replica is behind, too', [1], 2],
  ])('the gauge of under-replicated partitions %s', (_what, isr, count) => {
    const partitions = [{ ...partitionOf('orders', [1, 2, 3]), isr }];
    const measurement = { ...healthy([1, 2, 3], partitions), gauges: { 1: sick, 2: null, 3: goodGauges } };
    const { gauges } = withoutNode(measurement, 2);
    expect(gauges[1]?.underReplicatedPartitions).toBe(count);
    expect(gauges[2]).toBeNull();
  });

  it('takes it out of the voters, and leaves a quorum that cannot be read unread', () => {
    const kraft = healthyKraft([1, 2, 3], [101, 102, 103]);
    const left = withoutNode(kraft, 102);
    expect(left.controllers).toEqual([101, 103]);
    expect(left.quorum?.voters.map(({ id }) => id)).toEqual([101, 103]);
    expect(left.brokers).toEqual([1, 2, 3]);
    expect(withoutNode({ ...kraft, quorum: null }, 102).quorum).toBeNull();
  });

  const anyMeasurement = fc
    .record({
      mode: fc.constantFrom<ClusterMode>('zookeeper', 'kraft'),
      replicas: fc.array(fc.shuffledSubarray([1, 2, 3, 4], { minLength: 1 }), { maxLength: 5 }),
      behind: fc.constantFrom(1, 2, 3, 4),
    })
    .map(({ mode, replicas, behind }) => {
      const partitions = replicas.map((ids, index) => ({
        ...partitionOf('orders', ids, index),
        isr: ids.filter((id) => id !== behind),
      }));
      const base = mode === 'kraft' ? healthyKraft([1, 2, 3, 4]) : healthy([1, 2, 3, 4]);
      return { ...base, views: [1, 2, 3, 4].map((id) => viewOf(id, [1, 2, 3, 4], partitions)) };
    });
  const anyNode = fc.constantFrom(1, 2, 3, 4, 99);

  it('changes nothing the second time, and nothing for a node that is not of the cluster', () => {
    fc.assert(
      fc.property(anyMeasurement, anyNode, (measurement, nodeId) => {
        const once = withoutNode(measurement, nodeId);
        expect(withoutNode(once, nodeId)).toEqual(once);
        expect(withoutNode(measurement, 98).views).toEqual(measurement.views);
      }),
    );
  });

  it('never makes a partition that lacks another replica look whole', () => {
    fc.assert(
      fc.property(anyMeasurement, anyNode, (measurement, nodeId) => {
        const behind = (given: ClusterMeasurement): number[] =>
          given.views.flatMap(({ partitions }) =>
            partitions.flatMap(({ replicas, isr }) => replicas.filter((id) => !isr.includes(id))),
          );
        const others = measurement.views.filter(({ observedBy }) => observedBy !== nodeId);
        expect(behind(withoutNode(measurement, nodeId))).toEqual(
          behind({ ...measurement, views: others }).filter((id) => id !== nodeId),
        );
      }),
    );
  });
});
