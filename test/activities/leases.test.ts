import type { HostLease } from '../../src/domain/cluster/cluster';
import { UpgradeError } from '../../src/domain/common/failure';
import { FakeWorld } from '../support/fake-world';
import { fence, reference, runActivity } from '../support/run-activity';

const claim = {
  ...reference,
  clusterId: 'kafka-cluster-A',
  workflowId: 'kafka-upgrade/orders-prod',
  runId: 'run-2',
  takeOver: false,
};

const stored = (overrides: Partial<HostLease> = {}): HostLease => ({
  ...fence(),
  attempt: 1,
  held: true,
  ...overrides,
});

const leases = (world: FakeWorld) => [...world.nodes.values()].map(({ lease }) => lease);

describe('I5: claimCluster', () => {
  it('stores the same number on every host, with who owns it', async () => {
    const world = new FakeWorld();
    const owner = 'temporal-A/default/kafka-upgrade/orders-prod';
    const wanted = { clusterId: 'kafka-cluster-A', owner, runId: 'run-2', epoch: 1, step: 1 };
    expect(await runActivity(world, 'claimCluster', claim)).toEqual(wanted);
    expect(leases(world)).toEqual(Array(3).fill({ ...wanted, attempt: 1, held: true }));
  });

  it('takes an epoch above every one that any host has seen', async () => {
    const world = new FakeWorld();
    world.node(1).lease = stored({ epoch: 3, held: false });
    world.node(3).lease = stored({ epoch: 7, held: false, owner: 'somebody else' });
    expect(await runActivity(world, 'claimCluster', claim)).toMatchObject({ epoch: 8, step: 1 });
  });

  it('gives the same run the same epoch again, with a greater number', async () => {
    const world = new FakeWorld();
    const first = await runActivity(world, 'claimCluster', claim);
    expect(await runActivity(world, 'claimCluster', claim, { attempt: 2 })).toEqual({ ...first, step: 2 });
    expect(leases(world).map((lease) => lease?.attempt)).toEqual([2, 2, 2]);
  });

  it('claims again after a claim that took several attempts, and after changes that followed it', async () => {
    const world = new FakeWorld();
    const first = await runActivity(world, 'claimCluster', claim, { attempt: 2 });
    world.node(3).lease = { ...first, step: 21, attempt: 1, held: true };
    expect(await runActivity(world, 'claimCluster', claim)).toEqual({ ...first, step: 22 });
    expect(leases(world)).toEqual(Array(3).fill({ ...first, step: 22, attempt: 1, held: true }));
  });

  it('goes above every number that the run has given out, also one that no host has seen yet', async () => {
    const world = new FakeWorld();
    await runActivity(world, 'claimCluster', claim);
    expect(await runActivity(world, 'claimCluster', { ...claim, step: 41 })).toMatchObject({ epoch: 1, step: 41 });
  });

  it('finishes a claim that reached only some hosts', async () => {
    const world = new FakeWorld();
    world.portHooks.set('storeLease', (nodeId) => {
      if (nodeId === 3) throw new UpgradeError('SshUnreachable', 'no route');
    });
    await expect(runActivity(world, 'claimCluster', claim)).rejects.toMatchObject({ type: 'SshUnreachable' });
    world.portHooks.delete('storeLease');
    expect(await runActivity(world, 'claimCluster', claim, { attempt: 2 })).toMatchObject({ epoch: 1 });
    expect(leases(world).map((lease) => lease?.epoch)).toEqual([1, 1, 1]);
  });

  it.each([
    ['Temporal server', 'temporal-B/default/kafka-upgrade/orders-prod'],
    ['namespace', 'temporal-A/other/kafka-upgrade/orders-prod'],
    ['definition', 'temporal-A/default/kafka-upgrade/orders'],
  ])('is refused while an upgrade by another %s holds one host; nothing is stored', async (_, owner) => {
    const world = new FakeWorld();
    world.node(3).lease = stored({ owner });
    await expect(runActivity(world, 'claimCluster', claim)).rejects.toMatchObject({
      type: 'LeaseHeld',
      message: expect.stringContaining(`kafka@10.0.0.3:22 belongs to another upgrade: ${owner}`),
    });
    expect(leases(world).slice(0, 2)).toEqual([null, null]);
  });

  it('takes over from a dead owner when a person says so', async () => {
    const world = new FakeWorld();
    world.node(3).lease = stored({ owner: 'dead', epoch: 4 });
    expect(await runActivity(world, 'claimCluster', { ...claim, takeOver: true })).toMatchObject({ epoch: 5 });
  });

  it.each([false, true])(
    'never owns a host that is held for another Kafka cluster (takeOver: %s)',
    async (takeOver) => {
      const world = new FakeWorld();
      world.node(3).lease = stored({
        clusterId: 'kafka-cluster-B',
        owner: 'temporal-A/default/kafka-upgrade/orders-prod',
      });
      await expect(runActivity(world, 'claimCluster', { ...claim, takeOver })).rejects.toMatchObject({
        type: 'OtherClusterLease',
        message: expect.stringContaining(
          'Kafka cluster kafka-cluster-B); this one is for Kafka cluster kafka-cluster-A',
        ),
      });
      expect(leases(world).slice(0, 2)).toEqual([null, null]);
    },
  );

  it('is refused while another definition of the same Kafka cluster holds a host; nothing is stored', async () => {
    const world = new FakeWorld();
    world.node(2).otherLeases = [{ name: 'alias', lease: stored({ owner: 'temporal-A/default/kafka-upgrade/alias' }) }];
    await expect(runActivity(world, 'claimCluster', { ...claim, takeOver: true })).rejects.toMatchObject({
      type: 'OtherNameLease',
      message: expect.stringContaining('by the definition "alias"'),
    });
    expect(leases(world)).toEqual([null, null, null]);
  });

  it('takes over from an earlier run of the same workflow id', async () => {
    const world = new FakeWorld();
    world.node(3).lease = stored({ runId: 'run-1', epoch: 4, step: 300 });
    expect(await runActivity(world, 'claimCluster', claim)).toMatchObject({ epoch: 5, step: 1 });
  });
});

describe('I5: raiseLeases', () => {
  it('stores a greater number on every host, held or released', async () => {
    const world = new FakeWorld();
    await runActivity(world, 'raiseLeases', { ...reference, fence: fence(40), held: true });
    const { evidence } = await runActivity(world, 'raiseLeases', { ...reference, fence: fence(60), held: false });
    expect(leases(world)).toEqual(Array(3).fill({ ...fence(60), attempt: 1, held: false }));
    expect(evidence).toHaveLength(3);
  });

  it('never stores a smaller one', async () => {
    const world = new FakeWorld();
    world.node(2).lease = stored({ step: 41 });
    const late = runActivity(world, 'raiseLeases', { ...reference, fence: fence(40), held: true });
    await expect(late).rejects.toMatchObject({ type: 'LeaseStale', nonRetryable: true });
    expect(world.node(2).lease).toMatchObject({ step: 41 });
  });
});
