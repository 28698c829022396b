import fc from 'fast-check';
import { lastOf } from '../../../src/domain/common/last-of';

describe('the last of a list', () => {
  it.each<[unknown, number[]]>([
    [1, [3]],
    [2, [2, 3]],
    [3, [1, 2, 3]],
    [9, [1, 2, 3]],
    [Number.POSITIVE_INFINITY, [1, 2, 3]],
    [undefined, [1, 2, 3]],
    [null, [1, 2, 3]],
    [0, [1, 2, 3]],
    [-2, [1, 2, 3]],
    [Number.NaN, [1, 2, 3]],
    ['2', [1, 2, 3]],
    [{}, [1, 2, 3]],
  ])('with %p is %p', (count, expected) => {
    expect(lastOf([1, 2, 3], count)).toEqual(expected);
  });

  it('is a list of its own, also when it is all of it', () => {
    const entries = [1, 2];
    lastOf(entries, undefined).push(3);
    lastOf(entries, 5).push(3);
    expect(entries).toEqual([1, 2]);
  });

  it('is the end of the list, whatever people type', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.anything(), (entries, count) => {
        const last = lastOf(entries, count);
        expect(entries.slice(entries.length - last.length)).toEqual(last);
        expect(last.length > 0).toBe(entries.length > 0);
      }),
    );
  });
});
