import fc from 'fast-check';
import { checkQuorum, checkQuorumWithout, isFragileQuorum, majorityOf } from '../../src/domain/assess-quorum';
import { assessStop } from '../../src/domain/assess-stop';
import { goodGauges, healthyKraft, quorumOf, withVoter } from '../support/healthy-measurement';

const rules = (nodeId: number, accepted: string[] = [], maybeSick = false) => ({
  nodeId,
  minIsrMargin: 0,
  accepted,
  maybeSick,
});

describe('a quorum', () => {
  it.each([
    [1, 1, true],
    [2, 2, true],
    [3, 2, false],
    [4, 3, false],
    [5, 3, false],
  ])('of %i needs %i voters; fragile: %s', (size, majority, fragile) => {
    expect(majorityOf(size)).toBe(majority);
    expect(isFragileQuorum(size)).toBe(fragile);
  });

  it('is sound when every controller of the definition is a voter that is caught up', () => {
    expect(checkQuorum(healthyKraft())).toMatchObject({ status: 'successful', message: '3 of 3 voters caught up' });
  });

  it.each([
    [
      'a voter that is late',
      withVoter(quorumOf([1, 2, 3]), 3, { lastCaughtUpMs: 47_500 }),
      'voter 3 was caught up last 2.5 s ago',
    ],
    [
      'a voter that lags',
      withVoter(quorumOf([1, 2, 3]), 2, { logEndOffset: -500 }),
      'voter 2 is 1500 records behind the active controller',
    ],
    [
      'a voter that never came',
      withVoter(quorumOf([1, 2, 3]), 2, { lastCaughtUpMs: null }),
      'voter 2 has never fetched from the active controller',
    ],
    ['no leader', quorumOf([1, 2, 3], { leaderId: null }), 'the quorum of voters 1, 2, 3 has no leader'],
    ['another voter', quorumOf([1, 2, 4]), 'the voters are 1, 2, 4, the definition has controllers 1, 2, 3'],
    ['one voter too few', quorumOf([1, 2]), 'the voters are 1, 2, the definition has controllers 1, 2, 3'],
  ])('is not with %s', (_what, quorum, message) => {
    expect(checkQuorum({ ...healthyKraft(), quorum })).toMatchObject({ status: 'failed', message });
  });

  it('cannot be judged when nobody tells it', () => {
    const silent = { ...healthyKraft(), quorum: null, quorumTrouble: 'no answer from broker 2' };
    expect(checkQuorum(silent)).toMatchObject({
      status: 'inconclusive',
      message: 'the controller quorum cannot be read (no answer from broker 2)',
    });
    expect(checkQuorumWithout(2, { ...silent, quorumTrouble: null }, []).message).toContain('(no answer)');
  });

  it('without times is judged by the high watermark', () => {
    const old = quorumOf([1, 2, 3]);
    const timeless = {
      ...old,
      highWatermark: 995,
      voters: old.voters.map((voter) => ({ ...voter, lastFetchMs: null, lastCaughtUpMs: null })),
    };
    const at = (logEndOffset: number) =>
      checkQuorum({ ...healthyKraft(), quorum: withVoter(timeless, 3, { logEndOffset }) });
    expect(at(996).status).toBe('successful');
    expect(at(994)).toMatchObject({ status: 'failed', message: 'voter 3 is 6 records behind the active controller' });
  });
});

describe('I1: a quorum without one node', () => {
  it('keeps a caught-up majority of all voters', () => {
    expect(checkQuorumWithout(2, healthyKraft(), []).message).toBe(
      '2 of 3 voters stay caught up without node 2, 2 needed',
    );
    expect(checkQuorumWithout(1, healthyKraft([1, 2, 3], [101, 102, 103]), []).message).toBe('node 1 is no voter');
  });

  it('does not, when another voter lags', () => {
    const lagging = { ...healthyKraft(), quorum: withVoter(quorumOf([1, 2, 3]), 3, { lastCaughtUpMs: 1 }) };
    expect(checkQuorumWithout(2, lagging, ['controller-quorum'])).toMatchObject({
      status: 'failed',
      message: 'only 1 of 3 voters would be caught up without node 2, 2 needed: voter 3 was caught up last 50.0 s ago',
    });
    expect(assessStop(lagging, rules(2)).status).toBe('failed');
  });

  it.each([[[1]], [[1, 2]]])('of %j never has one: a person accepts that by name', (controllers) => {
    const fragile = healthyKraft([1, 2, 3], controllers);
    expect(checkQuorumWithout(1, fragile, []).status).toBe('failed');
    expect(checkQuorumWithout(1, fragile, ['controller-quorum']).status).toBe('successful');
    const lagging = withVoter(quorumOf([1, 2]), 2, { lastCaughtUpMs: 1 });
    expect(checkQuorumWithout(1, { ...fragile, quorum: lagging }, ['controller-quorum']).status).toBe('failed');
  });

  it('property: a stop is never allowed that leaves fewer than a caught-up majority', () => {
    const size = fc.integer({ min: 1, max: 7 });
    const world = size.chain((count) =>
      fc.tuple(fc.array(fc.boolean(), { minLength: count, maxLength: count }), fc.nat(count - 1)),
    );
    fc.assert(
      fc.property(world, ([fresh, victim]) => {
        const ids = fresh.map((_, index) => index + 1);
        const quorum = quorumOf(ids);
        quorum.voters = quorum.voters.map((voter, index) => ({
          ...voter,
          lastCaughtUpMs: index === 0 || fresh[index] === true ? 50_000 : 1_000,
        }));
        const measurement = { ...healthyKraft([1, 2, 3], ids), quorum };
        measurement.gauges = Object.fromEntries(ids.concat([1, 2, 3]).map((id) => [id, goodGauges]));
        const remaining = ids.filter((id, index) => id !== victim + 1 && (index === 0 || fresh[index] === true)).length;
        const allowed = assessStop(measurement, rules(victim + 1)).status === 'successful';
        expect(allowed && remaining < majorityOf(ids.length)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a node that is itself the reason', () => {
  const sick = () => {
    const measurement = healthyKraft();
    const views = measurement.views
      .filter(({ observedBy }) => observedBy !== 2)
      .map((view) => ({
        ...view,
        brokers: view.brokers.filter(({ id }) => id !== 2),
        partitions: view.partitions.map((partition) => ({
          ...partition,
          leader: 1,
          isr: partition.isr.filter((id) => id !== 2),
        })),
      }));
    const gauges = { 1: { ...goodGauges, underReplicatedPartitions: 1 }, 2: null, 3: goodGauges };
    const quorum = withVoter(quorumOf([1, 2, 3]), 2, { lastCaughtUpMs: 1 });
    return { ...measurement, views, gauges, quorum, unreachable: [{ nodeId: 2, why: 'no answer' }] };
  };

  it('may be stopped in a rollback, and in no other case', () => {
    expect(assessStop(sick(), rules(2)).status).toBe('failed');
    const verdict = assessStop(sick(), rules(2, [], true));
    expect(verdict.status).toBe('successful');
    expect(verdict.message).toContain('node 2 itself is why the cluster is not whole');
  });

  it('may not, when another node is down, too, or its stop would take a partition under its minimum', () => {
    const measurement = sick();
    expect(
      assessStop(
        { ...measurement, unreachable: [...measurement.unreachable, { nodeId: 3, why: 'x' }] },
        rules(2, [], true),
      ).status,
    ).toBe('failed');
    expect(assessStop(measurement, rules(3, [], true)).status).toBe('failed');
    const short = { ...measurement, minInsyncReplicas: { orders: 3 } };
    expect(assessStop(short, rules(2, [], true)).status).toBe('failed');
  });
});

describe('a quorum whose leader is not known', () => {
  it.each([
    ['nobody', { leaderId: null }],
    ['a node that is no voter', { leaderId: 9 }],
  ])('lets no node stop, whoever is caught up: %s leads', (_, change) => {
    const measurement = { ...healthyKraft(), quorum: quorumOf([1, 2, 3], change) };
    expect(assessStop(measurement, rules(2)).status).not.toBe('successful');
    expect(assessStop(measurement, rules(2, [], true)).status).not.toBe('successful');
  });

  it('says when nothing answered at all', () => {
    const measurement = { ...healthyKraft(), quorum: null, quorumTrouble: null };
    expect(checkQuorum(measurement)).toMatchObject({
      status: 'inconclusive',
      message: 'the controller quorum cannot be read (no answer)',
    });
  });
});
