import { checkLeases } from '../../../src/domain/checks/lease-checks';
import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import type { HostLease, HostLeases } from '../../../src/domain/cluster/cluster';
import { leaseOf } from '../../support/fake-kafka-host';
import { hostFacts, snapshot } from '../../support/snapshot';

const { clusterId = '' } = snapshot().views[0] ?? {};
const { owner } = snapshot();

/** A lease of another Temporal server's upgrade of the same Kafka cluster. */
const stranger = (overrides: Partial<HostLease> = {}): HostLease =>
  leaseOf({ clusterId, owner: 'temporal-B/default/kafka-upgrade/orders-prod', ...overrides });

const own = (lease: HostLease): HostLeases => ({ own: lease, others: [] });

/** The cluster with these leases on its first hosts. */
const leased = (leases: HostLeases[], overrides: Partial<ClusterSnapshot> = {}): ClusterSnapshot =>
  snapshot({
    hosts: [1, 2, 3].map((id) => hostFacts(id, { leases: leases[id - 1] ?? { own: null, others: [] } })),
    ...overrides,
  });

const check = (given: ClusterSnapshot, takeOver = false) => checkLeases(given, { takeOver });

describe('leases in a plan', () => {
  it.each<[string, HostLease]>([
    ['a released one', stranger({ held: false })],
    ['one of an earlier run of the same workflow id', stranger({ owner: owner ?? '' })],
  ])('%s is nobody in the way', (_what, lease) => {
    expect(check(leased([own(lease)]))).toEqual([]);
  });

  it('one of another Temporal server is a blocker with owner, run and cluster, and says what to do', () => {
    const [finding, ...more] = check(leased([own(stranger()), own(stranger())]));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'blocker',
      failure: 'LeaseHeld',
      seen: `Host of broker 1 (kafka-1), Host of broker 2 (kafka-2): held by another upgrade, temporal-B/default/kafka-upgrade/orders-prod (run run-1, Kafka cluster ${clusterId}).`,
      action:
        'Finish or abort the upgrade that owns this cluster; only if it is certainly dead, start with `takeOver`.',
    });
  });

  it('two different ones are two findings', () => {
    expect(
      check(leased([own(stranger()), own(stranger({ runId: 'run-2' })), own(stranger({ owner: 'o' }))])),
    ).toHaveLength(3);
  });

  it('is a warning when the request says that the holder is dead', () => {
    expect(check(leased([own(stranger())]), true)).toEqual([
      expect.objectContaining({ severity: 'warning', why: expect.stringContaining('takeOver') }),
    ]);
  });

  it.each([false, true])(
    'one of another Kafka cluster is a blocker that never offers takeOver (asked: %s)',
    (takeOver) => {
      const [finding, ...more] = check(leased([own(stranger({ clusterId: 'another' }))]), takeOver);
      expect(more).toEqual([]);
      expect(finding).toMatchObject({ severity: 'blocker', failure: 'OtherClusterLease' });
      expect(finding?.source).toContain('/var/lib/kafka-upgrade/orders-prod/lease');
      expect(JSON.stringify(finding)).not.toContain('takeOver');
    },
  );

  it.each([false, true])('one of another definition of the same cluster is a blocker (takeOver: %s)', (takeOver) => {
    const others = [
      { name: 'alias', lease: stranger() },
      { name: 'billing', lease: stranger({ clusterId: 'another' }) },
    ];
    expect(check(leased([{ own: null, others }]), takeOver)).toEqual([
      expect.objectContaining({
        severity: 'blocker',
        failure: 'OtherNameLease',
        seen: expect.stringContaining('by the definition "alias"'),
      }),
    ]);
  });

  it('without Temporal, a held one is a warning with its owner: it may be the own one', () => {
    const [finding, ...more] = check(leased([own(stranger())], { owner: null }));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ severity: 'warning', seen: expect.stringContaining('temporal-B/default') });
    expect(check(leased([own(stranger({ clusterId: 'another' }))], { owner: null }))).toEqual([
      expect.objectContaining({ severity: 'blocker' }),
    ]);
  });

  it('are not judged where no broker told its cluster', () => {
    expect(check(leased([own(stranger())], { views: [] }))).toEqual([]);
  });
});
