import fc from 'fast-check';

/** Pieces that make trouble in a properties file, beside plain text; all of them are ISO-8859-1, as Kafka reads it. */
const awkward = [
  '\\',
  '\\\\',
  '=',
  ':',
  ' ',
  '\t',
  '\f',
  '#',
  '!',
  '\\n',
  '\\u00e9',
  '\\u0041',
  'é',
  '\u0000',
  '\\=',
  '\\ ',
  '\\:',
];

const keys = ['a', 'b', 'inter.broker.protocol.version', 'listeners', '__proto__', 'x y'];

const pieces = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('a', 'b', 'key', 'PLAINTEXT://:9092', '3.7', 'inter.broker.protocol.version'),
  },
  { weight: 4, arbitrary: fc.constantFrom(...awkward) },
);

const chaos = fc.array(pieces, { maxLength: 7 }).map((parts) => parts.join(''));

const settings = fc
  .tuple(fc.constantFrom('', ' ', '\t'), fc.constantFrom(...keys), fc.constantFrom('=', ' = ', ':', ' ', ' :'), chaos)
  .map(([indent, key, separator, value]) => indent + key.replaceAll(' ', '\\ ') + separator + value);

const continued = fc.tuple(settings, chaos).map(([first, second]) => `${first}\\\n   ${second}`);

const lines = fc.oneof(
  { weight: 4, arbitrary: settings },
  { weight: 2, arbitrary: continued },
  { weight: 2, arbitrary: chaos },
  { weight: 1, arbitrary: fc.constantFrom('', '   ', '\\', '  \\', '# comment', '#a=1\\', '! note', '\t# indented') },
);

/** Texts of properties files as nobody would write them: escapes, continuations, duplicates, every line end, mixed. */
export const propertiesTexts = fc
  .array(fc.tuple(lines, fc.constantFrom('\n', '\n', '\r\n', '\r')), { maxLength: 9 })
  .chain((all) =>
    fc.boolean().map((endsWithLineEnd) => {
      const text = all.map(([line, end]) => line + end).join('');
      return endsWithLineEnd ? text : text.replace(/[\r\n]+$/, '');
    }),
  );

/** Changes of settings that may or may not be in such a text. */
export const propertyChanges = fc.array(
  fc.record({
    key: fc.oneof(fc.constantFrom(...keys), fc.constantFrom('new.key', 'k=:#!', 'ü', '\\')),
    value: fc.option(fc.oneof(chaos, fc.constantFrom('3.7', '3.8', '', ' leading', '=x', '\n', '日本')), { nil: null }),
  }),
  { maxLength: 3 },
);
