import { knownBad, knownBadReleases } from '../../../src/domain/knowledge/known-bad';
import { notableChanges } from '../../../src/domain/knowledge/notable-changes';
import { newestLevelOf } from '../../../src/domain/knowledge/protocol-levels';
import { newestReleaseOf, releaseLine, releaseLines } from '../../../src/domain/knowledge/releases';
import { compareVersions, lineOf, requireVersion } from '../../../src/domain/version';

const version = (text: string) => requireVersion(text, 'release');

const isSorted = (releases: string[]): boolean =>
  releases.every((release, index) => {
    const next = releases[index + 1];
    return next === undefined || compareVersions(version(release), version(next)) <= 0;
  });

const existing = (release: string): boolean => {
  const line = releaseLine(lineOf(version(release)));
  return line !== null && version(release).patch <= line.newestPatch;
};

describe('the release lines', () => {
  it('are in order and without repetition', () => {
    expect(isSorted(releaseLines.map(newestReleaseOf))).toBe(true);
    expect(new Set(releaseLines.map(({ line }) => line)).size).toBe(releaseLines.length);
  });

  it('span 2.8 to 4.3', () => {
    expect(releaseLines.map(({ line }) => line)).toEqual([
      '2.8',
      '3.0',
      '3.1',
      '3.2',
      '3.3',
      '3.4',
      '3.5',
      '3.6',
      '3.7',
      '3.8',
      '3.9',
      '4.0',
      '4.1',
      '4.2',
      '4.3',
    ]);
  });

  it('have protocol levels exactly while they have ZooKeeper', () => {
    for (const { line, zookeeper } of releaseLines)
      expect([line, newestLevelOf(line) !== null]).toEqual([line, zookeeper !== 'removed']);
  });

  it('never need less Java than the line before, and document the minimum', () => {
    const minima = releaseLines.map(({ java }) => java.minimum);
    expect([...minima].sort((a, b) => a - b)).toEqual(minima);
    for (const { java } of releaseLines) expect(java.documented).toContain(java.minimum);
  });

  it('are found by name', () => {
    expect(releaseLine('3.7')?.newestPatch).toBe(2);
    expect(releaseLine('9.9')).toBeNull();
  });
});

describe('the releases to pass over', () => {
  it('exist, and so does the better one, later in the same line', () => {
    for (const { release, better } of knownBadReleases) {
      expect([release, existing(release), existing(better)]).toEqual([release, true, true]);
      expect(lineOf(version(better))).toBe(lineOf(version(release)));
      expect(compareVersions(version(better), version(release))).toBeGreaterThan(0);
    }
  });

  it('are never the advice themselves', () => {
    for (const { better } of knownBadReleases)
      expect([knownBad(better, 'zookeeper'), knownBad(better, 'kraft')]).toEqual([null, null]);
    for (const line of releaseLines) expect(knownBad(newestReleaseOf(line), 'kraft')).toBeNull();
  });
});

describe('the notable changes', () => {
  it('are in order and name releases that exist', () => {
    expect(isSorted(notableChanges.map(({ since }) => since))).toBe(true);
    for (const { since, until } of notableChanges) {
      expect([since, existing(since)]).toEqual([since, true]);
      expect(until === null || compareVersions(version(since), version(until)) < 0).toBe(true);
    }
  });

  it('each say what, why, what to do and from where, as sentences', () => {
    for (const { title, detail, action, source } of notableChanges) {
      expect(title).not.toMatch(/\.$/);
      expect(detail).toMatch(/\.$/);
      expect(action).toMatch(/\.$/);
      expect(source).not.toBe('');
    }
  });
});
