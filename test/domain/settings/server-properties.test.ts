import fc from 'fast-check';

import { joinLines, splitLines } from '../../../src/domain/settings/properties-document';
import { editProperties, readProperties, type PropertyChange } from '../../../src/domain/settings/server-properties';
import { failureOf } from '../../support/failure-of';
import { propertiesTexts, propertyChanges } from '../../support/properties-arbitrary';

const protocol = 'inter.broker.protocol.version';

const set = (text: string, key: string, value: string | null): string => editProperties(text, [{ key, value }]);

describe('readProperties', () => {
  it.each([
    ['a=b', { a: 'b' }],
    ['a = b', { a: 'b' }],
    ['a:b', { a: 'b' }],
    ['a b', { a: 'b' }],
    ['a\tb', { a: 'b' }],
    ['  a=b', { a: 'b' }],
    ['a', { a: '' }],
    ['a=', { a: '' }],
    ['a= b ', { a: 'b ' }],
    ['a==b', { a: '=b' }],
    ['a\\=b=c', { 'a=b': 'c' }],
    ['a\\ b c', { 'a b': 'c' }],
    ['a=b\\\n   c', { a: 'bc' }],
    ['a=b\\\r\n   c\r\nd=e', { a: 'bc', d: 'e' }],
    ['a=b\\\n#c', { a: 'b#c' }],
    ['a=b\\', { a: 'b' }],
    ['a=b\\\\\nc=d', { a: 'b\\', c: 'd' }],
    ['#a=b\n!c=d\n', {}],
    ['', {}],
    ['a=1\na=2\n', { a: '2' }],
    ['a=1\rb=2\r', { a: '1', b: '2' }],
    ['a=\\u00e9\\t\\q', { a: 'é\tq' }],
    ['=value', { '': 'value' }],
    ['\\\n#not a value\na=b', { a: 'b' }],
    ['\\\n\na=b', { a: 'b' }],
    ['\\\n  a=b', { a: 'b' }],
    ['a=b\n\\', { a: 'b', '': '' }],
    ['a=b\n\\\n', { a: 'b', '': '' }],
    ['a=b\n\\\r\n', { a: 'b' }],
    ['\ufeffa=b', { '\ufeffa': 'b' }],
  ])('reads %j as Java does', (text, expected) => {
    expect(readProperties(text)).toEqual(expected);
  });

  it('reads a key named like a part of every object', () => {
    expect(Object.entries(readProperties('__proto__=x\nconstructor=y'))).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it.each([
    ['a=b\nc=\\u12g4', 'line 2'],
    ['# \\u1\n\\\\u=\\\\\\u00', 'line 2'],
    ['a=\\u12\\\n34 is fine\nb=\\u', 'line 3'],
  ])('refuses the malformed escape in %j and says where', (text, where) => {
    const failure = failureOf(() => readProperties(text));
    expect(failure.type).toBe('PropertiesUnreadable');
    expect(failure.message).toContain(where);
  });

  it('does not show the place of a malformed escape, which may be a password', () => {
    expect(failureOf(() => readProperties('ssl.key.password=\\uhunter2')).message).not.toMatch(/hunt/);
  });

  it('refuses a malformed escape whose line it cannot tell', () => {
    expect(() => readProperties('a=b\\\n# \\ux')).toThrow(/cannot be read has a malformed/);
  });
});

describe('editProperties', () => {
  it('changes nothing but the value', () => {
    const text = `# pinned by hand\r\n  ${protocol} : 3.6\r\n\r\nlisteners=PLAINTEXT://:9092,\\\r\n  SSL://:9093\r\n`;
    expect(set(text, protocol, '3.7')).toBe(text.replace('3.6', '3.7'));
  });

  it.each([
    ['a=b\n', 'a=b\nk=v\n'],
    ['a=b', 'a=b\nk=v\n'],
    ['a=b\r\n', 'a=b\r\nk=v\r\n'],
    ['a=b\r\nc=d', 'a=b\r\nc=d\r\nk=v\r\n'],
    ['a=b\r', 'a=b\rk=v\r'],
    ['', 'k=v\n'],
    ['# only a comment', '# only a comment\nk=v\n'],
    ['a=b\\', 'a=b\\\n\nk=v\n'],
    ['a=b\\\n', 'a=b\\\n\nk=v\n'],
    ['a=b\\\r\n', 'a=b\\\r\n\r\nk=v\r\n'],
  ])('appends a new key to %j with the line end of the file', (text, expected) => {
    expect(set(text, 'k', 'v')).toBe(expected);
  });

  it('changes the last of several in its place and removes the others, which had no effect', () => {
    expect(set('a=1\nb=2\n# why\na=3\nc=4\n', 'a', '5')).toBe('b=2\n# why\na=5\nc=4\n');
  });

  it('leaves several alone when the effective one already says so', () => {
    const text = 'a=1\na=2\n';
    expect(set(text, 'a', '2')).toBe(text);
  });

  it('removes every line of a key', () => {
    expect(set('a=1\nb=2\\\n  3\na=4', 'a', null)).toBe('b=2\\\n  3\n');
    expect(set('a=1\nb=2\\\n  3\nc=4', 'b', null)).toBe('a=1\nc=4');
    expect(set('a=1\n', 'b', null)).toBe('a=1\n');
  });

  it('puts one line in the place of a continued value', () => {
    expect(set('a=1,\\\n  2,\\\n  3\nb=4\n', 'a', '5')).toBe('a=5\nb=4\n');
    expect(set('a=1,\\\n', 'a', '5')).toBe('a=5\n');
  });

  it.each([
    ['a', 'v', 'a=v'],
    ['a ', 'v', 'a v'],
    ['a x', '=v', 'a ==v'],
    ['a x', ':v', 'a =:v'],
    ['a=x', '=v', 'a==v'],
    ['a x', 'y', 'a y'],
    ['a : x', 'y', 'a : y'],
  ])('keeps the separator of %j when it can', (text, value, expected) => {
    expect(readProperties(set(text, 'a', value))).toEqual({ a: value });
    expect(set(text, 'a', value)).toBe(expected);
  });

  it.each(['\\', ' a', 'a ', '\t', '\n', '\r\n', '\f', 'é', '日本', '\u0000', 'a=b:c#d!e', 'C:\\kafka'])(
    'writes the value %j so that it reads the same',
    (value) => {
      expect(readProperties(set('', 'k', value))).toEqual({ k: value });
      expect(set('', 'k', value)).toMatch(/^[\x20-\x7e]*\n$/);
    },
  );

  it.each(['a b', 'a=b', 'a:b', '#a', '!a', 'ü', 'a\\b'])('writes the key %j so that it reads the same', (key) => {
    expect(readProperties(set('x=y\n', key, 'v'))).toEqual({ x: 'y', [key]: 'v' });
  });

  it('applies changes in order', () => {
    const changes: PropertyChange[] = [
      { key: 'a', value: '1' },
      { key: 'b', value: null },
      { key: 'a', value: '2' },
    ];
    expect(editProperties('b=x\n', changes)).toBe('a=2\n');
  });

  it('refuses a text that Java could not read', () => {
    expect(failureOf(() => set('a=\\ux', 'b', '1')).type).toBe('PropertiesUnreadable');
  });
});

describe('editProperties on any file', () => {
  const wanted = (text: string, changes: PropertyChange[]): Map<string, string> => {
    const properties = new Map(Object.entries(readProperties(text)));
    for (const { key, value } of changes) {
      if (value === null) properties.delete(key);
      else properties.set(key, value);
    }
    properties.delete('');
    return properties;
  };

  it('makes the change and no other', () => {
    fc.assert(
      fc.property(propertiesTexts, propertyChanges, (text, changes) => {
        const after = editProperties(text, changes);
        const meaning = new Map(Object.entries(readProperties(after)));
        meaning.delete('');
        expect(meaning).toEqual(wanted(text, changes));
      }),
      { numRuns: 2_000 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(propertiesTexts, propertyChanges, (text, changes) => {
        const distinct = [...new Map(changes.map((change) => [change.key, change])).values()];
        const once = editProperties(text, distinct);
        expect(editProperties(once, distinct)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps every line that is not of the changed key, in order', () => {
    fc.assert(
      fc.property(propertiesTexts, (text) => {
        const linesOf = (any: string): string[] => any.split(/[\r\n]+/).filter((line) => line !== '');
        const before = linesOf(text);
        const kept = linesOf(set(text, protocol, '3.8')).filter((line) => !line.includes(protocol));
        let at = 0;
        for (const line of kept) {
          at = before.indexOf(line, at) + 1;
          expect(at).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('changes nothing when nothing is asked for', () => {
    fc.assert(
      fc.property(propertiesTexts, (text) => {
        expect(editProperties(text, [])).toBe(text);
        expect(set(text, 'not.there', null)).toBe(text);
      }),
    );
  });
});

describe('splitLines', () => {
  it('loses nothing', () => {
    fc.assert(
      fc.property(propertiesTexts, (text) => {
        expect(joinLines(splitLines(text))).toBe(text);
      }),
    );
  });
});
