import fc from 'fast-check';

import { editDistance, nearestName } from '../../../src/domain/common/nearest-name';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['soak', 'soaks', 1],
    ['flaw', 'lawn', 2],
  ])('from %j to %j is %d', (a, b, expected) => {
    expect(editDistance(a, b)).toBe(expected);
  });

  it('is a distance: zero for the same, the same both ways, never longer by a detour', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});

describe('nearestName', () => {
  const known = ['nodes', 'paths', 'policy', 'soakSeconds', 'ssh'];

  it.each([
    ['nodse', 'nodes'],
    ['sshs', 'ssh'],
    ['soakseconds', 'soakSeconds'],
    ['soakSecs', 'soakSeconds'],
    ['path', 'paths'],
  ])('takes %s for %s', (name, expected) => {
    expect(nearestName(name, known)).toBe(expected);
  });

  it.each(['listeners', 'xyz', ''])('takes %j for nothing', (name) => {
    expect(nearestName(name, known)).toBeNull();
  });

  it('has nothing to offer when nothing is known', () => {
    expect(nearestName('ssh', [])).toBeNull();
  });

  it('prefers the alphabetically first of two that are equally near', () => {
    expect(nearestName('b1', ['b3', 'b2'])).toBe('b2');
    expect(nearestName('b1', ['b2', 'b3'])).toBe('b2');
  });
});

it('a distance is what the definition says: the cheapest of a letter more, a letter less, another letter', () => {
  const byDefinition = (a: string, b: string): number => {
    if (a === '' || b === '') return a.length + b.length;
    const [restOfA, restOfB] = [a.slice(1), b.slice(1)];
    const replaced = byDefinition(restOfA, restOfB) + (a.startsWith(b.charAt(0)) ? 0 : 1);
    return Math.min(replaced, byDefinition(restOfA, b) + 1, byDefinition(a, restOfB) + 1);
  };
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 5 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b)).toBe(byDefinition(a, b));
    }),
  );
});
