import { auditCopies } from '../../../src/lab/traffic/copy-audit';

describe('the audit of a copy', () => {
  it.each([
    [['a', 'b'], ['b', 'a'], { missing: 0, duplicates: 0 }],
    [['a', 'a'], ['a', 'a'], { missing: 0, duplicates: 0 }],
    [['a', 'b'], ['a'], { missing: 1, duplicates: 0 }],
    [['a', 'b'], ['a', 'b', 'b'], { missing: 0, duplicates: 1 }],
    [['a', 'a'], ['a', 'c'], { missing: 1, duplicates: 1 }],
    [[], [], { missing: 0, duplicates: 0 }],
  ])('of %j as %j', (source, target, found) => {
    expect(auditCopies(source, target)).toEqual({ source: source.length, copied: target.length, ...found });
  });
});
