import fc from 'fast-check';
import type { HostLease } from '../../src/domain/cluster';
import { compareLeases, decodeLease, encodeLease, judgeLease, leaseProblem } from '../../src/domain/lease';
import { leaseOf } from '../support/fake-kafka-host';
import { leaseCases } from '../support/lease-cases';

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

describe('the lease file', () => {
  it('reads back what was written', () => {
    fc.assert(fc.property(anyLease, (lease) => expect(decodeLease(encodeLease(lease))).toEqual(lease)));
  });

  it.each([
    ['nothing', ''],
    ['a word for a number', encodeLease(leaseOf()).replace('epoch=1', 'epoch=one')],
    ['a missing owner', encodeLease(leaseOf()).replace(/owner=.*\n/, '')],
    ['an empty run', encodeLease(leaseOf({ runId: '' }))],
    ['another value for held', encodeLease(leaseOf()).replace('held=1', 'held=yes')],
    ['half of it', encodeLease(leaseOf()).slice(0, 20)],
  ])('is not understood when it holds %s', (_what, text) => {
    expect(decodeLease(text)).toBeNull();
  });

  it('takes whole numbers and names on one line only', () => {
    expect(leaseProblem(leaseOf())).toBeNull();
    expect(leaseProblem(leaseOf({ epoch: 1.5 }))).toMatch(/whole numbers/);
    expect(leaseProblem(leaseOf({ attempt: -1 }))).toMatch(/whole numbers/);
    expect(leaseProblem(leaseOf({ owner: 'a\nheld=0' }))).toMatch(/one line/);
  });
});
