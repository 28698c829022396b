import fc from 'fast-check';
import {
  metadataChangesBetween,
  metadataLevelName,
  metadataLevelOf,
  oldestLevelOf4,
} from '../../../src/domain/knowledge/metadata-levels';
import { newestLevelOf } from '../../../src/domain/knowledge/protocol-levels';
import { releaseLines } from '../../../src/domain/knowledge/releases';

/** MetadataVersion of 4.3, as its source has it: level, name, didMetadataChange. */
const kafka: [level: number, name: string, changes: boolean][] = [
  [1, '3.0-IV1', true],
  [2, '3.1-IV0', false],
  [3, '3.2-IV0', true],
  [4, '3.3-IV0', false],
  [5, '3.3-IV1', true],
  [6, '3.3-IV2', true],
  [7, '3.3-IV3', true],
  [8, '3.4-IV0', true],
  [9, '3.5-IV0', false],
  [10, '3.5-IV1', false],
  [11, '3.5-IV2', true],
  [12, '3.6-IV0', false],
  [13, '3.6-IV1', true],
  [14, '3.6-IV2', true],
  [15, '3.7-IV0', true],
  [16, '3.7-IV1', false],
  [17, '3.7-IV2', true],
  [18, '3.7-IV3', false],
  [19, '3.7-IV4', false],
  [20, '3.8-IV0', false],
  [21, '3.9-IV0', false],
  [22, '4.0-IV0', false],
  [23, '4.0-IV1', true],
  [24, '4.0-IV2', false],
  [25, '4.0-IV3', false],
  [26, '4.1-IV0', false],
  [27, '4.1-IV1', false],
  [28, '4.2-IV0', false],
  [29, '4.2-IV1', false],
  [30, '4.3-IV0', true],
];

const anyLevel = fc.integer({ min: 1, max: kafka.length });

describe('a level of metadata.version', () => {
  it.each(kafka)('%i is %s, and changed the metadata log: %s', (level, name, changes) => {
    expect(metadataLevelName(level)).toBe(name);
    expect(metadataLevelOf(name)).toBe(level);
    expect(metadataLevelOf(String(level))).toBe(level);
    expect(metadataChangesBetween(level - 1, level)).toEqual(changes ? [name] : []);
  });

  it('is known up to the newest of 4.3, and keeps its number beyond', () => {
    expect(metadataLevelOf(String(kafka.length + 1))).toBeNull();
    expect(metadataLevelName(kafka.length + 1)).toBe('level 31');
    expect(metadataLevelName(0)).toBe('level 0');
  });

  // LATEST_PRODUCTION of each line: what `--release-version X.Y` means.
  it.each([
    ['3.0', '3.0-IV1'],
    ['3.1', '3.1-IV0'],
    ['3.2', '3.2-IV0'],
    ['3.3', '3.3-IV3'],
    ['3.4', '3.4-IV0'],
    ['3.5', '3.5-IV2'],
    ['3.6', '3.6-IV2'],
    ['3.7', '3.7-IV4'],
    ['3.8', '3.8-IV0'],
    ['3.9', '3.9-IV0'],
    ['4.0', '4.0-IV3'],
    ['4.1', '4.1-IV1'],
    ['4.2', '4.2-IV1'],
    ['4.3', '4.3-IV0'],
  ])('%s means its newest for production, %s', (line, name) => {
    expect(metadataLevelName(metadataLevelOf(line) ?? 0)).toBe(name);
  });

  it.each(['', '0', '-1', '1.5', '99', '021x', '3.9-', '3.9-IV', '3.9-IV1', '3.9.2', ' 3.9', '2.8', '4.4', 'new'])(
    'is not %j',
    (text) => {
      expect(metadataLevelOf(text)).toBeNull();
    },
  );

  it('4.x starts from is 3.3-IV3 (MINIMUM_VERSION), which is what 3.3 means', () => {
    expect(metadataLevelName(oldestLevelOf4)).toBe('3.3-IV3');
    expect(metadataLevelOf('3.3')).toBe(oldestLevelOf4);
  });

  it('is the same as the protocol of the line, where it had one', () => {
    const lines = releaseLines.filter(({ line, zookeeper }) => zookeeper !== 'removed' && line !== '2.8');
    for (const { line } of lines)
      expect(metadataLevelName(metadataLevelOf(line) ?? 0)).toBe(`${line}-IV${newestLevelOf(line)}`);
  });

  it('grows from line to line', () => {
    const newest = releaseLines.flatMap(({ line }) => metadataLevelOf(line) ?? []);
    expect(newest).toEqual([...new Set(newest)].sort((a, b) => a - b));
    expect(newest).toHaveLength(releaseLines.length - 1);
  });
});

describe('what changed the metadata log', () => {
  // The lowest level that a safe downgrade reaches from each line's own (MetadataVersion.checkIfMetadataChanged).
  it.each([
    ['3.3', '3.3-IV3'],
    ['3.4', '3.4-IV0'],
    ['3.5', '3.5-IV2'],
    ['3.6', '3.6-IV2'],
    ['3.7', '3.7-IV2'],
    ['3.8', '3.7-IV2'],
    ['3.9', '3.7-IV2'],
    ['4.0', '4.0-IV1'],
    ['4.1', '4.0-IV1'],
    ['4.2', '4.0-IV1'],
    ['4.3', '4.3-IV0'],
  ])('stops the way back from %s at %s', (line, lowest) => {
    const from = metadataLevelOf(line) ?? 0;
    const to = metadataLevelOf(lowest) ?? 0;
    expect(metadataChangesBetween(to, from)).toEqual([]);
    expect(metadataChangesBetween(to - 1, from)).toEqual([lowest]);
  });

  it.each([
    ['3.9', '4.0', ['4.0-IV1']],
    ['3.9', '4.3', ['4.0-IV1', '4.3-IV0']],
    ['3.6', '3.9', ['3.7-IV0', '3.7-IV2']],
    ['3.3', '3.4', ['3.4-IV0']],
    ['4.0', '4.2', []],
    ['3.9', '3.9', []],
  ])('between %s and %s is %j', (low, high, names) => {
    expect(metadataChangesBetween(metadataLevelOf(low) ?? 0, metadataLevelOf(high) ?? 0)).toEqual(names);
  });

  it('property: adds up over a level between, and is nothing in the other direction', () => {
    fc.assert(
      fc.property(anyLevel, anyLevel, anyLevel, (...levels) => {
        const [low, middle, high] = levels.sort((a, b) => a - b);
        expect([...metadataChangesBetween(low, middle), ...metadataChangesBetween(middle, high)]).toEqual(
          metadataChangesBetween(low, high),
        );
        expect(metadataChangesBetween(high, low)).toEqual([]);
      }),
    );
  });
});
