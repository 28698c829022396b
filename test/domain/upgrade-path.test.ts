import { UpgradeError } from '../../src/domain/failure';
import type { Finding } from '../../src/domain/finding';
import { assessPath, releaseNotesBetween, type PathInput } from '../../src/domain/upgrade-path';

const path = (sources: string[], target: string, rest: Partial<PathInput> = {}): PathInput => ({
  mode: 'zookeeper',
  sources,
  target,
  javaVersions: [],
  ...rest,
});

const three = (version: string): string[] => [version, version, version];

const only = (findings: Finding[]): Finding => {
  expect(findings).toHaveLength(1);
  const [finding] = findings;
  if (finding === undefined) throw new Error('no finding');
  return finding;
};

const refusal = (input: PathInput): Finding => {
  const { ok, findings } = assessPath(input);
  expect(ok).toBe(false);
  return only(findings.filter(({ severity }) => severity === 'blocker'));
};

describe('assessPath', () => {
  it.each([
    ['2.8.2', '3.9.2'],
    ['3.7.2', '3.8.1'],
    ['3.7.1', '3.7.2'],
    ['2.8.0', '3.0.2'],
  ])('has nothing to say against %s to %s', (source, target) => {
    expect(assessPath(path(three(source), target))).toEqual({ ok: true, findings: [] });
  });

  it('refuses an older target, naming what runs', () => {
    const finding = refusal(path(['3.8.1', '3.7.2', '3.8.1'], '3.7.2'));
    expect(finding.failure).toBe('UnsupportedUpgradePath');
    expect(finding.seen).toBe('The target 3.7.2 is older than 3.8.1, which the cluster runs.');
  });

  it('refuses an older patch of the same line', () => {
    expect(refusal(path(three('3.7.2'), '3.7.1')).seen).toContain('older than 3.7.2');
  });

  it('refuses 4.x and names the bridge', () => {
    const finding = refusal(path(three('3.7.2'), '4.3.0'));
    expect(finding.seen).toBe('The target 4.3.0 has no ZooKeeper mode.');
    expect(finding.action).toBe('Upgrade to 3.9.2, migrate to KRaft there, then go on to 4.3.0.');
  });

  it.each(['3.10.0', '2.9.0'])('refuses %s, of a line that is not known, and names the known ones', (target) => {
    const finding = refusal(path(three('2.8.2'), target));
    expect(finding.seen).toContain(`target ${target} is not known`);
    expect(finding.action).toMatch(/^Choose one of 2\.8\.2, 3\.0\.2, .* 3\.9\.2\.$/);
    expect(finding.action).not.toMatch(/ 4\./);
  });

  it.each([
    ['3.2.2', '3.2.3'],
    ['3.3.0', '3.3.2'],
  ])('refuses %s, which was never announced, in favour of %s', (target, better) => {
    const finding = refusal(path(three('2.8.2'), target));
    expect(finding.seen).toContain(target);
    expect(finding.action).toBe(`Choose ${better}.`);
  });

  it.each([
    ['3.5.0', 'Choose 3.5.2.'],
    ['3.5.1', 'Choose 3.5.2.'],
    ['3.6.0', 'Choose 3.6.2 (the defect is gone since 3.6.1).'],
  ])('warns of the defect of %s', (target, action) => {
    const { ok, findings } = assessPath(path(three('3.4.1'), target));
    expect(ok).toBe(true);
    expect(only(findings)).toMatchObject({ severity: 'warning', action });
  });

  it('advises the newest patch of the line', () => {
    const { ok, findings } = assessPath(path(three('3.7.2'), '3.9.0'));
    expect(ok).toBe(true);
    expect(only(findings)).toMatchObject({ severity: 'note', action: 'Consider 3.9.2.' });
  });

  it('warns of a patch that is newer than what it knows', () => {
    const { ok, findings } = assessPath(path(three('3.7.2'), '3.9.7'));
    expect(ok).toBe(true);
    expect(only(findings)).toMatchObject({ severity: 'warning' });
    expect(only(findings).seen).toContain('newer than 3.9.2');
  });

  it('refuses a cluster of a line that is not known', () => {
    const finding = refusal(path(['2.7.2', '2.7.2', '2.7.1'].slice(0, 2), '3.8.1'));
    expect(finding.seen).toBe('The cluster runs 2.7.2, of a release line that is not known.');
    expect(finding.action).toContain('2.8.2');
  });

  it('refuses a build of a vendor', () => {
    const finding = refusal(path(['3.7.2', '7.5.0-ccs', '7.5.0-ccs'], '3.8.1'));
    expect(finding.seen).toBe('The cluster runs 7.5.0-ccs, which is no release of Apache Kafka.');
  });

  it('throws for a target that is no release', () => {
    expect(() => assessPath(path(three('3.7.2'), '3.8'))).toThrow(UpgradeError);
  });
});

describe('assessPath on a cluster of mixed versions', () => {
  it('continues when every node runs the source or the target', () => {
    const { ok, findings } = assessPath(path(['3.8.1', '3.7.2', '3.7.2'], '3.8.1'));
    expect(ok).toBe(true);
    expect(only(findings).seen).toBe('Some nodes already run 3.8.1, the others 3.7.2.');
  });

  it.each([
    [['3.7.1', '3.7.2', '3.8.1'], 'The nodes run 3.7.1 and 3.7.2'],
    [['3.7.2', '3.6.2', '3.7.2'], 'The nodes run 3.6.2 and 3.7.2'],
  ])('refuses three versions at once: %j', (sources, seen) => {
    const finding = refusal(path(sources, '3.8.1'));
    expect(finding.seen).toContain(seen);
    expect(finding.action).toContain('for example to 3.7.2');
  });
});

describe('assessPath when every node runs the target', () => {
  const at = (protocols: string[]): PathInput => path(three('3.8.1'), '3.8.1', { protocols });

  it.each([[['3.8', '3.8.1', '3.8-IV0']]])('refuses when the protocol is there too: %j', (protocols) => {
    expect(refusal(at(protocols)).why).toBe('There is nothing to upgrade.');
  });

  it('goes on when one node still speaks an older protocol', () => {
    const { ok, findings } = assessPath(at(['3.8', '3.7', '3.8']));
    expect(ok).toBe(true);
    expect(only(findings).why).toBe('Only the second phase is left.');
  });

  it('goes on when a protocol cannot be read', () => {
    expect(assessPath(at(['3.8', '?', '3.8'])).ok).toBe(true);
  });

  it('does not judge without the protocols', () => {
    expect(assessPath(path(three('3.8.1'), '3.8.1'))).toEqual({ ok: true, findings: [] });
  });

  it('does not judge from the nodes it could read alone', () => {
    const { findings } = assessPath(path(['3.8.1', 'x'], '3.8.1', { protocols: ['3.8'] }));
    expect(findings.map(({ why }) => why)).not.toContain('There is nothing to upgrade.');
  });

  it('does not judge an empty cluster', () => {
    expect(assessPath(path([], '3.8.1', { protocols: [] })).ok).toBe(true);
  });
});

describe('assessPath on the Java of the hosts', () => {
  const withJava = (target: string, ...javaVersions: (string | null)[]): PathInput =>
    path(three('2.8.2'), target, {
      javaVersions: javaVersions.map((javaVersion, index) => ({ nodeId: index + 1, javaVersion })),
    });

  it.each(['17.0.15', '11.0.2', '1.8.0_392', '8', '16.0.1'])('is content with %s', (java) => {
    expect(assessPath(withJava('3.8.1', java)).findings).toEqual([]);
  });

  it('refuses Java that is too old, naming the broker and what to install', () => {
    const finding = refusal(withJava('3.8.1', '17.0.15', '1.7.0_80'));
    expect(finding.seen).toBe('The host of broker 2 has Java 7.');
    expect(finding.action).toBe('Install Java 17 first.');
  });

  it('warns of Java that is newer than the documentation', () => {
    const { ok, findings } = assessPath(withJava('3.8.1', '21.0.4'));
    expect(ok).toBe(true);
    expect(only(findings)).toMatchObject({ severity: 'warning', seen: 'The host of broker 1 has Java 21.' });
  });

  it.each([null, 'unknown'])('warns when the version is %j', (java) => {
    const { ok, findings } = assessPath(withJava('3.8.1', java));
    expect(ok).toBe(true);
    expect(only(findings).seen).toBe('The host of broker 1 does not tell its Java version.');
  });

  it('says nothing of Java when the target is not known', () => {
    expect(assessPath(withJava('3.10.0', null)).findings).toHaveLength(1);
  });
});

describe('releaseNotesBetween', () => {
  const titles = (sources: string[], target: string): string[] =>
    releaseNotesBetween(sources, target, 'zookeeper').map(({ since, title }) => `${since} ${title}`);

  it('tells what came after the source, up to the target', () => {
    expect(titles(['3.7.2'], '3.8.1')).toEqual(['3.8.0 compression needs an executable temporary directory']);
    expect(titles(['3.7.2'], '3.9.2').map((title) => title.slice(0, 5))).toEqual(['3.8.0', '3.9.0', '3.9.0']);
  });

  it('tells nothing between patches of one line', () => {
    expect(titles(['3.7.0'], '3.7.2')).toEqual([]);
  });

  it('starts at the oldest node', () => {
    expect(titles(['3.9.2', '3.7.2'], '3.9.2')).toEqual(titles(['3.7.2'], '3.9.2'));
  });

  it.each([
    ['3.2.3', '3.4.1', true],
    ['3.2.3', '3.5.0', true],
    ['3.2.3', '3.5.2', false],
    ['3.3.2', '3.4.1', false],
  ])('tells a regression only where the upgrade meets it: %s to %s', (source, target, expected) => {
    expect(titles([source], target).some((title) => title.includes('case-sensitive'))).toBe(expected);
  });

  it('tells what needs work before an upgrade from 2.8', () => {
    expect(titles(['2.8.2'], '3.0.2')).toEqual(
      expect.arrayContaining([
        expect.stringContaining('log.message.format.version'),
        expect.stringContaining('--zookeeper'),
      ]),
    );
  });

  it('tells nothing without a source that can be read', () => {
    expect(titles([], '3.8.1')).toEqual([]);
    expect(titles(['7.5.0-ccs'], '3.8.1')).toEqual([]);
  });

  it('throws for a target that is no release', () => {
    expect(() => titles(['3.7.2'], 'newest')).toThrow(UpgradeError);
  });
});
