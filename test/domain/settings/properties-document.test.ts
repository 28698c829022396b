import fc from 'fast-check';
import { isProperty, joinLines, parseProperties, splitLines } from '../../../src/domain/settings/properties-document';
import type { PhysicalLine } from '../../../src/domain/settings/properties-document';
import { failureOf } from '../../support/failure-of';
import { propertiesTexts } from '../../support/properties-arbitrary';

const line = (text: string, end = '\n'): PhysicalLine => ({ text, end });

describe('the lines of a text', () => {
  it.each<[string, PhysicalLine[]]>([
    ['', [line('', '')]],
    ['a', [line('a', '')]],
    ['a\n', [line('a'), line('', '')]],
    ['a\nb', [line('a'), line('b', '')]],
    ['a\r\nb\rc\n', [line('a', '\r\n'), line('b', '\r'), line('c'), line('', '')]],
    ['\n\n', [line(''), line(''), line('', '')]],
    ['\n\r', [line(''), line('', '\r'), line('', '')]],
    ['a\fb\u2028c\n', [line('a\fb\u2028c'), line('', '')]],
  ])('of %j keep their ends', (text, lines) => {
    expect(splitLines(text)).toEqual(lines);
  });

  it('joined give the text back, and hold no end themselves', () => {
    fc.assert(
      fc.property(fc.oneof(propertiesTexts, fc.string()), (text) => {
        const lines = splitLines(text);
        expect(joinLines(lines)).toBe(text);
        expect(lines.filter((found) => /[\r\n]/.test(found.text))).toEqual([]);
        expect(lines.filter(({ end }) => end === '')).toHaveLength(1);
      }),
    );
  });
});

/** Every node with the physical lines it covers, as an editor sees them. */
const outline = (text: string): string[] =>
  parseProperties(text).nodes.map((node) => {
    switch (node.type) {
      case 'property':
        return `${node.startingLineNumber}-${node.endingLineNumber} ${JSON.stringify([node.key, node.value])}`;
      case 'comment':
        return `${node.lineNumber} comment`;
      default:
        return `${node.lineNumber} blank`;
    }
  });

describe('a properties text', () => {
  it.each<[string, string, string[]]>([
    [
      'settings, comments and blank lines',
      'a=1\n# b\n\nc: 2',
      ['1-1 ["a","1"]', '2 comment', '3 blank', '4-4 ["c","2"]'],
    ],
    ['a value over three lines', 'a=1,\\\n  2,\\\n  3\nb=4', ['1-3 ["a","1,2,3"]', '4-4 ["b","4"]']],
    ['a comment, which a backslash does not carry on', '# a\\\nb=1', ['1 comment', '2-2 ["b","1"]']],
    ['what looks like a comment in a value', 'a=1\\\n# 2', ['1-2 ["a","1# 2"]']],
    ['every kind of line end', 'a=1\r\nb=2\rc=3\n', ['1-1 ["a","1"]', '2-2 ["b","2"]', '3-3 ["c","3"]', '4 blank']],
    ['a key that occurs twice', 'a=1\na=2', ['1-1 ["a","1"]', '2-2 ["a","2"]']],
    ['escapes in key and value', 'a\\ b\\==\\u0041\\t', ['1-1 ["a b=","A\\t"]']],
    ['a byte order mark, which belongs to the key', '\ufeffa=1', ['1-1 ["\ufeffa","1"]']],
  ])('has %s', (_what, text, nodes) => {
    expect(outline(text)).toEqual(nodes);
  });

  it.each<[string, string, string[]]>([
    ['a setting after it', '\\\na=1', ['1 blank', '2-2 ["a","1"]']],
    ['a comment after it', '\\\n# b\na=1', ['1 blank', '2 comment', '3-3 ["a","1"]']],
    ['blanks before it', ' \t\\\na=1', ['1 blank', '2-2 ["a","1"]']],
    ['another one after it', '\\\n\\\na=1', ['1 blank', '2 blank', '3-3 ["a","1"]']],
    ['nothing after it: an empty key', 'a=1\n\\', ['1-1 ["a","1"]', '2-2 ["",""]']],
    ['only the end of its line after it: an empty key', 'a=1\n\\\n', ['1-1 ["a","1"]', '2-3 ["",""]']],
    ['the end of a line by Windows after it: nothing', 'a=1\n\\\r\n', ['1-1 ["a","1"]', '2 blank', '3 blank']],
  ])('begins no setting with a lone backslash and %s', (_what, text, nodes) => {
    expect(outline(text)).toEqual(nodes);
  });

  it('has nodes that cover every line once, in order', () => {
    fc.assert(
      fc.property(propertiesTexts, (text) => {
        const { lines, nodes } = parseProperties(text);
        const covered = nodes.flatMap((node) => {
          const [from, to] = isProperty(node)
            ? [node.startingLineNumber, node.endingLineNumber]
            : [node.lineNumber, node.lineNumber];
          return Array.from({ length: to - from + 1 }, (_, index) => from + index);
        });
        expect(covered).toEqual(lines.map((_, index) => index + 1));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a text that Java could not read', () => {
  it.each([
    ['a malformed escape', 'a=1\nb=\\u12g4', ': line 2'],
    ['one in a key', '\\uxyz=1', ': line 1'],
    ['one after escaped backslashes', 'a=\\\\u1\nb=\\\\\\u1', ': line 2'],
    ['one at the end of the text', 'a=\\u004', ': line 1'],
    ['one over a continuation that does not fit', 'a=\\u00\\\n  zz', ''],
    ['one in what a continuation made part of a value', 'a=1\\\n# \\u1', ''],
  ])('has %s, and is refused with the place, never with the text', (_what, text, where) => {
    const { type, message } = failureOf(() => parseProperties(text));
    expect(type).toBe('PropertiesUnreadable');
    expect(message).toBe(
      `server.properties cannot be read${where} has a malformed \\uXXXX escape; Kafka refuses such a file too.`,
    );
  });

  it.each(['# \\u1', '! \\uxyz\na=1', 'a=\\\\u1', 'a=\\u00\\\n41'])('is not %j', (text) => {
    expect(() => parseProperties(text)).not.toThrow();
  });
});
