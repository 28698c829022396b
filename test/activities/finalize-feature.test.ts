import type { FeatureStep } from '../../src/domain/levels/finalization';
import type { FinalizeFeatureInput } from '../../src/activities/contract';
import { UpgradeError } from '../../src/domain/common/failure';
import { FakeWorld } from '../support/fake-world';
import { fence, reference, runActivity, startActivity } from '../support/run-activity';

const elr = 'eligible.leader.replicas.version';

const step = (overrides: Partial<FeatureStep> = {}): FeatureStep => ({
  feature: 'group.version',
  from: 0,
  to: 1,
  fromName: '0',
  toName: '1',
  reversible: true,
  wayBack: '',
  gate: 'protocol',
  prepare: null,
  ...overrides,
});

const input = (overrides: Partial<FinalizeFeatureInput> = {}): FinalizeFeatureInput => ({
  ...reference,
  fence: fence(),
  step: step(),
  direction: 'raise',
  ...overrides,
});

const world = (): FakeWorld => new FakeWorld({ mode: 'kraft', releases: ['4.0.2', '4.1.2'] });

describe('finalizeFeature', () => {
  it('takes the lease on every host, asks before it does, and reads the level back', async () => {
    const model = world();
    const { changed, offset, evidence } = await runActivity(model, 'finalizeFeature', input());
    expect({ changed, offset }).toEqual({ changed: true, offset: 100 });
    expect(model.changes()).toEqual(['lease 1: held', 'lease 2: held', 'lease 3: held', 'feature group.version=1']);
    expect(model.portCalls.filter((call) => call.startsWith('updateFeature'))).toHaveLength(2);
    expect(evidence.join()).toContain(
      'bin/kafka-features.sh --bootstrap-server 10.0.0.1:9092 upgrade --feature group.version=1',
    );
    expect(evidence.join()).toContain('group.version is 1 on brokers 1, 2, 3, read back');
  });

  it('I4: leaves a level that is there alone, also one above it', async () => {
    for (const level of [1, 2]) {
      const model = world();
      model.features['group.version'] = level;
      expect(await runActivity(model, 'finalizeFeature', input())).toMatchObject({ changed: false });
      expect(model.changes()).toEqual([]);
    }
  });

  it('I5: changes nothing when a newer run owns the hosts', async () => {
    const model = world();
    const newer = { ...fence(), runId: 'run-2', epoch: 9, attempt: 1, held: true };
    for (const node of model.nodes.values()) node.lease = newer;
    await expect(runActivity(model, 'finalizeFeature', input())).rejects.toMatchObject({
      type: expect.stringMatching(/Lease/),
    });
    expect(model.changes('feature')).toEqual([]);
  });

  it('lowers a level by the safe way', async () => {
    const model = world();
    model.features['group.version'] = 1;
    const { evidence } = await runActivity(model, 'finalizeFeature', input({ direction: 'lower' }));
    expect(model.features['group.version']).toBe(0);
    expect(evidence.join()).toContain('downgrade --feature group.version=0');
  });

  it('changes nothing when the controller would refuse', async () => {
    const model = world();
    model.refuseFeature = () => 'broker 9 does not support it';
    await expect(runActivity(model, 'finalizeFeature', input())).rejects.toMatchObject({
      type: 'ClusterRefused',
      nonRetryable: true,
    });
    expect(model.changes('feature')).toEqual([]);
  });

  const elrStep = step({ feature: elr, prepare: { name: 'min.insync.replicas', value: '2' }, gate: elr });

  it('writes what the step needs first', async () => {
    const model = world();
    await runActivity(model, 'finalizeFeature', input({ step: elrStep }));
    expect(model.changes('feature')).toEqual(['feature min.insync.replicas=2', `feature ${elr}=1`]);
  });

  it('fails with the topics whose min.insync.replicas changed meanwhile', async () => {
    const model = world();
    const { refuseFeature } = model;
    model.refuseFeature = (feature, level) => {
      model.topics.splice(0, 1, { name: 'orders', replicas: [1, 2, 3], minIsr: 1 });
      return refuseFeature(feature, level);
    };
    await expect(runActivity(model, 'finalizeFeature', input({ step: elrStep }))).rejects.toMatchObject({
      type: 'MinIsrChanged',
      message: expect.stringContaining('orders 2 → 1'),
    });
  });

  it('fails so, too, when an earlier attempt died right after the change', async () => {
    const model = world();
    const earlier = startActivity(model, 'finalizeFeature', input({ step: elrStep }));
    await earlier.result;
    const [heartbeat] = earlier.heartbeats;
    expect(heartbeat).toMatchObject({ minIsrBefore: { orders: 2 } });
    model.topics.splice(0, 1, { name: 'orders', replicas: [1, 2, 3], minIsr: 1 });
    const again = runActivity(model, 'finalizeFeature', input({ step: elrStep }), {
      attempt: 2,
      heartbeatDetails: heartbeat,
    });
    await expect(again).rejects.toMatchObject({ type: 'MinIsrChanged' });
  });

  const lost = new UpgradeError('OutcomeUnknown', 'Asked node 1 for UpdateFeatures: no answer.');
  /** The answer to a change is lost on its way back; the controller may have carried it out, or not. */
  const losing = (model: FakeWorld, carriedOut: boolean): void => {
    const admin = { ...model.admin };
    model.admin.updateFeature = async (askNode, update) => {
      if (carriedOut || update.validateOnly) await admin.updateFeature(askNode, update);
      else model.portCalls.push('updateFeature unheard');
      if (!update.validateOnly) throw lost;
    };
    model.admin.setClusterDefault = async (askNode, name, value) => {
      if (carriedOut) await admin.setClusterDefault(askNode, name, value);
      throw lost;
    };
  };

  /** A second passes with each look at the clock. */
  const hurryTheClock = (): void => {
    let now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => (now += 1_000));
  };
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('looks whether the change was made when the answer was lost, and sends nothing twice', async () => {
    const model = world();
    losing(model, true);
    const { changed, evidence } = await runActivity(model, 'finalizeFeature', input({ step: elrStep }));
    expect(changed).toBe(true);
    expect(model.changes('feature')).toEqual(['feature min.insync.replicas=2', `feature ${elr}=1`]);
    expect(evidence).toContain('Asked node 1 for UpdateFeatures: no answer. The level was read back instead.');
  });

  it.each([
    ['a level', step()],
    ['what a step prepares', elrStep],
  ])('says that it is not known whether %s was changed, when it does not show, to be tried again', async (_, asked) => {
    const model = world();
    losing(model, false);
    hurryTheClock();
    await expect(runActivity(model, 'finalizeFeature', input({ step: asked }))).rejects.toMatchObject({
      type: 'OutcomeUnknown',
      nonRetryable: false,
    });
    expect(model.changes('feature')).toEqual([]);
    expect(model.portCalls.filter((call) => call === 'updateFeature unheard').length).toBeLessThanOrEqual(1);
  });

  it('says which brokers are behind when only some know a level whose answer was lost', async () => {
    const model = world();
    losing(model, true);
    hurryTheClock();
    const kafka = { ...model.kafka };
    model.kafka.features = async (nodeId, signal) => {
      const view = await kafka.features(nodeId, signal);
      return nodeId === 3 ? { ...view, finalized: {} } : view;
    };
    await expect(runActivity(model, 'finalizeFeature', input())).rejects.toMatchObject({
      type: 'NodeUnhealthy',
      message: 'group.version should be 1 everywhere, but is 0 on broker 3.',
    });
  });

  it('says which brokers do not know the level when it does not arrive', async () => {
    const model = world();
    model.portHooks.set('updateFeature', () => {
      throw new UpgradeError('BrokerUnreachable', 'no controller now');
    });
    await expect(runActivity(model, 'finalizeFeature', input())).rejects.toMatchObject({ type: 'BrokerUnreachable' });
  });
});
