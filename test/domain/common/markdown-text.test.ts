import fc from 'fast-check';
import { cell, evidenceList, oneLine } from '../../../src/domain/common/markdown-text';

describe('a text of one line', () => {
  it.each([
    ['a', 'a'],
    ['a\nb', 'a b'],
    ['a  \n\n\t b', 'a b'],
    ['a\r\nb', 'a b'],
    ['a\rb', 'a b'],
    ['  a  b', '  a  b'],
    ['', ''],
  ])('%j is %j', (text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });

  it('is one line, whatever it was', () => {
    fc.assert(fc.property(fc.string(), (text) => !/[\r\n]/.test(oneLine(text))));
  });
});

describe('a cell', () => {
  it('neither ends its row nor its column', () => {
    expect(cell('a | b\n|c')).toBe('a \\| b \\|c');
  });
});

describe('a list of evidence', () => {
  const lines = Array.from({ length: 5 }, (_, index) => `line ${index}`);

  it('is all of it when it is short', () => {
    expect(evidenceList([])).toEqual([]);
    expect(evidenceList(lines, 5)).toEqual(lines.map((line) => `- ${line}`));
  });

  it('is the end of it when it is long, and says so', () => {
    expect(evidenceList(lines, 2)).toEqual(['- (3 earlier lines are in the timeline)', '- line 3', '- line 4']);
    expect(evidenceList(Array.from({ length: 13 }, () => 'x'))).toHaveLength(13);
  });

  it('holds every entry on a line of its own', () => {
    expect(evidenceList(['a\n- b'])).toEqual(['- a - b']);
  });
});
