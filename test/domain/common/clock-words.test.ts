import fc from 'fast-check';
import { clockWords } from '../../../src/domain/common/clock-words';

it.each([
  [0, '00:00:00 UTC'],
  [59_999, '00:00:59 UTC'],
  [3_599_999, '00:59:59 UTC'],
  [Date.UTC(2026, 10, 26, 16, 31, 7, 999), '16:31:07 UTC'],
  [Date.UTC(2026, 10, 26, 23, 59, 59), '23:59:59 UTC'],
  [-1, '23:59:59 UTC'],
])('the moment %i is told as %s', (atMs, words) => {
  expect(clockWords(atMs)).toBe(words);
});

it('is the time of day that a clock shows', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (atMs) => {
      expect(clockWords(atMs)).toBe(`${new Date(atMs).toISOString().slice(11, 19)} UTC`);
    }),
  );
});
