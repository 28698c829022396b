import fc from 'fast-check';
import { assessStop } from '../../../src/domain/health/assess-stop';
import { acceptableOf } from '../../../src/domain/health/gate';
import type { MetadataView, NodeGauges, PartitionState } from '../../../src/domain/cluster/cluster';
import type { ClusterMeasurement } from '../../../src/domain/health/measurement';
import { goodGauges, healthy, healthyKraft, partitionOf, viewOf } from '../../support/healthy-measurement';

const rules = (nodeId = 2, overrides = {}) => ({
  nodeId,
  minIsrMargin: 0,
  accepted: [],
  maybeSick: false,
  ...overrides,
});

const checkOf = (measurement: ClusterMeasurement, name: string, given = rules()) =>
  assessStop(measurement, given).checks.find((check) => check.name === name);

const availability = 'availability without this node';

describe('a stop', () => {
  it('is allowed in a whole cluster that keeps its minima, and says so with numbers', () => {
    const verdict = assessStop(healthy(), rules());
    expect(verdict.status).toBe('successful');
    expect(verdict.message).toContain('3 of 3 brokers online');
    expect(verdict.message).toContain('every partition keeps min.insync.replicas + 0 without broker 2');
  });

  it('of a controller of its own is told in its words', () => {
    const isolated = healthyKraft([1, 2, 3], [101, 102, 103]);
    expect(checkOf(isolated, availability, rules(102))).toEqual({
      name: availability,
      status: 'successful',
      message: 'every partition keeps min.insync.replicas + 0 without controller 102',
    });
    expect(checkOf(isolated, availability, rules(2))?.message).toContain('+ 0 without broker 2');
  });

  it('is refused when one view alone sees the minimum missed', () => {
    const measurement = healthy([1, 2, 3], [partitionOf('orders', [1, 2, 3])], { orders: 2 });
    const stale = viewOf(3, [1, 2, 3], [{ ...partitionOf('orders', [1, 2, 3]), isr: [1, 2] }]);
    measurement.views = [...measurement.views.slice(0, 2), stale];
    expect(assessStop(measurement, rules()).status).toBe('failed');
    expect(checkOf(measurement, availability)?.message).toContain('without node 2 there would be 1 in sync');
  });

  it('says a blocking partition once, and at most three of them', () => {
    const partitions = Array.from({ length: 9 }, (_, index) => partitionOf('orders', [1, 2], index));
    const measurement = healthy([1, 2, 3], partitions, { orders: 2 });
    const message = checkOf(measurement, availability)?.message ?? '';
    expect(message.match(/orders-\d/g)).toHaveLength(3);
    expect(message).toContain('and 6 more');
  });

  it('is refused while min.insync.replicas of one topic is not known', () => {
    const measurement = healthy([1, 2, 3], [partitionOf('orders', [1, 2, 3]), partitionOf('new', [1, 2, 3])]);
    expect(checkOf(measurement, availability)).toMatchObject({
      status: 'inconclusive',
      message: 'min.insync.replicas is not known for topic new',
    });
  });

  it('is not misled by topics that are called like parts of the language', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      const measurement = healthy([1, 2, 3], [partitionOf(name, [1, 2, 3])], {});
      expect(assessStop(measurement, rules()).status).not.toBe('successful');
    }
  });

  it('wants the margin on top', () => {
    const measurement = healthy([1, 2, 3], [partitionOf('orders', [1, 2, 3])], { orders: 1 });
    expect(assessStop(measurement, rules(2, { minIsrMargin: 1 })).status).toBe('successful');
  });

  it('is allowed beside an accepted topic only', () => {
    const measurement = healthy([1, 2, 3], [partitionOf('audit', [2])], { audit: 1 });
    expect(assessStop(measurement, rules()).status).toBe('failed');
    expect(assessStop(measurement, rules(2, { accepted: ['audit'] })).status).toBe('successful');
    expect(assessStop(measurement, rules(2, { accepted: ['aud*', 'group:audit'] })).status).toBe('failed');
    expect(acceptableOf(assessStop(measurement, rules()))).toEqual(['audit']);
    const small = healthy([1, 2, 3], [{ ...partitionOf('audit', [2, 3]), isr: [2] }], { audit: 1 });
    expect(acceptableOf(assessStop(small, rules()))).toEqual([]);
    expect(assessStop(measurement, rules(2, { accepted: ['other'] })).status).toBe('failed');
  });
});

type Fault = (measurement: ClusterMeasurement) => ClusterMeasurement;

const withGauges = (measurement: ClusterMeasurement, nodeId: number, gauges: Partial<NodeGauges> | null) => ({
  ...measurement,
  gauges: { ...measurement.gauges, [nodeId]: gauges === null ? null : { ...goodGauges, ...gauges } },
});

const mapViews = (measurement: ClusterMeasurement, change: (view: MetadataView, index: number) => MetadataView) => ({
  ...measurement,
  views: measurement.views.map(change),
});

const mapPartitions = (measurement: ClusterMeasurement, change: (state: PartitionState) => PartitionState) =>
  mapViews(measurement, (view, index) =>
    index === 1 ? { ...view, partitions: view.partitions.map((state, i) => (i === 0 ? change(state) : state)) } : view,
  );

const faults: Record<string, Fault> = {
  'a broker does not answer': (m) => ({ ...m, unreachable: [{ nodeId: 3, why: 'refused' }] }),
  'one view misses a broker': (m) =>
    mapViews(m, (view, index) => (index === 0 ? { ...view, brokers: view.brokers.slice(1) } : view)),
  'no broker answered': (m) => ({ ...m, views: [] }),
  'only one broker answered': (m) => ({ ...m, views: m.views.slice(0, 1) }),
  'the views disagree on the controller': (m) =>
    mapViews(m, (view, index) => (index === 0 ? { ...view, controllerId: 3 } : view)),
  'there is no controller': (m) => mapViews(m, (view) => ({ ...view, controllerId: null })),
  'a partition has no leader in one view': (m) => mapPartitions(m, (state) => ({ ...state, leader: null })),
  'a replica is out of sync in one view': (m) => mapPartitions(m, (state) => ({ ...state, isr: state.isr.slice(1) })),
  'a broker has no sample': (m) => withGauges(m, 3, null),
  'a broker has no gauges at all': (m) => ({ ...m, gauges: {} }),
  'UnderReplicatedPartitions is missing': (m) => withGauges(m, 2, { underReplicatedPartitions: null }),
  'UnderReplicatedPartitions is not zero': (m) => withGauges(m, 2, { underReplicatedPartitions: 1 }),
  'BrokerState is missing': (m) => withGauges(m, 3, { brokerState: null }),
  'a broker recovers its logs': (m) => withGauges(m, 3, { brokerState: 2 }),
  'a broker shuts down': (m) => withGauges(m, 3, { brokerState: 6 }),
  'OfflinePartitionsCount of the controller is missing': (m) => withGauges(m, 1, { offlinePartitions: null }),
  'OfflinePartitionsCount of the controller is not zero': (m) => withGauges(m, 1, { offlinePartitions: 2 }),
};

describe('I1a: nothing is stopped while', () => {
  it.each(Object.entries(faults))('%s', (_, fault) => {
    expect(assessStop(healthy(), rules()).status).toBe('successful');
    for (const nodeId of [1, 2, 3]) {
      const verdict = assessStop(fault(healthy()), rules(nodeId));
      expect(['failed', 'inconclusive']).toContain(verdict.status);
      expect(verdict.message).not.toBe('');
    }
  });

  it('any faults are combined, in any cluster', () => {
    const anyFaults = fc.subarray(Object.keys(faults), { minLength: 1 });
    fc.assert(
      fc.property(anyFaults, fc.constantFrom(1, 2, 3), fc.constantFrom([], ['*']), (names, nodeId, accepted) => {
        const measurement = names.reduce((m, name) => (faults[name] ?? ((same: typeof m) => same))(m), healthy());
        expect(assessStop(measurement, rules(nodeId, { accepted })).status).not.toBe('successful');
      }),
    );
  });
});

const topics = ['a', 'b', 'c'];

/** Clusters of two to five brokers, most of them whole, with what Kafka could report. */
const anyMeasurement = fc.integer({ min: 2, max: 5 }).chain((count) => {
  const nodes = Array.from({ length: count }, (_, index) => index + 1);
  const anyPartition = fc
    .tuple(fc.constantFrom(...topics), fc.shuffledSubarray(nodes, { minLength: 1 }), fc.nat(20))
    .chain(([topic, replicas, dice]) =>
      (dice === 0 ? fc.shuffledSubarray(replicas) : fc.constant(replicas)).map((isr): PartitionState => {
        return { topic, partition: 0, leader: isr[0] ?? null, replicas, isr };
      }),
    );
  const anyView = (partitions: PartitionState[], whole: boolean, down: number) =>
    nodes.map((id) =>
      viewOf(
        id,
        nodes.filter((other) => whole || other !== down),
        partitions.map((state, index) => ({ ...state, partition: index })),
      ),
    );
  return fc
    .record({
      partitions: fc.array(anyPartition, { maxLength: 8 }),
      minIsrs: fc.record({
        a: fc.integer({ min: 1, max: 3 }),
        b: fc.integer({ min: 1, max: 2 }),
        c: fc.constant(1),
      }),
      whole: fc.nat(9).map((dice) => dice > 0),
      down: fc.constantFrom(...nodes),
      nodeId: fc.constantFrom(...nodes),
      minIsrMargin: fc.nat(2),
      accepted: fc.subarray(topics),
      maybeSick: fc.constant(false),
      gauges: fc.array(fc.nat(30), { minLength: count, maxLength: count }),
    })
    .map(({ partitions, minIsrs, whole, down, gauges, ...given }) => {
      const samples: [number, NodeGauges | null][] = nodes.map((id, index) => {
        const dice = gauges[index] ?? 9;
        if (dice === 0) return [id, null];
        return [id, { ...goodGauges, underReplicatedPartitions: dice === 1 ? 1 : dice === 2 ? null : 0 }];
      });
      const measurement: ClusterMeasurement = {
        mode: 'zookeeper',
        brokers: nodes,
        controllers: [],
        quorum: null,
        quorumTrouble: null,
        views: anyView(partitions, whole, down),
        unreachable: [],
        minInsyncReplicas: minIsrs,
        gauges: Object.fromEntries(samples),
        gaugeTrouble: {},
      };
      return { measurement, given };
    });
});

describe('I1: whenever a stop is allowed, in any cluster,', () => {
  it('every other node is up, in sync and measured, and no partition that was not accepted goes under its minimum', () => {
    let allowed = 0;
    fc.assert(
      fc.property(anyMeasurement, ({ measurement, given }) => {
        const { nodeId, accepted, minIsrMargin } = given;
        if (assessStop(measurement, given).status !== 'successful') return;
        allowed += 1;
        for (const id of measurement.brokers) {
          expect(measurement.gauges[id]).toMatchObject({ underReplicatedPartitions: 0, brokerState: 3 });
        }
        for (const view of measurement.views) {
          expect(view.brokers.map(({ id }) => id)).toEqual(measurement.brokers);
          for (const { topic, replicas, isr, leader } of view.partitions) {
            expect({ isr: isr.length, leader }).toEqual({ isr: replicas.length, leader: expect.any(Number) });
            if (!replicas.includes(nodeId) || accepted.includes(topic)) continue;
            const minIsr = measurement.minInsyncReplicas[topic] ?? Number.NaN;
            const remaining = isr.filter((id) => id !== nodeId).length;
            expect(remaining).toBeGreaterThanOrEqual(minIsr);
            expect(remaining).toBeGreaterThanOrEqual(Math.min(minIsr + minIsrMargin, replicas.length - 1));
          }
        }
      }),
      { numRuns: 1_000 },
    );
    // The property says nothing unless stops are allowed now and then.
    expect(allowed).toBeGreaterThan(100);
  });

  it('stopping a second node is never allowed once the first is gone', () => {
    fc.assert(
      fc.property(anyMeasurement, fc.nat(4), ({ measurement, given }, offset) => {
        if (assessStop(measurement, given).status !== 'successful') return;
        const gone = given.nodeId;
        const others = measurement.brokers.filter((id) => id !== gone);
        const second = others[offset % others.length] ?? 0;
        const after: ClusterMeasurement = {
          ...measurement,
          unreachable: [{ nodeId: gone, why: 'it was stopped' }],
          gauges: { ...measurement.gauges, [gone]: null },
          views: measurement.views.filter(({ observedBy }) => observedBy !== gone),
        };
        expect(assessStop(after, { ...given, nodeId: second, accepted: ['*'], maybeSick: false }).status).not.toBe(
          'successful',
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('a topic whose min.insync.replicas could not be read', () => {
  it('keeps the gate closed', () => {
    const measurement = healthy([1, 2, 3], [partitionOf('orders', [1, 2, 3])], {});
    expect(checkOf(measurement, availability)?.status).toBe('inconclusive');
  });
});
