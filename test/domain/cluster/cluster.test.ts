import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import { makePlan } from '../../../src/domain/plan/make-plan';
import { healthy, healthyKraft } from '../../support/healthy-measurement';
import { kraftSnapshot, readableSha256, request, snapshot } from '../../support/snapshot';
import { measurementOf } from '../../support/stop-worlds';
import type { StopWorld } from '../../support/stop-worlds';

/** Every reading that may be missing, missing. */
const silent = (base: ClusterSnapshot): ClusterSnapshot => ({
  ...base,
  quorum: null,
  registered: null,
  zkMigrationState: null,
  hosts: base.hosts.map((host) => ({
    ...host,
    currentRelease: null,
    installedVersion: null,
    targetRelease: null,
    javaVersion: null,
    process: null,
  })),
  running: Object.fromEntries(
    Object.entries(base.running).map(([id, node]) => [id, { ...node, version: null, config: {}, features: null }]),
  ),
});

const broken: StopWorld = {
  brokers: [1, 2, 3],
  controllers: [101, 102, 103],
  partitions: [{ topic: 'orders', replicas: [1, 2], lagging: [1, 2] }],
  minIsr: { orders: 2 },
  down: [3, 103],
  lateVoters: [102],
  mute: [1],
  stale: 2,
  unreadTopic: 'orders',
};

describe('what is read of a cluster travels through a history as JSON', () => {
  it.each<[string, unknown]>([
    ['a snapshot', snapshot()],
    ['a snapshot of KRaft', kraftSnapshot()],
    ['a snapshot with everything missing that may be', silent(snapshot())],
    ['one of KRaft', silent(kraftSnapshot())],
    ['a measurement', healthy()],
    ['a measurement of KRaft', healthyKraft([1, 2, 3], [101, 102, 103])],
    ['a measurement of a broken cluster', measurementOf(broken)],
    ['the plan that is made of a snapshot', makePlan(snapshot(), request, readableSha256)],
    ['a plan of KRaft', makePlan(kraftSnapshot(), { ...request, target: '4.3.0' }, readableSha256)],
    [
      'a plan of what can hardly be read',
      makePlan(silent(kraftSnapshot()), { ...request, target: '4.3.0' }, readableSha256),
    ],
  ])('%s comes out as it went in', (_what, data) => {
    expect(JSON.parse(JSON.stringify(data))).toStrictEqual(data);
  });
});
