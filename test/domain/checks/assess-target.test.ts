import fc from 'fast-check';
import { assessTarget, isBeforeKraft } from '../../../src/domain/checks/assess-target';
import type { ClusterMode } from '../../../src/domain/cluster/cluster';
import type { Finding } from '../../../src/domain/checks/finding';
import { newestReleaseOf, releaseLines } from '../../../src/domain/knowledge/releases';
import { requireVersion } from '../../../src/domain/cluster/version';

const version = (text: string) => requireVersion(text, 'target');
const assess = (target: string, mode: ClusterMode = 'kraft'): Finding[] => assessTarget(version(target), mode);

/** The findings in short: `severity: action`. */
const brief = (target: string, mode: ClusterMode): string[] =>
  assess(target, mode).map(({ severity, action }) => `${severity}: ${action}`);

describe('a target', () => {
  it.each<[string, ClusterMode, string[]]>([
    ['3.8.1', 'zookeeper', []],
    ['3.9.2', 'zookeeper', []],
    ['3.9.2', 'kraft', []],
    ['4.0.2', 'kraft', []],
    ['4.3.1', 'kraft', []],
    ['2.8.2', 'zookeeper', []],
    ['3.9.0', 'zookeeper', ['note: Consider 3.9.2.']],
    ['4.3.0', 'kraft', ['note: Consider 4.3.1.']],
    ['3.7.0', 'zookeeper', ['note: Consider 3.7.2.']],
    ['3.7.0', 'kraft', ['warning: Choose 3.7.2 (the defect is gone since 3.7.1).']],
    ['3.7.1', 'kraft', ['note: Consider 3.7.2.']],
    ['3.5.0', 'zookeeper', ['warning: Choose 3.5.2.']],
    ['3.5.1', 'kraft', ['warning: Choose 3.5.2.']],
    ['3.6.0', 'zookeeper', ['warning: Choose 3.6.2 (the defect is gone since 3.6.1).']],
    ['4.1.0', 'kraft', ['warning: Choose 4.1.2.']],
    ['4.2.0', 'kraft', ['warning: Choose 4.2.1.']],
    ['3.9.7', 'kraft', ['warning: Read its release notes.']],
    ['3.2.2', 'zookeeper', ['blocker: Choose 3.2.3.']],
    ['3.3.0', 'kraft', ['blocker: Choose 3.3.2.']],
    ['4.0.0', 'zookeeper', ['blocker: Upgrade to 3.9.2, migrate to KRaft there, then go on to 4.0.0.']],
    ['4.9.0', 'zookeeper', ['blocker: Upgrade to 3.9.2, migrate to KRaft there, then go on to 4.9.0.']],
  ])('%s in mode %s: %j', (target, mode, findings) => {
    expect(brief(target, mode)).toEqual(findings);
  });

  it('without ZooKeeper mode is refused, with the way there', () => {
    expect(assess('4.2.1', 'zookeeper')).toEqual([
      {
        severity: 'blocker',
        failure: 'UnsupportedUpgradePath',
        seen: 'The target 4.2.1 has no ZooKeeper mode.',
        why: 'Kafka 4.0 removed ZooKeeper; a ZooKeeper cluster has to be migrated to KRaft first, and 3.9 is the last line that can do it.',
        action: 'Upgrade to 3.9.2, migrate to KRaft there, then go on to 4.2.1.',
        source: 'Kafka documentation, "Upgrading"',
      },
    ]);
  });

  it('that was withdrawn is refused, with where that is said', () => {
    expect(assess('3.2.2', 'zookeeper')).toEqual([
      {
        severity: 'blocker',
        failure: 'UnsupportedUpgradePath',
        seen: 'The target 3.2.2 is not to be used.',
        why: 'The downloads page says that it is not recommended.',
        action: 'Choose 3.2.3.',
        source: 'downloads page of kafka.apache.org',
      },
    ]);
  });

  it('with a defect is warned of, with what goes wrong', () => {
    expect(assess('4.2.0')).toEqual([
      {
        severity: 'warning',
        failure: null,
        seen: 'The target 4.2.0 has a known defect.',
        why: 'Transactional producers get UnsupportedVersionException while brokers of 4.2.0 and older ones are mixed.',
        action: 'Choose 4.2.1.',
        source: 'KAFKA-20322',
      },
    ]);
  });

  it('that is not the newest patch is a note, and a newer one than known a warning', () => {
    expect([...assess('3.8.0'), ...assess('3.8.2')]).toEqual([
      {
        severity: 'note',
        failure: null,
        seen: 'The target 3.8.0 is not the newest release of its line; 3.8.1 is.',
        why: 'A later patch holds more fixes and costs the same upgrade.',
        action: 'Consider 3.8.1.',
        source: 'artifacts org.apache.kafka:kafka_2.13',
      },
      {
        severity: 'warning',
        failure: null,
        seen: 'The target 3.8.2 is newer than 3.8.1, the newest release of its line known here.',
        why: 'Its defects and notable changes are not known here.',
        action: 'Read its release notes.',
        source: 'artifacts org.apache.kafka:kafka_2.13',
      },
    ]);
  });
});

describe('a target of a line that is not known', () => {
  it('is refused with the releases that a ZooKeeper cluster may run', () => {
    expect(assess('3.10.0', 'zookeeper')).toEqual([
      {
        severity: 'blocker',
        failure: 'UnsupportedUpgradePath',
        seen: 'The release line of the target 3.10.0 is not known.',
        why: 'What is not known cannot be checked.',
        action: 'Choose one of 2.8.2, 3.0.2, 3.1.2, 3.2.3, 3.3.2, 3.4.1, 3.5.2, 3.6.2, 3.7.2, 3.8.1, 3.9.2.',
        source: 'Kafka documentation, "Upgrading"',
      },
    ]);
  });

  it.each(['5.0.0', '4.4.0', '2.7.2'])('is refused with those of KRaft, from 3.3 on: %s', (target) => {
    expect(brief(target, 'kraft')).toEqual([
      'blocker: Choose one of 3.3.2, 3.4.1, 3.5.2, 3.6.2, 3.7.2, 3.8.1, 3.9.2, 4.0.2, 4.1.2, 4.2.1, 4.3.1.',
    ]);
  });
});

describe('KRaft', () => {
  it.each([
    ['2.8.2', true],
    ['3.0.0', true],
    ['3.2.3', true],
    ['3.3.0', false],
    ['3.3.1', false],
    ['3.10.0', false],
    ['4.0.0', false],
  ])('was a preview in %s: %s', (release, before) => {
    expect(isBeforeKraft(version(release))).toBe(before);
  });
});

describe('properties of the advice', () => {
  const anyMode = fc.constantFrom<ClusterMode>('zookeeper', 'kraft');
  const anyTarget = fc.record({ major: fc.integer({ min: 2, max: 5 }), minor: fc.nat(11), patch: fc.nat(4) });

  it('at most one thing is said of a target, and what it names can be chosen without another word', () => {
    fc.assert(
      fc.property(anyTarget, anyMode, ({ major, minor, patch }, mode) => {
        const findings = assess(`${major}.${minor}.${patch}`, mode);
        expect(findings.length).toBeLessThanOrEqual(1);
        const advised = /^(?:Choose|Consider|Upgrade to)(?: one of)? (\d+\.\d+\.\d+)/.exec(
          findings[0]?.action ?? '',
        )?.[1];
        expect(advised === undefined ? [] : assess(advised, mode)).toEqual([]);
      }),
    );
  });

  it.each(releaseLines)('the newest of $line has nothing against it, but for ZooKeeper', (line) => {
    const newest = newestReleaseOf(line);
    expect(assess(newest, 'kraft')).toEqual([]);
    expect(assess(newest, 'zookeeper').map(({ severity }) => severity)).toEqual(
      line.zookeeper === 'removed' ? ['blocker'] : [],
    );
  });
});
