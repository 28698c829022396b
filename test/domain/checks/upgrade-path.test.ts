import fc from 'fast-check';
import { UpgradeError } from '../../../src/domain/common/failure';
import type { Finding } from '../../../src/domain/checks/finding';
import { assessPath, type PathInput } from '../../../src/domain/checks/upgrade-path';

const path = (sources: string[], target: string, rest: Partial<PathInput> = {}): PathInput => ({
  mode: 'zookeeper',
  sources,
  target,
  levels: [],
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

  const spoken = (level: string): PathInput['levels'] => [
    { feature: 'inter.broker.protocol.version', level, where: 'broker 1' },
  ];

  it('refuses an older target under a level that it does not know, naming the level and who told it', () => {
    const finding = refusal(path(three('3.8.1'), '3.7.2', { levels: spoken('3.8-IV0') }));
    expect(finding).toMatchObject({
      failure: 'UnsupportedUpgradePath',
      seen: 'The target 3.7.2 is older than what runs: inter.broker.protocol.version is 3.8-IV0 (read from broker 1), and 3.7.2 knows none after 3.7.',
      action: 'Nothing takes a protocol back that was spoken: stay, or choose a target that knows it.',
    });
  });

  it.each([
    ['another line', three('3.8.1'), '3.7.2', 1],
    ['an older patch', three('3.7.2'), '3.7.1', 1],
    ['what an earlier downgrade left half done', ['3.8.1', '3.7.2', '3.8.1'], '3.7.2', 2],
  ])('lets the binaries go back to %s, and says so', (_what, sources, target, notes) => {
    const { ok, findings } = assessPath(path(sources, target, { levels: spoken('3.7-IV4') }));
    expect(ok).toBe(true);
    expect(findings.find(({ severity }) => severity === 'warning')?.seen).toBe(
      `This is a downgrade, ${sources[0]} → ${target}: the binaries only. ${target} knows every level in force, as read: inter.broker.protocol.version 3.7-IV4 (broker 1).`,
    );
    expect(findings.filter(({ severity }) => severity === 'note').length).toBeGreaterThanOrEqual(notes - 1);
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
      javaVersions: javaVersions.map((javaVersion, index) => ({ node: `broker ${index + 1}`, javaVersion })),
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

describe('assessPath word by word', () => {
  const refused: Partial<Finding> = {
    severity: 'blocker',
    failure: 'UnsupportedUpgradePath',
    source: 'Kafka documentation, "Upgrading"',
  };

  it.each<[string, PathInput, Partial<Finding>]>([
    [
      'two releases that are newer than the target',
      path(['3.8.1', '3.9.2', '3.7.2'], '3.7.2'),
      {
        ...refused,
        seen: 'The nodes run 3.8.1 and 3.9.2, and none of these is the target 3.7.2.',
        why: 'An upgrade goes from one release to another; of three at once nobody has tested that they work together.',
        action: 'Bring all nodes to one release first, for example to 3.9.2 with that as the target.',
      },
    ],
    [
      'three releases at once',
      path(['3.8.1', '3.6.2', '3.7.2'], '3.9.2'),
      {
        ...refused,
        seen: 'The nodes run 3.6.2 and 3.7.2 and 3.8.1, and none of these is the target 3.9.2.',
        why: 'An upgrade goes from one release to another; of three at once nobody has tested that they work together.',
        action: 'Bring all nodes to one release first, for example to 3.8.1 with that as the target.',
      },
    ],
    [
      'builds of vendors',
      path(['7.5.0-ccs', 'unknown', '7.5.0-ccs'], '3.8.1'),
      {
        ...refused,
        seen: 'The cluster runs 7.5.0-ccs and unknown, which is no release of Apache Kafka.',
        why: 'Builds of vendors, candidates and snapshots have rules of their own.',
        action: 'Bring every node to a release of Apache Kafka first, by the rules of that build.',
      },
    ],
    [
      'releases from before the known ones',
      path(three('2.6.3'), '3.8.1'),
      {
        ...refused,
        seen: 'The cluster runs 2.6.3, of a release line that is not known.',
        why: 'What is not known cannot be checked.',
        action: 'Upgrade by hand to 2.8.2 or a later known release first.',
      },
    ],
    [
      'KRaft from before it was for production',
      path(['3.2.3', '3.1.2', '3.2.3'], '3.9.2', { mode: 'kraft' }),
      {
        ...refused,
        seen: 'The KRaft cluster runs 3.2.3 and 3.1.2.',
        why: 'Before 3.3 KRaft was a preview, and no upgrade of it is supported.',
        action: 'Build a new cluster on a current release and move the data there.',
      },
    ],
    [
      'a cluster that is there already',
      path(three('3.8.1'), '3.8.1', { protocols: ['3.8', '3.8.1', '3.8-IV0'] }),
      {
        ...refused,
        seen: 'All nodes run 3.8.1 at its own protocol already.',
        why: 'There is nothing to upgrade.',
        action: 'Choose a newer target.',
      },
    ],
    [
      'a KRaft cluster that is there already',
      path(three('4.3.1'), '4.3.1', { mode: 'kraft', levelsLeft: false }),
      { ...refused, seen: 'All nodes run 4.3.1 at its own feature levels already.' },
    ],
  ])('refuses %s', (_what, input, finding) => {
    const { ok, findings } = assessPath(input);
    expect(ok).toBe(false);
    expect(findings).toContainEqual(expect.objectContaining(finding));
  });

  it.each<[string, PathInput, Partial<Finding>]>([
    [
      'the rest of an earlier upgrade',
      path(['3.8.1', '3.7.2', '3.7.2'], '3.8.1'),
      {
        seen: 'Some nodes already run 3.8.1, the others 3.7.2.',
        why: 'An earlier upgrade was not finished.',
        action: 'Nothing: nodes that are done are checked and passed over.',
        source: 'app-info Version of each broker',
      },
    ],
    [
      'its second phase',
      path(three('3.8.1'), '3.8.1', { protocols: ['3.8', '3.7', '3.8'] }),
      {
        seen: 'All nodes run 3.8.1 already, but not at its own protocol.',
        why: 'Only the second phase is left.',
        action: 'Nothing: phase 1 checks every node and restarts none that is done.',
        source: 'what each node runs',
      },
    ],
    [
      'the features of KRaft',
      path(three('4.3.1'), '4.3.1', { mode: 'kraft', levelsLeft: true }),
      { seen: 'All nodes run 4.3.1 already, but not at its own feature levels.' },
    ],
  ])('goes on with %s, and notes it', (_what, input, finding) => {
    const { ok, findings } = assessPath(input);
    expect(ok).toBe(true);
    expect(only(findings)).toMatchObject({ severity: 'note', failure: null, ...finding });
  });

  it('does not ask for levels where the target has none of the setting', () => {
    expect(assessPath(path(three('4.3.1'), '4.3.1', { mode: 'kraft', protocols: [] })).findings).toEqual([]);
  });

  it('tells everything that speaks against a path, not the first thing only', () => {
    const javaVersions = [{ node: 'broker 1', javaVersion: '1.7.0_80' }];
    const { findings } = assessPath(path(['3.8.1', '2.6.3', '7.5.0-ccs'], '3.6.0', { javaVersions }));
    expect(findings.map(({ severity, seen }) => `${severity}: ${seen}`)).toEqual([
      'warning: The target 3.6.0 has a known defect.',
      'blocker: The cluster runs 7.5.0-ccs, which is no release of Apache Kafka.',
      'blocker: The cluster runs 2.6.3, of a release line that is not known.',
      'blocker: The nodes run 2.6.3 and 3.8.1, and none of these is the target 3.6.0.',
      'blocker: The host of broker 1 has Java 7.',
    ]);
  });
});

describe('properties of a path', () => {
  const releases = fc.constantFrom('2.8.2', '3.3.2', '3.6.2', '3.7.2', '3.8.1', '3.9.2', '4.0.2', '4.3.1');
  const modes = fc.constantFrom<PathInput['mode']>('zookeeper', 'kraft');

  it('does not depend on which node runs what', () => {
    const words = (input: PathInput): string[] => assessPath(input).findings.map(({ seen }) => seen);
    fc.assert(
      fc.property(releases, releases, modes, (source, target, mode) => {
        const mixed = [source, target, source];
        const orders = [mixed, [...mixed].sort(), [...mixed].sort().reverse()];
        const [first, ...others] = orders.map((sources) => words(path(sources, target, { mode })));
        for (const other of others) expect(other).toEqual(first);
      }),
    );
  });
});
