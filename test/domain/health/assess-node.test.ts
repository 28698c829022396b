import { checkCluster } from '../../../src/domain/health/assess-cluster';
import { checkNode, checkProtocol, checkVersion } from '../../../src/domain/health/assess-node';
import type { NodeExpectation } from '../../../src/domain/health/assess-node';
import { verdictOf } from '../../../src/domain/health/gate';
import type { ClusterMeasurement } from '../../../src/domain/health/measurement';
import { goodGauges, healthy, healthyKraft, partitionOf, viewOf } from '../../support/healthy-measurement';

const expected = (overrides: Partial<NodeExpectation> = {}): NodeExpectation => ({
  nodeId: 2,
  version: '3.8.1',
  protocol: '3.7',
  ...overrides,
});

const running = (version: string | null): ClusterMeasurement => ({
  ...healthy(),
  gauges: { 1: goodGauges, 2: { ...goodGauges, version }, 3: goodGauges },
});

const namesOf = (measurement: ClusterMeasurement, expectation: NodeExpectation): string[] =>
  checkNode(measurement, expectation, '3.7').map(({ name }) => name);

describe('I2: the version that a node runs', () => {
  it.each<[string, ClusterMeasurement, string, string]>([
    ['the planned one', running('3.8.1'), 'successful', 'broker 2 runs 3.8.1'],
    ['the old one', running('3.7.2'), 'failed', 'broker 2 runs 3.7.2, not 3.8.1'],
    ['another patch', running('3.8.0'), 'failed', 'broker 2 runs 3.8.0, not 3.8.1'],
    [
      'not told by its gauges',
      running(null),
      'inconclusive',
      'the version that broker 2 runs cannot be measured (no fresh JMX sample)',
    ],
    [
      'not told for a known reason',
      { ...healthy(), gauges: { 2: null }, gaugeTrouble: { 2: 'connection refused' } },
      'inconclusive',
      'the version that broker 2 runs cannot be measured (connection refused)',
    ],
    [
      'not told, and nobody knows why',
      { ...healthy(), gauges: {}, gaugeTrouble: {} },
      'inconclusive',
      'the version that broker 2 runs cannot be measured (no fresh JMX sample)',
    ],
  ])('is %s', (_what, measurement, status, message) => {
    expect(checkVersion(measurement, expected())).toEqual({ name: 'running version', status, message });
  });

  it('is that of a controller, in its own words', () => {
    const isolated = healthyKraft([1, 2, 3], [101, 102, 103]);
    expect(checkVersion(isolated, expected({ nodeId: 102 })).message).toBe('controller 102 runs 3.7.2, not 3.8.1');
    expect(checkVersion({ ...isolated, gauges: {} }, expected({ nodeId: 102 })).message).toBe(
      'the version that controller 102 runs cannot be measured (no fresh JMX sample)',
    );
  });
});

describe('I2: the protocol that a broker speaks', () => {
  it.each([
    ['3.7', 'successful', 'broker 2 speaks protocol 3.7'],
    ['3.7-IV4', 'successful', 'broker 2 speaks protocol 3.7-IV4'],
    ['3.7.2', 'successful', 'broker 2 speaks protocol 3.7.2'],
    ['3.7-IV3', 'failed', 'broker 2 speaks protocol 3.7-IV3, not 3.7'],
    ['3.8', 'failed', 'broker 2 speaks protocol 3.8, not 3.7'],
    ['nonsense', 'failed', 'broker 2 speaks protocol nonsense, not 3.7'],
    [null, 'inconclusive', 'the protocol that broker 2 speaks cannot be read'],
  ])('%s, with 3.7 planned, is %s', (speaks, status, message) => {
    expect(checkProtocol(speaks, expected())).toEqual([{ name: 'running protocol', status, message }]);
  });

  it.each([[null], ['3.7']])('is not asked for on KRaft, whatever is told: %s', (speaks) => {
    expect(checkProtocol(speaks, expected({ protocol: null }))).toEqual([]);
  });
});

describe('the replicas of a restarted node', () => {
  const behind = (...partitions: number[]) =>
    partitions.map((partition) => ({ ...partitionOf('orders', [1, 2, 3], partition), isr: [1, 3] }));
  const seen = (...views: ReturnType<typeof behind>[]): ClusterMeasurement => ({
    ...healthy(),
    views: views.map((partitions, index) => viewOf(index + 1, [1, 2, 3], partitions)),
  });

  it.each<[string, ClusterMeasurement, string, string]>([
    ['in every ISR', healthy(), 'successful', 'broker 2 is in every ISR'],
    ['of a broker without any', seen([], []), 'successful', 'broker 2 is in every ISR'],
    [
      'out of one ISR in one view',
      seen([], behind(4), [partitionOf('orders', [1, 3])]),
      'failed',
      'broker 2 is still out of 1 ISRs: orders-4',
    ],
    [
      'told by the worst view',
      seen(behind(1), behind(1, 2, 3), behind(9, 8)),
      'failed',
      'broker 2 is still out of 3 ISRs: orders-1, orders-2, orders-3',
    ],
    [
      'told in few words',
      seen(behind(0, 1, 2, 3, 4, 5, 6, 7)),
      'failed',
      'broker 2 is still out of 8 ISRs: orders-0, orders-1, orders-2, orders-3, orders-4 and 3 more',
    ],
  ])('are %s', (_what, measurement, status, message) => {
    expect(checkNode(measurement, expected(), '3.7')[2]).toEqual({ name: 'replicas in sync', status, message });
  });

  it('are not asked for of a controller of its own, which has none', () => {
    const isolated = healthyKraft([1, 2, 3], [101, 102, 103]);
    expect(namesOf(isolated, expected({ nodeId: 102, protocol: null }))).toEqual([
      'running version',
      ...checkCluster(isolated).map(({ name }) => name),
    ]);
  });
});

describe('a restarted node', () => {
  it('is back when it runs what was planned, is in every ISR, and the cluster is whole', () => {
    const measurement = running('3.8.1');
    expect(verdictOf(checkNode(measurement, expected(), '3.7-IV4')).status).toBe('successful');
    expect(namesOf(measurement, expected())).toEqual([
      'running version',
      'running protocol',
      'replicas in sync',
      ...checkCluster(measurement).map(({ name }) => name),
    ]);
  });

  it.each<[string, ClusterMeasurement, string | null]>([
    ['it runs the old version', running('3.7.2'), '3.7'],
    ['it speaks another protocol', running('3.8.1'), '3.8'],
    ['its protocol is not known', running('3.8.1'), null],
    ['another broker is down', { ...running('3.8.1'), unreachable: [{ nodeId: 3, why: 'no answer' }] }, '3.7'],
    ['nobody answers', { ...running('3.8.1'), views: [] }, '3.7'],
  ])('is not back while %s', (_what, measurement, protocol) => {
    expect(verdictOf(checkNode(measurement, expected(), protocol)).status).not.toBe('successful');
  });
});
