import fc from 'fast-check';
import { checkEndToEnd, checkEndToEndTopic, probedPartitions } from '../../../src/domain/checks/end-to-end';
import type { ProbeRecord } from '../../../src/domain/checks/end-to-end';
import { defaultPolicy } from '../../../src/domain/policy/policy';
import { partitionOf, viewOf } from '../../support/healthy-measurement';
import { kraftSnapshot, snapshot } from '../../support/snapshot';

const record = (overrides: Partial<ProbeRecord> = {}): ProbeRecord => ({
  partition: 0,
  leader: 1,
  writtenMs: 11.6,
  readMs: 2.2,
  trouble: null,
  ...overrides,
});

describe('probedPartitions', () => {
  it('takes the first partition of each leader, and every one without a leader', () => {
    const partitions = [
      partitionOf('probe', [2, 1], 3),
      partitionOf('probe', [1, 2], 0),
      partitionOf('probe', [1, 2], 1),
      { ...partitionOf('probe', [3, 1], 2), leader: null },
      { ...partitionOf('probe', [3, 1], 4), leader: null },
      partitionOf('orders', [3, 1], 0),
    ];
    expect(probedPartitions('probe', { partitions })).toEqual([
      { partition: 0, leader: 1 },
      { partition: 2, leader: null },
      { partition: 3, leader: 2 },
      { partition: 4, leader: null },
    ]);
  });
});

describe('property: the probed partitions', () => {
  const anyPartition = fc.record({
    topic: fc.constantFrom('probe', 'orders'),
    leader: fc.option(fc.integer({ min: 1, max: 4 })),
  });

  it('are one of each leader, and all without one, of that topic alone', () => {
    fc.assert(
      fc.property(fc.array(anyPartition), (found) => {
        const partitions = found.map(({ topic, leader }, index) => ({ ...partitionOf(topic, [1, 2], index), leader }));
        const probed = probedPartitions('probe', { partitions });
        const own = found.filter(({ topic }) => topic === 'probe').map(({ leader }) => leader);
        const leaders = new Set(own.filter((leader) => leader !== null));
        expect(probed.filter(({ leader }) => leader === null)).toHaveLength(own.filter((id) => id === null).length);
        expect(new Set(probed.flatMap(({ leader }) => leader ?? []))).toEqual(leaders);
        expect(probed.filter(({ leader }) => leader !== null)).toHaveLength(leaders.size);
      }),
    );
  });
});

describe('checkEndToEnd', () => {
  it('passes with the slowest times', () => {
    const records = [record(), record({ partition: 1, writtenMs: 3, readMs: 9 })];
    expect(checkEndToEnd('probe', records)).toEqual({
      name: 'end to end',
      status: 'successful',
      message: 'a record to each of probe-0,1 was on all in-sync replicas within 12 ms and read back within 9 ms',
    });
  });

  it.each<[string, ProbeRecord[], string]>([
    [
      'at once',
      [record({ writtenMs: 0.2, readMs: 0.4 })],
      'probe-0 was on all in-sync replicas within 0 ms and read back within 0 ms',
    ],
    [
      'with the slowest of three',
      [record({ writtenMs: 5, readMs: 700 }), record({ partition: 2, writtenMs: 1_200.4 }), record({ partition: 7 })],
      'probe-0,2,7 was on all in-sync replicas within 1200 ms and read back within 700 ms',
    ],
  ])('passes %s', (_how, records, words) => {
    expect(checkEndToEnd('probe', records)).toMatchObject({
      status: 'successful',
      message: `a record to each of ${words}`,
    });
  });

  const failing = (...partitions: number[]) =>
    partitions.map((partition) => record({ partition, readMs: null, trouble: 'error 19 (NOT_ENOUGH_REPLICAS)' }));

  it.each<[string, ProbeRecord[], string]>([
    ['one record fails', [record(), ...failing(1)], 'a record to probe-1: error 19 (NOT_ENOUGH_REPLICAS)'],
    [
      'one is written but not read back',
      [record({ readMs: null, trouble: 'not read back within 5 s' }), record({ partition: 1 })],
      'a record to probe-0: not read back within 5 s',
    ],
    [
      'a partition has no leader',
      [record({ leader: null, writtenMs: null, readMs: null, trouble: 'no leader' })],
      'a record to probe-0: no leader',
    ],
    [
      'many fail, of which it names three',
      failing(1, 2, 3, 4, 5),
      'a record to probe-1: error 19 (NOT_ENOUGH_REPLICAS), a record to probe-2: error 19 (NOT_ENOUGH_REPLICAS), a record to probe-3: error 19 (NOT_ENOUGH_REPLICAS) and 2 more',
    ],
  ])('fails as soon as %s', (_what, records, message) => {
    expect(checkEndToEnd('probe', records)).toEqual({ name: 'end to end', status: 'failed', message });
  });

  it('fails when the topic is gone: nothing was proven', () => {
    expect(checkEndToEnd('probe', [])).toMatchObject({
      status: 'failed',
      message: 'topic probe (policy.endToEndTopic) does not exist',
    });
  });
});

describe('checkEndToEndTopic', () => {
  const policy = { ...defaultPolicy, endToEndTopic: 'probe' };
  const partitions = (preferred: number[]) =>
    preferred.map((id, index) => partitionOf('probe', [id, ...[1, 2, 3].filter((other) => other !== id)], index));
  const view = (preferred: number[]) => [viewOf(1, [1, 2, 3], partitions(preferred))];

  it('says nothing when the policy names none, or when no broker told its topics', () => {
    expect(checkEndToEndTopic(snapshot({ views: view([]) }))).toEqual([]);
    expect(checkEndToEndTopic(snapshot({ policy, views: [] }))).toEqual([]);
  });

  it('says nothing when every broker is the preferred leader of a partition', () => {
    expect(checkEndToEndTopic(snapshot({ policy, views: view([1, 2, 3]) }))).toEqual([]);
  });

  it('blocks without the topic, with the command that makes it', () => {
    expect(checkEndToEndTopic(snapshot({ policy, views: view([]) }))).toEqual([
      {
        severity: 'blocker',
        failure: 'InvalidDefinition',
        seen: 'Topic probe (policy.endToEndTopic) does not exist.',
        why: 'Every gate writes a record to it and reads it back; without it none would open.',
        action:
          'Create it: kafka-topics.sh --bootstrap-server 10.0.0.1:9092 --create --topic probe --partitions 3 --replication-factor 3 --config min.insync.replicas=2 --config retention.ms=3600000',
        source: 'cluster definition, policy.endToEndTopic',
      },
    ]);
  });

  it.each([
    [1, '--partitions 1 --replication-factor 1 --config min.insync.replicas=1'],
    [2, '--partitions 2 --replication-factor 2 --config min.insync.replicas=1'],
    [3, '--partitions 3 --replication-factor 3 --config min.insync.replicas=2'],
    [5, '--partitions 5 --replication-factor 3 --config min.insync.replicas=2'],
  ])('makes it so that %i brokers can be restarted one by one, if that is possible', (count, words) => {
    const nodes = Array.from({ length: count }, (_, index) => ({
      id: index + 1,
      roles: ['broker' as const],
      address: '',
      kafka: `k${index + 1}:9092`,
    }));
    const [finding] = checkEndToEndTopic(snapshot({ policy, nodes, views: view([]) }));
    expect(finding?.action).toContain(`--bootstrap-server k1:9092 --create --topic probe ${words} `);
  });

  it('makes it through a broker, not through a controller of its own', () => {
    const nodes = [
      { id: 101, roles: ['controller' as const], address: '', kafka: 'c:9093' },
      { id: 1, roles: ['broker' as const], address: '', kafka: 'b:9092' },
    ];
    const [finding] = checkEndToEndTopic(kraftSnapshot({ policy, nodes, views: view([]) }));
    expect(finding?.action).toContain('--bootstrap-server b:9092 --create --topic probe --partitions 1 ');
  });

  it.each([
    [[1, 1], '2, 3'],
    [[3, 2], '1'],
    [[1, 2, 2, 1], '3'],
  ])('warns of brokers that it does not write through: preferred %j', (preferred, brokers) => {
    expect(checkEndToEndTopic(snapshot({ policy, views: view(preferred) }))).toEqual([
      {
        severity: 'warning',
        failure: null,
        seen: `Broker ${brokers} is the preferred leader of no partition of probe (policy.endToEndTopic).`,
        why: 'No record is written through a broker that leads none of its partitions.',
        action:
          'Give the topic a partition for each broker, with kafka-topics.sh --alter or kafka-reassign-partitions.sh.',
        source: 'cluster definition, policy.endToEndTopic',
      },
    ]);
  });

  it('goes by who should lead, not by who leads now', () => {
    const led = partitions([1, 2, 3]).map((partition) => ({ ...partition, leader: 1 }));
    expect(checkEndToEndTopic(snapshot({ policy, views: [viewOf(1, [1, 2, 3], led)] }))).toEqual([]);
  });
});
