import fc from 'fast-check';

import { UpgradeError } from '../../../src/domain/common/failure';
import {
  isOlderRelease,
  leadsDown,
  releaseLeft,
  compareVersions,
  formatVersion,
  lineOf,
  oldestOf,
  parseVersion,
  requireVersion,
  sameMinor,
  type KafkaVersion,
} from '../../../src/domain/cluster/version';
import { failureOf } from '../../support/failure-of';

const part = fc.integer({ min: 0, max: 999_999 });
const versions = fc.record({
  major: part,
  minor: part,
  patch: part,
  build: fc.option(part, { nil: null }),
});

const version = (text: string): KafkaVersion => requireVersion(text, 'version');

describe('parseVersion', () => {
  it.each([
    ['3.7.2', { major: 3, minor: 7, patch: 2, build: null }],
    ['2.8.2', { major: 2, minor: 8, patch: 2, build: null }],
    ['3.10.0', { major: 3, minor: 10, patch: 0, build: null }],
    ['2.8.2.1', { major: 2, minor: 8, patch: 2, build: 1 }],
  ])('reads %s', (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });

  it.each([
    '',
    '3',
    '3.7',
    '3.7.',
    '3.7.2.1.0',
    'v3.7.2',
    '3.7.2-rc1',
    '3.07.2',
    ' 3.7.2',
    '3.7.2\n',
    '3.7.x',
    '-3.7.2',
  ])('refuses %j', (text) => {
    expect(parseVersion(text)).toBeNull();
  });

  it('is undone by formatVersion', () => {
    fc.assert(
      fc.property(versions, (any) => {
        expect(parseVersion(formatVersion(any))).toEqual(any);
      }),
    );
  });
});

describe('requireVersion', () => {
  it('gives the version of a release', () => {
    expect(requireVersion('3.8.1', 'target')).toEqual({ major: 3, minor: 8, patch: 1, build: null });
  });

  it.each([
    ['3.9.0-rc1', '"-rc1" is not part of a release'],
    ['4.0.0-SNAPSHOT', '"-SNAPSHOT" is not part of a release'],
    ['7.5.0.1-ccs', '"-ccs" is not part of a release'],
    ['3.9', 'add the patch number'],
    ['v3.9.1', 'leave out the leading "v"'],
    [' 3.9.1', 'spaces around it'],
    ['latest', 'a release looks like 3.8.1'],
  ])('says what is wrong with %j', (text, reason) => {
    expect(() => requireVersion(text, 'target')).toThrow(UpgradeError);
    expect(() => requireVersion(text, 'target')).toThrow(`The target "${text}" is not a Kafka release`);
    expect(() => requireVersion(text, 'target')).toThrow(reason);
  });

  it('throws the failure that ends a start input', () => {
    expect(failureOf(() => requireVersion('x', 'target')).type).toBe('InvalidRequest');
  });
});

describe('compareVersions', () => {
  it('orders by number, not by text', () => {
    const sorted = ['3.10.0', '3.9.2', '2.8.2.1', '4.0.0', '2.8.2', '3.9.10'].map(version).sort(compareVersions);
    expect(sorted.map(formatVersion)).toEqual(['2.8.2', '2.8.2.1', '3.9.2', '3.9.10', '3.10.0', '4.0.0']);
  });

  it('takes a missing fourth number as 0', () => {
    expect(compareVersions(version('2.8.2'), version('2.8.2.0'))).toBe(0);
  });

  it('is antisymmetric', () => {
    fc.assert(
      fc.property(versions, versions, (a, b) => {
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
      }),
    );
  });

  it('is transitive', () => {
    fc.assert(
      fc.property(versions, versions, versions, (...three) => {
        const sorted = three.sort(compareVersions);
        expect(compareVersions(sorted[0], sorted[2])).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('the oldest release', () => {
  it.each<[string[], string | undefined]>([
    [['3.9.2', '3.10.0', '4.0.0'], '3.9.2'],
    [['3.10.0', 'trunk', '3.9.2'], '3.9.2'],
    [['2.8.2.1', '2.8.2'], '2.8.2'],
    [['3.7.2'], '3.7.2'],
    [['trunk', 'unknown'], undefined],
    [[], undefined],
  ])('of %j is %s', (texts, expected) => {
    const oldest = oldestOf(texts);
    expect(oldest === undefined ? undefined : formatVersion(oldest)).toBe(expected);
  });
});

describe('release lines', () => {
  it('are the first two numbers', () => {
    expect(lineOf(version('3.7.2'))).toBe('3.7');
  });

  it.each([
    ['3.7.0', '3.7.2', true],
    ['3.7.2', '3.8.2', false],
    ['3.7.2', '2.7.2', false],
  ])('of %s and %s are the same: %s', (a, b, expected) => {
    expect(sameMinor(version(a), version(b))).toBe(expected);
  });
});

describe('the way to a target', () => {
  it.each([
    [['3.7.2', '3.7.2'], '3.8.1', false, '3.7.2'],
    [['3.8.1', '3.7.10', '3.7.9'], '3.8.1', false, '3.7.9'],
    [['3.8.1', '3.8.1'], '3.7.2', true, '3.8.1'],
    [['3.7.2', '3.8.1'], '3.7.2', true, '3.8.1'],
    [['odd', '3.8.1'], '3.9.2', false, 'odd'],
    [[], '3.9.2', false, '3.9.2'],
  ])('from %j to %s leads down: %s, and leaves %s', (sources, target, down, left) => {
    expect(leadsDown(sources, target)).toBe(down);
    expect(releaseLeft(sources, target)).toBe(left);
  });

  it('is older only where both releases can be read', () => {
    expect(isOlderRelease('3.7.2', '3.10.0')).toBe(true);
    expect(isOlderRelease('3.7.2', '3.7.2')).toBe(false);
    expect(isOlderRelease('3.7.2', 'odd')).toBe(false);
    expect(isOlderRelease('odd', '3.7.2')).toBe(false);
  });
});
