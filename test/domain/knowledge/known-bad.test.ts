import { assessTarget } from '../../../src/domain/checks/assess-target';
import type { ClusterMode } from '../../../src/domain/cluster/cluster';
import { knownBad, knownBadReleases } from '../../../src/domain/knowledge/known-bad';
import { newestReleaseOf, releaseLine, releaseLines } from '../../../src/domain/knowledge/releases';
import { compareVersions, lineOf, requireVersion } from '../../../src/domain/cluster/version';

const version = (text: string) => requireVersion(text, 'release');

const modes: ClusterMode[] = ['zookeeper', 'kraft'];

/** Releases that exist: every patch of every known line, and what is known against each in each mode. */
const everyRelease = releaseLines.flatMap(({ line, newestPatch }) =>
  Array.from({ length: newestPatch + 1 }, (_, patch) => `${line}.${patch}`),
);

describe('the releases to pass over', () => {
  it.each<[string, string[]]>([
    ['zookeeper', ['3.2.2', '3.3.0', '3.5.0', '3.5.1', '3.6.0']],
    ['kraft', ['3.2.2', '3.3.0', '3.5.0', '3.5.1', '3.6.0', '3.7.0', '4.1.0', '4.1.1', '4.2.0']],
  ])('in mode %s are %j', (mode, releases) => {
    expect(everyRelease.filter((release) => knownBad(release, mode as ClusterMode) !== null)).toEqual(releases);
  });

  it.each([
    ['3.2.2', 'withdrawn', '3.2.3', 'downloads page of kafka.apache.org'],
    ['3.3.0', 'withdrawn', '3.3.1', 'downloads page of kafka.apache.org'],
    ['3.5.0', 'defect', '3.5.2', 'KAFKA-15353, KAFKA-15552'],
    ['3.5.1', 'defect', '3.5.2', 'KAFKA-15353, KAFKA-15552'],
    ['3.6.0', 'defect', '3.6.1', 'docs/upgrade.html 3.6.1, notable changes'],
    ['3.7.0', 'defect', '3.7.1', 'KAFKA-16606'],
    ['4.1.0', 'defect', '4.1.2', 'KAFKA-19012, KAFKA-19479'],
    ['4.1.1', 'defect', '4.1.2', 'KAFKA-19012'],
    ['4.2.0', 'defect', '4.2.1', 'KAFKA-20322'],
  ])('have a reason and a better one: %s (%s) → %s', (release, kind, better, source) => {
    expect(knownBad(release, 'kraft')).toMatchObject({ release, kind, better, source });
  });

  it.each(knownBadReleases)('$release exists, and so does $better, later in the same line', ({ release, better }) => {
    expect(everyRelease).toContain(release);
    expect(everyRelease).toContain(better);
    expect(lineOf(version(better))).toBe(lineOf(version(release)));
    expect(compareVersions(version(better), version(release))).toBeGreaterThan(0);
  });

  it.each(knownBadReleases)('$release: $better is the oldest without the defect', ({ release, better }) => {
    const between = everyRelease.filter(
      (each) =>
        compareVersions(version(each), version(release)) > 0 && compareVersions(version(each), version(better)) < 0,
    );
    for (const each of between) expect(knownBad(each, 'kraft')?.better).toBe(better);
  });

  it('are named once in each mode, oldest first', () => {
    for (const mode of modes) {
      const releases = knownBadReleases.filter((known) => (known.mode ?? mode) === mode).map(({ release }) => release);
      expect(new Set(releases).size).toBe(releases.length);
    }
    const order = knownBadReleases.map(({ release }) => version(release));
    expect([...order].sort(compareVersions)).toEqual(order);
  });

  it('of 4.x concern KRaft, because nothing else runs there', () => {
    for (const { release, mode } of knownBadReleases)
      expect([release, version(release).major < 4 || mode === 'kraft']).toEqual([release, true]);
  });

  it('say what goes wrong in sentences', () => {
    for (const { problem, source } of knownBadReleases) {
      expect(problem).toMatch(/^[A-Z].*\.$/);
      expect(source).not.toBe('');
    }
  });
});

describe('the advice', () => {
  it.each(releaseLines)('never leads to a release that is to be passed over: $line', (line) => {
    for (const mode of modes) expect(knownBad(newestReleaseOf(line), mode)).toBeNull();
  });

  it.each(knownBadReleases)('against $release is given when it is the target', ({ release, kind, mode }) => {
    const findings = assessTarget(version(release), mode ?? 'zookeeper');
    expect(findings[0]).toMatchObject({
      severity: kind === 'withdrawn' ? 'blocker' : 'warning',
      action: expect.stringMatching(/^Choose \d+\.\d+\.\d+/),
    });
    const advised = /\d+\.\d+\.\d+/.exec(findings[0]?.action ?? '')?.[0] ?? '';
    expect(releaseLine(lineOf(version(advised)))).not.toBeNull();
    expect(knownBad(advised, mode ?? 'zookeeper')).toBeNull();
  });
});
