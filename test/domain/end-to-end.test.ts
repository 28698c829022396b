import { checkEndToEnd, checkEndToEndTopic, probedPartitions } from '../../src/domain/end-to-end';
import type { ProbeRecord } from '../../src/domain/end-to-end';
import { defaultPolicy } from '../../src/domain/policy';
import { partitionOf, viewOf } from '../support/healthy-measurement';
import { snapshot } from '../support/snapshot';

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

describe('checkEndToEnd', () => {
  it('passes with the slowest times', () => {
    const records = [record(), record({ partition: 1, writtenMs: 3, readMs: 9 })];
    expect(checkEndToEnd('probe', records)).toEqual({
      name: 'end to end',
      status: 'successful',
      message: 'a record to each of probe-0,1 was on all in-sync replicas within 12 ms and read back within 9 ms',
    });
  });

  it('fails as soon as one record fails, and names only those that do', () => {
    const records = [record(), record({ partition: 1, readMs: null, trouble: 'error 19 (NOT_ENOUGH_REPLICAS)' })];
    expect(checkEndToEnd('probe', records)).toMatchObject({
      status: 'failed',
      message: 'a record to probe-1: error 19 (NOT_ENOUGH_REPLICAS)',
    });
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
    const [finding] = checkEndToEndTopic(snapshot({ policy, views: view([]) }));
    expect(finding).toMatchObject({
      severity: 'blocker',
      seen: 'Topic probe (policy.endToEndTopic) does not exist.',
      action: expect.stringMatching(
        /^Create it: kafka-topics.sh --bootstrap-server \S+ --create --topic probe --partitions 3 --replication-factor 3 --config min.insync.replicas=2 --config retention.ms=3600000$/,
      ),
    });
  });

  it('warns of brokers that it does not write through', () => {
    const [finding] = checkEndToEndTopic(snapshot({ policy, views: view([1, 1]) }));
    expect(finding).toMatchObject({
      severity: 'warning',
      seen: 'Broker 2, 3 is the preferred leader of no partition of probe (policy.endToEndTopic).',
    });
  });
});
