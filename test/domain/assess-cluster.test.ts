import type { MetadataView } from '../../src/domain/cluster';
import {
  checkBrokersOnline,
  checkCluster,
  checkController,
  checkGauges,
  checkPartitions,
} from '../../src/domain/assess-cluster';
import { checkNode, checkProtocol, checkVersion } from '../../src/domain/assess-node';
import { failed, inconclusive, someOf, successful, verdictOf } from '../../src/domain/gate';
import { activeController } from '../../src/domain/measurement';
import { goodGauges, healthy, partitionOf, viewOf } from '../support/healthy-measurement';

const zookeeperController = (views: MetadataView[]) => activeController({ mode: 'zookeeper', views, quorum: null });

describe('a verdict', () => {
  it('is the worst of its checks, and they speak', () => {
    const [good, vague, bad] = [successful('a', 'fine'), inconclusive('b', 'unknown'), failed('c', 'broken')];
    expect(verdictOf([good, good])).toMatchObject({ status: 'successful', message: 'fine; fine' });
    expect(verdictOf([good, vague])).toMatchObject({ status: 'inconclusive', message: 'unknown' });
    expect(verdictOf([bad, good, vague])).toMatchObject({ status: 'failed', message: 'broken; unknown' });
    const error = { name: 'd', status: 'error' as const, message: 'crashed' };
    expect(verdictOf([bad, error])).toMatchObject({ status: 'error', message: 'broken; crashed' });
    expect(verdictOf([])).toEqual({ status: 'successful', message: '', checks: [] });
  });

  it('keeps lists short', () => {
    expect(someOf([1, 2, 3])).toBe('1, 2, 3');
    expect(someOf([1, 2, 3, 4, 5, 6, 7])).toBe('1, 2, 3, 4, 5 and 2 more');
    expect(someOf(['a', 'b'], 1)).toBe('a and 1 more');
    expect(someOf([])).toBe('');
  });
});

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

  it('stay bounded in words, however many there are', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({ ...partitionOf('t', [1, 2], index), isr: [1] }));
    const measurement = { ...healthy(), views: [viewOf(1, [1, 2, 3], many), viewOf(2, [1, 2, 3], many)] };
    const message = checkPartitions(measurement)[1]?.message ?? '';
    expect(message).toContain('5000 under-replicated partitions');
    expect(message.length).toBeLessThan(200);
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

describe('a restarted node', () => {
  const expectation = { nodeId: 2, version: '3.7.2', protocol: '3.7' };

  it('is back when it runs what was planned, is in every ISR, and the cluster is whole', () => {
    const checks = checkNode(healthy(), expectation, '3.7-IV4');
    expect(verdictOf(checks).status).toBe('successful');
    expect(checks.slice(3).map(({ name }) => name)).toEqual(checkCluster(healthy()).map(({ name }) => name));
  });

  it('I2: is judged by the version that runs, and unmeasurable without one', () => {
    expect(checkVersion(healthy(), { ...expectation, version: '3.8.1' })).toMatchObject({
      status: 'failed',
      message: 'broker 2 runs 3.7.2, not 3.8.1',
    });
    const unmeasured = { ...healthy(), gauges: {}, gaugeTrouble: {} };
    expect(checkVersion(unmeasured, expectation)).toMatchObject({
      status: 'inconclusive',
      message: 'the version that broker 2 runs cannot be measured (no fresh JMX sample)',
    });
    const refused = { ...unmeasured, gaugeTrouble: { 2: 'connection refused' } };
    expect(checkVersion(refused, expectation).message).toContain('(connection refused)');
    const silent = { ...healthy(), gauges: { 2: { ...goodGauges, version: null } } };
    expect(checkVersion(silent, expectation).status).toBe('inconclusive');
  });

  it('I2: is judged by the protocol that runs; levels are compared as levels', () => {
    expect(checkProtocol('3.7.2', expectation)[0]?.status).toBe('successful');
    expect(checkProtocol('3.8', expectation)[0]).toMatchObject({
      status: 'failed',
      message: 'broker 2 speaks protocol 3.8, not 3.7',
    });
    expect(checkProtocol(null, expectation)[0]?.status).toBe('inconclusive');
  });

  it('is not back while one view sees it out of an ISR', () => {
    const behind = [{ ...partitionOf('orders', [1, 2, 3]), isr: [1, 3] }, partitionOf('orders', [1, 2], 1)];
    const measurement = { ...healthy(), views: [viewOf(1, [1, 2, 3], []), viewOf(2, [1, 2, 3], behind)] };
    expect(checkNode(measurement, expectation, '3.7')[2]).toMatchObject({
      status: 'failed',
      message: 'broker 2 is still out of 1 ISRs: orders-0',
    });
  });
});
