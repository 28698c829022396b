import { expectedDuration } from '../../../src/domain/plan/expected-duration';
import { plannedOrder } from '../../../src/domain/plan/planned-order';
import { kraftPlan } from '../../support/kraft-fixture';
import { samplePlan } from '../../support/upgrade-fixture';

const ids = (...input: Parameters<typeof plannedOrder>): number[] => plannedOrder(...input).map(({ nodeId }) => nodeId);

describe('the order to be expected', () => {
  it('is the canary, then by id, the active controller last, each with its reason', () => {
    expect(plannedOrder(samplePlan(), 'binaries')).toEqual([
      { nodeId: 2, reason: 'the canary: not the active controller, leads the fewest partitions (3)' },
      { nodeId: 3, reason: expect.stringContaining('lowest id') },
      { nodeId: 1, reason: 'the active controller goes last' },
    ]);
  });

  it('says that a person named the canary, who may be the active controller', () => {
    const [first] = plannedOrder(samplePlan({ canary: 1, canaryNamed: true }), 'binaries');
    expect(first).toEqual({ nodeId: 1, reason: 'the canary: named in the request' });
  });

  it('has the canary last where it became the active controller', () => {
    const { outlook } = samplePlan();
    if (outlook === undefined) throw new Error('The sample plan has no outlook.');
    const order = plannedOrder(samplePlan({ outlook: { ...outlook, controllerId: 2 } }), 'binaries');
    expect(order.at(-1)).toEqual({ nodeId: 2, reason: 'the active controller goes last' });
  });

  it('has controllers before brokers on KRaft', () => {
    expect(ids(kraftPlan(), 'binaries')).toEqual([102, 103, 101, 1, 2, 3]);
    expect(ids(kraftPlan(), 'protocol')).toEqual([]);
  });

  it('leaves out what needs nothing, and does without an outlook', () => {
    const { steps, outlook: _, ...old } = samplePlan();
    const binaries = steps.binaries.map((step) => ({ ...step, needed: step.nodeId !== 3 }));
    const order = plannedOrder({ ...old, steps: { ...steps, binaries } }, 'binaries');
    expect(order.map(({ nodeId }) => nodeId)).toEqual([2, 1]);
    expect(order[0]?.reason).toBe('the canary: leads the fewest partitions (3)');
  });
});

describe('the expected duration', () => {
  it('counts both rolls, and a soak of the whole cluster after each', () => {
    expect(expectedDuration(samplePlan())).toEqual({ restarts: 6, rolls: 2, features: 0, totalMs: 600_000 });
  });

  it('counts a soak after each feature', () => {
    expect(expectedDuration(kraftPlan())).toEqual({ restarts: 6, rolls: 1, features: 5, totalMs: 720_000 });
  });
});

describe('the reasons of the order to be expected', () => {
  it('are told for every node, on KRaft group by group', () => {
    expect(plannedOrder(kraftPlan(), 'binaries')).toEqual([
      { nodeId: 102, reason: 'the canary: not the active controller, leads the fewest partitions (0)' },
      { nodeId: 103, reason: 'lowest id of the controllers left; the active controller (101) goes last' },
      { nodeId: 101, reason: 'the active controller goes last' },
      { nodeId: 1, reason: 'lowest id of the brokers left' },
      { nodeId: 2, reason: 'lowest id of the brokers left' },
      { nodeId: 3, reason: 'lowest id of the brokers left' },
    ]);
  });

  it('are those of the second roll, too', () => {
    expect(ids(samplePlan(), 'protocol')).toEqual([2, 3, 1]);
  });
});
