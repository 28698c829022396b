import fc from 'fast-check';
import { failed, inconclusive, someOf, successful, verdictOf } from '../../../src/domain/health/gate';
import type { GateCheck, VerdictStatus } from '../../../src/domain/health/gate';

const check = (status: VerdictStatus, message: string = status): GateCheck => ({ name: 'a check', status, message });

describe('the shorthands', () => {
  it.each([
    [successful('brokers online', '3 of 3'), 'successful'],
    [failed('brokers online', '3 of 3'), 'failed'],
    [inconclusive('brokers online', '3 of 3'), 'inconclusive'],
  ])('make a check with its name, its sentence and its status: %j', (made, status) => {
    expect(made).toEqual({ name: 'brokers online', status, message: '3 of 3' });
  });
});

describe('a verdict', () => {
  it.each<[VerdictStatus[], VerdictStatus]>([
    [[], 'successful'],
    [['successful'], 'successful'],
    [['successful', 'inconclusive'], 'inconclusive'],
    [['inconclusive', 'failed'], 'failed'],
    [['failed', 'inconclusive'], 'failed'],
    [['failed', 'error'], 'error'],
    [['error', 'failed', 'inconclusive', 'successful'], 'error'],
  ])('over %j is %s', (statuses, status) => {
    expect(verdictOf(statuses.map((each) => check(each))).status).toBe(status);
  });

  it.each<[string, GateCheck[], string]>([
    ['all, when all is well', [check('successful', 'a'), check('successful', 'b')], 'a; b'],
    ['only those that are not well', [check('successful', 'a'), check('failed', 'b')], 'b'],
    [
      'all that are not well, in their order',
      [check('inconclusive', 'a'), check('successful', 'b'), check('failed', 'c')],
      'a; c',
    ],
    ['nobody, when nothing was checked', [], ''],
  ])('is told by %s', (_who, checks, message) => {
    expect(verdictOf(checks)).toMatchObject({ message, checks });
  });

  const anyStatus = fc.constantFrom<VerdictStatus>('successful', 'inconclusive', 'failed', 'error');
  const anyChecks = fc.array(anyStatus.map((status) => check(status)));

  it('property: is successful exactly when every check is', () => {
    fc.assert(
      fc.property(anyChecks, (checks) => {
        const all = checks.every(({ status }) => status === 'successful');
        expect(verdictOf(checks).status === 'successful').toBe(all);
      }),
    );
  });

  it('property: one more check never makes it better, and the order of checks does not matter', () => {
    const order: VerdictStatus[] = ['successful', 'inconclusive', 'failed', 'error'];
    fc.assert(
      fc.property(anyChecks, anyStatus, (checks, status) => {
        const [before, after] = [verdictOf(checks), verdictOf([...checks, check(status)])];
        expect(order.indexOf(after.status)).toBe(Math.max(order.indexOf(before.status), order.indexOf(status)));
        expect(verdictOf([...checks].reverse()).status).toBe(before.status);
      }),
    );
  });
});

describe('a list in a sentence', () => {
  it.each<[(string | number)[], number | undefined, string]>([
    [[], undefined, ''],
    [[1], undefined, '1'],
    [[1, 2, 3, 4, 5], undefined, '1, 2, 3, 4, 5'],
    [[1, 2, 3, 4, 5, 6], undefined, '1, 2, 3, 4, 5 and 1 more'],
    [['a', 'b', 'c'], 3, 'a, b, c'],
    [['a', 'b', 'c', 'd'], 3, 'a, b, c and 1 more'],
    [['a', 'b'], 1, 'a and 1 more'],
  ])('of %j with limit %s is %j', (entries, limit, words) => {
    expect(limit === undefined ? someOf(entries) : someOf(entries, limit)).toBe(words);
  });

  it('property: names as many as the limit says, and counts all others', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99)), fc.integer({ min: 1, max: 8 }), (entries, limit) => {
        const [named = '', more = '0'] = someOf(entries, limit).split(/ and (\d+) more$/);
        const shown = named === '' ? 0 : named.split(', ').length;
        expect(shown).toBeLessThanOrEqual(limit);
        expect(shown + Number(more)).toBe(entries.length);
      }),
    );
  });
});
