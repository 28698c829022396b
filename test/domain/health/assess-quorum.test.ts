import fc from 'fast-check';
import { checkQuorum, checkQuorumWithout, isFragileQuorum, majorityOf } from '../../../src/domain/health/assess-quorum';
import { assessStop } from '../../../src/domain/health/assess-stop';
import { goodGauges, healthyKraft, quorumOf, withVoter } from '../../support/healthy-measurement';

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

describe('when a voter counts as caught up', () => {
  const judged = (change: Parameters<typeof withVoter>[2], quorum = quorumOf([1, 2, 3])) =>
    checkQuorum({ ...healthyKraft(), quorum: withVoter(quorum, 3, change) }).message;
  const fine = '3 of 3 voters caught up';

  it.each([
    ['as fresh as the leader', { lastCaughtUpMs: 50_000 }, fine],
    ['two seconds behind', { lastCaughtUpMs: 48_000 }, fine],
    ['more than that', { lastCaughtUpMs: 47_999 }, 'voter 3 was caught up last 2.0 s ago'],
    ['minutes behind', { lastCaughtUpMs: 50_000 - 600_000 }, 'voter 3 was caught up last 600.0 s ago'],
    ['never there', { lastCaughtUpMs: null }, 'voter 3 has never fetched from the active controller'],
    ['a thousand records behind', { logEndOffset: 0 }, fine],
    ['more than that', { logEndOffset: -1 }, 'voter 3 is 1001 records behind the active controller'],
    ['ahead of what the leader says', { logEndOffset: 1_007 }, fine],
    [
      'late and behind: the time speaks',
      { lastCaughtUpMs: 10_000, logEndOffset: -9_000 },
      'voter 3 was caught up last 40.0 s ago',
    ],
  ])('%s: %j', (_what, change, message) => {
    expect(judged(change)).toBe(message);
  });

  it('a leader is, whatever it says of itself', () => {
    const quorum = withVoter(quorumOf([1, 2, 3]), 1, { lastCaughtUpMs: null });
    expect(checkQuorum({ ...healthyKraft(), quorum }).message).toBe(fine);
  });

  it('a voter that is late by the clock of another is told, not one whose clock the leader never saw', () => {
    const ahead = withVoter(quorumOf([1, 2, 3]), 2, { lastCaughtUpMs: 53_000 });
    expect(checkQuorum({ ...healthyKraft(), quorum: ahead }).message).toBe('voter 3 was caught up last 3.0 s ago');
  });

  it('without times every record above the high watermark may be missing, and none below', () => {
    const timeless = quorumOf([1, 2, 3]);
    const old = {
      ...timeless,
      highWatermark: 990,
      voters: timeless.voters.map((voter) => ({ ...voter, lastFetchMs: null, lastCaughtUpMs: null })),
    };
    expect(judged({ lastCaughtUpMs: null, logEndOffset: 990 }, old)).toBe(fine);
    expect(judged({ lastCaughtUpMs: null, logEndOffset: 989 }, old)).toBe(
      'voter 3 is 11 records behind the active controller',
    );
  });

  it('all voters that are not are named', () => {
    const quorum = withVoter(withVoter(quorumOf([1, 2, 3]), 2, { lastCaughtUpMs: null }), 3, { logEndOffset: -500 });
    expect(checkQuorum({ ...healthyKraft(), quorum })).toEqual({
      name: 'controller quorum',
      status: 'failed',
      message:
        'voter 2 has never fetched from the active controller, voter 3 is 1500 records behind the active controller',
    });
  });
});

describe('I1: the quorum without a node, word by word', () => {
  const isolated = (count: number) =>
    healthyKraft(
      [1, 2, 3],
      Array.from({ length: count }, (_, index) => 101 + index),
    );
  const fragile = 'no majority remains without node 101, as accepted ("controller-quorum")';

  it.each<[number, number, string[], string, string]>([
    [3, 101, [], 'successful', '2 of 3 voters stay caught up without node 101, 2 needed'],
    [4, 102, [], 'successful', '3 of 4 voters stay caught up without node 102, 3 needed'],
    [5, 105, [], 'successful', '4 of 5 voters stay caught up without node 105, 3 needed'],
    [3, 2, [], 'successful', 'node 2 is no voter'],
    [1, 2, [], 'successful', 'node 2 is no voter'],
    [1, 101, [], 'failed', 'only 0 of 1 voters would be caught up without node 101, 1 needed'],
    [2, 101, [], 'failed', 'only 1 of 2 voters would be caught up without node 101, 2 needed'],
    [1, 101, ['controller-quorum'], 'successful', fragile],
    [2, 101, ['controller-quorum'], 'successful', fragile],
    [2, 101, ['*', 'orders'], 'failed', 'only 1 of 2 voters would be caught up without node 101, 2 needed'],
  ])('of %i voters without %i, accepted %j, is %s', (...[count, nodeId, accepted, status, message]) => {
    expect(checkQuorumWithout(nodeId, isolated(count), accepted)).toEqual({
      name: 'controller quorum',
      status,
      message,
    });
  });

  it('of five may lose one more, not two', () => {
    const late = (...ids: number[]) => ({
      ...isolated(5),
      quorum: ids.reduce(
        (quorum, id) => withVoter(quorum, id, { lastCaughtUpMs: null }),
        quorumOf([101, 102, 103, 104, 105]),
      ),
    });
    expect(checkQuorumWithout(105, late(104), []).message).toBe(
      '3 of 5 voters stay caught up without node 105, 3 needed',
    );
    expect(checkQuorumWithout(105, late(103, 104), []).message).toBe(
      'only 2 of 5 voters would be caught up without node 105, 3 needed: voter 103 has never fetched from the active controller, voter 104 has never fetched from the active controller',
    );
  });

  it('property: the larger the quorum of odd size, the more may be late, and never half', () => {
    const sizes = fc.constantFrom(1, 3, 5, 7, 9);
    fc.assert(
      fc.property(sizes, fc.nat(8), (size, late) => {
        const ids = Array.from({ length: size }, (_, index) => index + 1);
        // The leader is always fresh; the last voter is the one to stop, the late ones are before it.
        const lateIds = ids.slice(1, -1).slice(0, late);
        const quorum = lateIds.reduce((made, id) => withVoter(made, id, { lastCaughtUpMs: null }), quorumOf(ids));
        const { status } = checkQuorumWithout(size, { ...healthyKraft([1, 2, 3], ids), quorum }, []);
        expect(status === 'successful').toBe((size - 1 - lateIds.length) * 2 > size);
      }),
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
