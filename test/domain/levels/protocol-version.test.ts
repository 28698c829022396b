import fc from 'fast-check';

import { newestLevelOf, protocolLevels } from '../../../src/domain/knowledge/protocol-levels';
import {
  compareProtocols,
  defaultProtocolOf,
  formatProtocol,
  parseProtocolVersion,
  protocolOf,
  sameProtocol,
  shortProtocol,
  type ProtocolLevel,
} from '../../../src/domain/levels/protocol-version';
import { requireVersion } from '../../../src/domain/cluster/version';

const lines = Object.entries(protocolLevels);

const levels = fc.constantFrom(...lines).chain(([line, newest]) =>
  fc.integer({ min: 0, max: newest }).map((iv) => {
    const [major = 0, minor = 0] = line.split('.').map(Number);
    return { major, minor, iv };
  }),
);

const level = (text: string): ProtocolLevel => {
  const parsed = parseProtocolVersion(text);
  if (parsed === null) throw new Error(`${text} is no level`);
  return parsed;
};

describe('parseProtocolVersion', () => {
  // Each answer was given by MetadataVersion.fromVersionString (or ApiVersion.apply) of a released jar.
  it.each([
    ['2.7', '2.7-IV2'],
    ['2.7.1-IV2', '2.7-IV2'],
    ['2.8', '2.8-IV1'],
    ['2.8.2', '2.8-IV1'],
    ['2.8.2.1', '2.8-IV1'],
    ['2.8-IV0', '2.8-IV0'],
    ['3.0', '3.0-IV1'],
    ['3.7', '3.7-IV4'],
    ['3.7.2', '3.7-IV4'],
    ['3.7-IV2', '3.7-IV2'],
    ['3.7.2-rc1', '3.7-IV4'],
    ['3.7-IV4.1', '3.7-IV4'],
    ['3.8.0', '3.8-IV0'],
    ['3.9', '3.9-IV0'],
    ['3.9-IV0', '3.9-IV0'],
    ['2.0', '2.0-IV1'],
  ])('takes %s for %s, as Kafka does', (text, expected) => {
    expect(formatProtocol(level(text))).toBe(expected);
  });

  it.each([
    '',
    '3',
    '3.7.',
    ' 3.7',
    '3.7 ',
    '03.7',
    '3.07',
    '3.10',
    '3.7-iv4',
    '3.7-IV9',
    '3.7-IV04',
    '2.9',
    'x',
    '3.7-IV',
  ])('refuses %j, as Kafka does', (text) => {
    expect(parseProtocolVersion(text)).toBeNull();
  });

  it.each(['1.1', '0.10.2', '0.11.0-IV2'])('does not know %s, which is older than what it supports', (text) => {
    expect(parseProtocolVersion(text)).toBeNull();
  });

  it('does not know 4.0, which has no such setting', () => {
    expect(parseProtocolVersion('4.0')).toBeNull();
    expect(parseProtocolVersion('4.0-IV1')).toBeNull();
  });

  it('reads back what it writes, in full and in short', () => {
    fc.assert(
      fc.property(levels, (any) => {
        expect(parseProtocolVersion(formatProtocol(any))).toEqual(any);
        expect(parseProtocolVersion(shortProtocol(any))).toEqual(any);
      }),
    );
  });
});

describe('shortProtocol', () => {
  it('leaves out the level only where it is the newest of its line', () => {
    expect(shortProtocol(level('3.7-IV4'))).toBe('3.7');
    expect(shortProtocol(level('3.7-IV2'))).toBe('3.7-IV2');
    expect(shortProtocol(level('3.7.2'))).toBe('3.7');
  });
});

describe('compareProtocols', () => {
  it('orders the levels as Kafka does', () => {
    const mixed = ['3.9', '2.8-IV1', '3.7-IV4', '2.8-IV0', '3.7-IV0', '3.0'].map(level);
    expect(mixed.sort(compareProtocols).map(formatProtocol)).toEqual([
      '2.8-IV0',
      '2.8-IV1',
      '3.0-IV1',
      '3.7-IV0',
      '3.7-IV4',
      '3.9-IV0',
    ]);
  });

  it('is zero only for the same level', () => {
    fc.assert(
      fc.property(levels, levels, (a, b) => {
        expect(compareProtocols(a, b) === 0).toBe(formatProtocol(a) === formatProtocol(b));
        expect(Math.sign(compareProtocols(a, b)) + Math.sign(compareProtocols(b, a))).toBe(0);
      }),
    );
  });
});

describe('sameProtocol', () => {
  it.each([
    ['3.7', '3.7.2', true],
    ['3.7', '3.7-IV4', true],
    ['3.7', '3.7-IV2', false],
    ['3.7', '3.8', false],
    ['0.11.0', '0.11.0', true],
    ['0.11.0', '3.7', false],
    ['3.7', 'nonsense', false],
  ])('says of %s and %s: %s', (a, b, expected) => {
    expect(sameProtocol(a, b)).toBe(expected);
  });
});

describe('the protocol of a release', () => {
  it('is its line', () => {
    expect(protocolOf(requireVersion('3.7.2', 'version'))).toBe('3.7');
  });

  it('defaults to the newest level of its line', () => {
    expect(defaultProtocolOf(requireVersion('3.5.2', 'version'))).toEqual({ major: 3, minor: 5, iv: 2 });
  });

  it('does not exist from 4.0 on', () => {
    expect(defaultProtocolOf(requireVersion('4.0.0', 'version'))).toBeNull();
  });

  it('is known for every line with ZooKeeper, and only for these', () => {
    expect(lines.map(([line]) => newestLevelOf(line))).not.toContain(null);
    expect(newestLevelOf('4.0')).toBeNull();
    expect(newestLevelOf('constructor')).toBeNull();
  });
});
