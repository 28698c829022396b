import fc from 'fast-check';
import { anyMatcher, matchesPattern } from '../../../src/domain/common/pattern';

describe('patterns of topic and group names', () => {
  it.each([
    ['orders', 'orders', true],
    ['orders', 'orders-eu', false],
    ['orders*', 'orders', true],
    ['orders*', 'orders-eu', true],
    ['*-eu', 'orders-eu', true],
    ['*-eu', 'orders-eu-2', false],
    ['a*c*e', 'abcde', true],
    ['a.c', 'abc', false],
    ['a.c', 'a.c', true],
    ['**', 'anything', true],
    ['', '', true],
    ['(x|y)', 'x', false],
    ['*', 'two\nlines', true],
  ])('%j against %j is %s', (pattern, name, expected) => {
    expect(matchesPattern(pattern, name)).toBe(expected);
  });

  it('takes every name without a star for itself alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, name) => {
        fc.pre(!pattern.includes('*'));
        expect(matchesPattern(pattern, name)).toBe(pattern === name);
        expect(matchesPattern(pattern, pattern)).toBe(true);
      }),
    );
  });

  it('fits when any of several patterns does', () => {
    const matches = anyMatcher(['audit', 'tmp-*']);
    expect(['audit', 'tmp-1', 'audit-2', 'orders'].map(matches)).toEqual([true, true, false, false]);
    expect(anyMatcher([])('orders')).toBe(false);
  });
});
