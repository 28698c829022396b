import fc from 'fast-check';
import type { HostLease } from '../../../src/domain/cluster/cluster';
import {
  claimObstacles,
  compareLeases,
  decodeLease,
  encodeLease,
  judgeLease,
  leaseProblem,
  leaseWords,
  type Claimant,
  type HeldFailure,
} from '../../../src/domain/cluster/lease';
import { leaseOf } from '../../support/fake-kafka-host';
import { leaseCases } from '../../support/lease-cases';

const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text));
const count = fc.nat({ max: 999_999_999_999_999 });
const anyLease: fc.Arbitrary<HostLease> = fc.record({
  clusterId: name,
  owner: name,
  runId: name,
  epoch: count,
  step: count,
  attempt: count,
  held: fc.boolean(),
});

describe('judgeLease (I5)', () => {
  it.each(leaseCases)('$what: $verdict', ({ stored, incoming, takeOver, verdict }) => {
    expect(judgeLease(stored, incoming, takeOver)).toBe(verdict);
  });

  it('never accepts an older number than the stored one, whoever asks', () => {
    fc.assert(
      fc.property(anyLease, anyLease, fc.boolean(), (stored, incoming, takeOver) => {
        if (judgeLease(stored, incoming, takeOver) !== 'accepted') return;
        expect(compareLeases(incoming, stored)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('accepts what it has just stored again, so that a step can be repeated', () => {
    fc.assert(fc.property(anyLease, (lease) => judgeLease(lease, lease) === 'accepted'));
  });
});

describe('which lease is newer', () => {
  type Number3 = [epoch: number, step: number, attempt: number];
  const at = ([epoch, step, attempt]: Number3) => leaseOf({ epoch, step, attempt });

  it.each<[Number3, Number3, number]>([
    [[5, 5, 5], [5, 5, 5], 0],
    [[5, 5, 6], [5, 5, 5], 1],
    [[5, 6, 0], [5, 5, 9], 1],
    [[6, 0, 0], [5, 9, 9], 1],
    [[5, 5, 4], [5, 5, 5], -1],
    [[5, 4, 9], [5, 5, 0], -1],
    [[4, 9, 9], [5, 0, 0], -1],
    [[10, 0, 0], [9, 0, 0], 1],
  ])('(epoch, step, attempt) %j against %j: %i', (one, other, sign) => {
    expect(Math.sign(compareLeases(at(one), at(other)))).toBe(sign);
  });

  it('property: is an order: one way or the other, and the same over a third', () => {
    fc.assert(
      fc.property(anyLease, anyLease, anyLease, (a, b, c) => {
        expect(Math.sign(compareLeases(a, b)) + Math.sign(compareLeases(b, a))).toBe(0);
        const order = [a, b, c].sort(compareLeases);
        for (const [index, lease] of order.entries())
          expect(order.slice(index).every((later) => compareLeases(lease, later) <= 0)).toBe(true);
      }),
    );
  });
});

describe('I5: properties of the lease', () => {
  it('a host that nobody holds takes anyone', () => {
    fc.assert(
      fc.property(anyLease, fc.boolean(), (lease, takeOver) => judgeLease(null, lease, takeOver) === 'accepted'),
    );
  });

  it('nobody else gets in while it is held, unless a person says that the holder is dead', () => {
    fc.assert(
      fc.property(anyLease, anyLease, (stored, incoming) => {
        const held = { ...stored, held: true };
        const other = { ...incoming, owner: `${stored.owner}'` };
        expect(judgeLease(held, other)).toBe('held');
        const sameCluster = { ...other, clusterId: stored.clusterId };
        expect(judgeLease(held, sameCluster, true)).toBe(other.epoch > stored.epoch ? 'accepted' : 'held');
      }),
    );
  });

  it('nobody takes over the lease of another Kafka cluster, whatever a person says', () => {
    fc.assert(
      fc.property(anyLease, anyLease, (stored, incoming) => {
        const other = { ...incoming, clusterId: `${stored.clusterId}'` };
        expect(judgeLease({ ...stored, held: true }, other, true)).toBe('held');
      }),
    );
  });

  const ours = { owner: leaseOf().owner, clusterId: 'cluster-A', takeOver: false };

  it.each<[string, Partial<HostLease>, Partial<Claimant>, HeldFailure[]]>([
    ['a released lease', { held: false, owner: 'o', clusterId: 'B' }, {}, []],
    ["the owner's own lease", {}, {}, []],
    ["another owner's", { owner: 'o' }, {}, ['LeaseHeld']],
    ["another owner's, who is dead", { owner: 'o' }, { takeOver: true }, []],
    ["another cluster's", { clusterId: 'B' }, {}, ['OtherClusterLease']],
    ["another cluster's, by take-over", { clusterId: 'B', owner: 'o' }, { takeOver: true }, ['OtherClusterLease']],
  ])('a new run meets %s', (_what, overrides, claimant, failures) => {
    const obstacles = claimObstacles({ own: leaseOf(overrides), others: [] }, { ...ours, ...claimant });
    expect(obstacles.map(({ failure }) => failure)).toEqual(failures);
  });

  it('a new run meets nobody on a host without a lease', () => {
    expect(claimObstacles({ own: null, others: [] }, ours)).toEqual([]);
  });

  it.each([false, true])('by another name only the same Kafka cluster counts (takeOver: %s)', (takeOver) => {
    const lease = leaseOf({ owner: 'server/default/kafka-upgrade/alias' });
    const others = [
      { name: 'alias', lease },
      { name: 'billing', lease: { ...lease, clusterId: 'cluster-B' } },
      { name: 'old', lease: { ...lease, held: false } },
    ];
    expect(claimObstacles({ own: null, others }, { ...ours, takeOver })).toEqual([
      { failure: 'OtherNameLease', lease, name: 'alias' },
    ]);
  });

  it('says whose lease it is', () => {
    expect(leaseWords(leaseOf())).toBe('server/default/kafka-upgrade/orders (run run-1, Kafka cluster cluster-A)');
    expect(leaseWords(leaseOf(), 'alias')).toMatch(/Kafka cluster cluster-A, by the definition "alias"\)$/);
  });

  it('of two runs only one can go on: what the later one stored refuses the earlier for good', () => {
    fc.assert(
      fc.property(anyLease, count, count, (lease, step, attempt) => {
        const earlier = { ...lease, epoch: 4, runId: 'run-4' };
        const later = { ...lease, epoch: 5, runId: 'run-5', held: true };
        expect(judgeLease({ ...earlier, held: true }, later)).toBe('accepted');
        expect(judgeLease(later, { ...earlier, step, attempt })).toBe('held');
      }),
    );
  });

  it('a worker that was cut off comes too late once the retry was there', () => {
    fc.assert(
      fc.property(anyLease, fc.integer({ min: 1, max: 9 }), (lease, more) => {
        const first = { ...lease, attempt: 1 };
        const retry = { ...first, attempt: 1 + more };
        expect(judgeLease(first, retry)).toBe('accepted');
        expect(judgeLease(retry, first)).toBe('stale');
      }),
    );
  });
});

describe('the lease file', () => {
  it('reads back what was written', () => {
    fc.assert(fc.property(anyLease, (lease) => expect(decodeLease(encodeLease(lease))).toEqual(lease)));
  });

  it('is one setting a line, as the shell reads it', () => {
    expect(encodeLease(leaseOf({ epoch: 7, step: 3, attempt: 2 }))).toBe(
      [
        'epoch=7',
        'step=3',
        'attempt=2',
        'held=1',
        'clusterId=cluster-A',
        'owner=server/default/kafka-upgrade/orders',
        'runId=run-1',
        '',
      ].join('\n'),
    );
    expect(encodeLease(leaseOf({ held: false }))).toContain('\nheld=0\n');
  });

  it.each([
    ['with the lines in another order', encodeLease(leaseOf()).split('\n').reverse().join('\n')],
    ['with a line that says something else', `# written by hand\n${encodeLease(leaseOf())}hint=1\n`],
    ['with an equals sign in a name', encodeLease(leaseOf()).replace('run-1', 'a=b')],
  ])('is understood %s', (_how, text) => {
    expect(decodeLease(text)).toEqual(leaseOf(text.includes('a=b') ? { runId: 'a=b' } : {}));
  });

  const lines = encodeLease(leaseOf());

  it.each([
    ['nothing', ''],
    ['only spaces', ' \n \n'],
    ['a word for a number', lines.replace('epoch=1', 'epoch=one')],
    ['a negative number', lines.replace('step=1', 'step=-1')],
    ['half a number', lines.replace('step=1', 'step=1.5')],
    ['a number with a sign', lines.replace('attempt=1', 'attempt=+1')],
    ['no number', lines.replace('attempt=1', 'attempt=')],
    ['a number that is too long to be one', lines.replace('epoch=1', `epoch=1${'0'.repeat(15)}`)],
    ['a missing epoch', lines.replace(/epoch=.*\n/, '')],
    ['a missing step', lines.replace(/step=.*\n/, '')],
    ['a missing attempt', lines.replace(/attempt=.*\n/, '')],
    ['a missing cluster', lines.replace(/clusterId=.*\n/, '')],
    ['a missing owner', lines.replace(/owner=.*\n/, '')],
    ['a missing run', lines.replace(/runId=.*\n/, '')],
    ['no word on whether it is held', lines.replace(/held=.*\n/, '')],
    ['another value for held', lines.replace('held=1', 'held=yes')],
    ['an empty run', encodeLease(leaseOf({ runId: '' }))],
    ['an empty owner', encodeLease(leaseOf({ owner: '' }))],
    ['a tab in a name', encodeLease(leaseOf({ owner: 'a\tb' }))],
    ['half of it', lines.slice(0, 20)],
  ])('is not understood when it holds %s', (_what, text) => {
    expect(decodeLease(text)).toBeNull();
  });

  const numbers = 'epoch, step and attempt must be whole numbers';
  const names = 'its names must be non-empty, on one line';

  it.each<[string, Partial<HostLease>, string | null]>([
    ['zeros', { epoch: 0, step: 0, attempt: 0 }, null],
    ['the greatest number', { epoch: Number.MAX_SAFE_INTEGER }, null],
    ['a greater one', { epoch: Number.MAX_SAFE_INTEGER + 1 }, numbers],
    ['half a number', { epoch: 1.5 }, numbers],
    ['a negative number', { attempt: -1 }, numbers],
    ['no number', { step: Number.NaN }, numbers],
    ['a name of two lines', { owner: 'a\nheld=0' }, names],
    ['an empty name', { clusterId: '' }, names],
    ['a bell', { runId: 'run\u0007' }, names],
    ['a name with spaces and other letters', { owner: 'Müller & Söhne/默认/wf 1' }, null],
  ])('takes whole numbers and names on one line only: %s', (_what, overrides, problem) => {
    expect(leaseProblem(leaseOf(overrides))).toBe(problem);
  });

  it('property: what has no problem reads back, and what is read has none', () => {
    const anyText = fc.array(
      fc.constantFrom(
        'epoch=1',
        'step=2',
        'attempt=3',
        'held=1',
        'held=0',
        'clusterId=c',
        'owner=o',
        'runId=r',
        'runId=',
        'x',
      ),
    );
    fc.assert(
      fc.property(anyText, (parts) => {
        const found = decodeLease(parts.join('\n'));
        expect(found === null ? null : leaseProblem(found)).toBeNull();
        expect(found === null ? null : decodeLease(encodeLease(found))).toEqual(found);
      }),
    );
  });
});
