import fc from 'fast-check';
import type { ClusterMode } from '../../../src/domain/cluster/cluster';
import { brokerSetting } from '../../../src/domain/knowledge/broker-settings';
import { changesOf3 } from '../../../src/domain/knowledge/changes-of-3';
import { changesOf4 } from '../../../src/domain/knowledge/changes-of-4';
import { change, docs, kraftChange, upgradePage, zookeeperChange } from '../../../src/domain/knowledge/notable-change';
import { notableChanges } from '../../../src/domain/knowledge/notable-changes';
import { releaseLine, releaseLines } from '../../../src/domain/knowledge/releases';
import { releaseNotesBetween } from '../../../src/domain/checks/upgrade-path';
import { compareVersions, lineOf, requireVersion } from '../../../src/domain/cluster/version';

const version = (text: string) => requireVersion(text, 'release');

const told = (source: string, target: string, mode: ClusterMode): string[] =>
  releaseNotesBetween([source], target, mode).map(({ since, title }) => `${since} ${title}`);

describe('a notable change', () => {
  const words = { title: 't', detail: 'd.', action: 'a.', source: 's' };

  it.each([
    [change('3.7.0', words), null],
    [kraftChange('3.7.0', words), 'kraft'],
    [zookeeperChange('3.7.0', words), 'zookeeper'],
  ])('stays, for the mode that it concerns: %j', (made, mode) => {
    expect(made).toEqual({ since: '3.7.0', until: null, mode, ...words });
  });

  it('names the page of its release', () => {
    expect(docs('3.7.0')).toBe('docs/upgrade.html 3.7.0, notable changes');
    expect(upgradePage('4.1.0')).toBe('docs/getting-started/upgrade.md, notable changes in 4.1.0');
  });
});

describe('the notable changes', () => {
  it('are those of 3.x and then those of 4.x, oldest first', () => {
    expect(notableChanges).toEqual([...changesOf3, ...changesOf4]);
    const order = notableChanges.map(({ since }) => version(since));
    expect([...order].sort(compareVersions)).toEqual(order);
    for (const { since } of changesOf3) expect(version(since).major).toBe(3);
    for (const { since } of changesOf4) expect(version(since).major).toBe(4);
  });

  it.each(notableChanges)('begins with a release of a known line: $since $title', ({ since, until }) => {
    expect(releaseLine(lineOf(version(since)))).not.toBeNull();
    expect(version(since).patch).toBe(0);
    expect(until === null || compareVersions(version(since), version(until)) < 0).toBe(true);
  });

  it.each(notableChanges)('says what, why, what to do and from where: $title', ({ title, detail, action, source }) => {
    expect(title).toMatch(/^\S.*[^.\s]$/);
    expect(detail).toMatch(/^\S.*\.$/s);
    expect(action).toMatch(/^[A-Z].*\.$/);
    expect(source).toMatch(/KIP-\d+|KAFKA-\d+|CVE-|docs\//);
  });

  it('are told apart by their titles', () => {
    const titles = notableChanges.map(({ since, title }) => `${since} ${title}`);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('of 4.x concern KRaft alone', () => {
    expect(changesOf4.filter(({ mode }) => mode !== 'kraft')).toEqual([]);
  });

  it('that speak of ZooKeeper are for ZooKeeper clusters, while there are any', () => {
    const about = changesOf3.filter(({ title }) => title.includes('ZooKeeper'));
    expect(about.map(({ mode }) => mode)).toEqual(about.map(() => 'zookeeper'));
  });
});

describe('a setting that a notable change speaks of', () => {
  // Without settings of the JVM and of clients, which are no settings of a broker.
  it.each([
    ['3.0', 'port', true, false],
    ['3.0', 'host.name', true, false],
    ['3.0', 'advertised.port', true, false],
    ['3.0', 'advertised.host.name', true, false],
    ['3.0', 'quota.producer.default', true, false],
    ['3.0', 'quota.consumer.default', true, false],
    ['3.6', 'transaction.partition.verification.enable', false, true],
    ['3.6', 'log.message.timestamp.before.max.ms', false, true],
    ['3.6', 'log.message.timestamp.after.max.ms', false, true],
    ['3.7', 'controller.quorum.bootstrap.servers', false, false],
    ['3.9', 'controller.quorum.bootstrap.servers', false, true],
    ['4.0', 'log.message.timestamp.difference.max.ms', true, false],
    ['4.0', 'inter.broker.protocol.version', true, false],
    ['4.0', 'log.message.format.version', true, false],
    ['4.0', 'control.plane.listener.name', true, false],
    ['4.0', 'password.encoder.secret', true, false],
  ])('in %s: %s, before %s, then %s', (line, name, before, after) => {
    const lines = releaseLines.map((known) => known.line);
    const earlier = lines[lines.indexOf(line) - 1] ?? '';
    expect([brokerSetting(name, earlier) !== null, brokerSetting(name, line) !== null]).toEqual([before, after]);
  });

  it('has the new default that it is said to have', () => {
    expect(brokerSetting('log.message.timestamp.after.max.ms', '4.0')?.defaultValue).toBe(String(60 * 60_000));
    expect(brokerSetting('transaction.partition.verification.enable', '3.6')?.defaultValue).toBe('true');
    expect(brokerSetting('num.replica.fetchers', '4.2')?.valid).toBe('[1,...]');
  });
});

describe('what is told of an upgrade', () => {
  it.each<[string, string, ClusterMode, string[]]>([
    ['3.7.2', '3.8.1', 'zookeeper', ['3.8.0 compression needs an executable temporary directory']],
    [
      '3.8.1',
      '3.9.2',
      'zookeeper',
      ['3.9.0 ZooKeeper servers should be 3.8.3 or later', '3.9.0 the last line with ZooKeeper'],
    ],
    ['3.8.1', '3.9.2', 'kraft', ['3.9.0 dynamic quorums are for newly formatted clusters']],
    [
      '3.6.2',
      '3.7.2',
      'kraft',
      [
        '3.7.0 Java 11 is deprecated for brokers',
        '3.7.0 use of old client protocols is measured',
        '3.7.0 controllers register',
        '3.7.0 several log directories need metadata.version 3.7-IV2',
      ],
    ],
    [
      '3.6.2',
      '3.7.2',
      'zookeeper',
      ['3.7.0 Java 11 is deprecated for brokers', '3.7.0 use of old client protocols is measured'],
    ],
    [
      '4.0.2',
      '4.1.2',
      'kraft',
      [
        '4.1.0 --release-version 4.1 would raise two features that cannot be taken back',
        '4.1.0 the logger of the log cleaner has another name',
      ],
    ],
    ['4.2.1', '4.3.0', 'kraft', ['4.3.0 group.coordinator.rebalance.protocols is deprecated']],
    ['4.2.0', '4.2.1', 'kraft', []],
    ['3.9.2', '3.9.2', 'kraft', []],
    ['3.9.2', '3.7.2', 'zookeeper', []],
  ])('from %s to %s in mode %s is %j', (source, target, mode, titles) => {
    expect(told(source, target, mode)).toEqual(titles);
  });

  it.each<[string, string, string[]]>([
    [
      '2.8.2',
      '3.0.2',
      [
        'log.message.format.version is ignored',
        'old listener and quota settings are gone',
        'custom principal builders must serialize',
        'SimpleAclAuthorizer is gone',
        'tools no longer take --zookeeper',
      ],
    ],
    ['3.0.2', '3.1.2', ['fetch requests carry topic ids']],
    ['3.1.2', '3.2.3', ['reload4j takes the place of log4j 1', 'newer producers are idempotent by default']],
    ['3.2.3', '3.3.2', ['listener.security.protocol.map is case-sensitive by mistake']],
    ['3.3.2', '3.4.1', ['JndiLoginModule is refused']],
    ['3.4.1', '3.5.2', ['ZooKeeper mode is deprecated']],
    [
      '3.5.2',
      '3.6.2',
      [
        "ZooKeeper's client moves to 3.8",
        'transactions are verified on the server',
        'log.message.timestamp.difference.max.ms is deprecated',
      ],
    ],
  ])('over one line with ZooKeeper, from %s to %s: %j', (source, target, titles) => {
    expect(releaseNotesBetween([source], target, 'zookeeper').map(({ title }) => title)).toEqual(titles);
  });

  it.each<[string, string, string[]]>([
    ['3.4.1', '3.5.2', []],
    [
      '3.5.2',
      '3.6.2',
      ['transactions are verified on the server', 'log.message.timestamp.difference.max.ms is deprecated'],
    ],
    ['3.7.2', '3.8.1', ['compression needs an executable temporary directory']],
    [
      '3.9.2',
      '4.0.2',
      [
        'Java 17 is the minimum',
        'clients from before 2.1 can no longer connect',
        'Log4j 2 takes the place of Log4j 1',
        'records from the future are refused',
        'settings of the ZooKeeper days are gone',
        'transactions of the second version, consumer groups of the new protocol',
        'OAUTHBEARER reaches only URLs that are listed',
      ],
    ],
    [
      '4.1.2',
      '4.2.1',
      ['settings are checked more strictly', 'a principal builder must be a Serde', 'options of tools were renamed'],
    ],
  ])('over one line with KRaft, from %s to %s: %j', (source, target, titles) => {
    expect(releaseNotesBetween([source], target, 'kraft').map(({ title }) => title)).toEqual(titles);
  });

  const releases = releaseLines.flatMap(({ line, newestPatch }) => [`${line}.0`, `${line}.${newestPatch}`]);
  const anyRelease = fc.constantFrom(...new Set(releases));
  const anyMode = fc.constantFrom<ClusterMode>('zookeeper', 'kraft');

  it('property: is never what the cluster has already, what comes later, or what the other mode meets', () => {
    fc.assert(
      fc.property(anyRelease, anyRelease, anyMode, (source, target, mode) => {
        for (const entry of releaseNotesBetween([source], target, mode)) {
          expect(compareVersions(version(source), version(entry.since))).toBeLessThan(0);
          expect(compareVersions(version(entry.since), version(target))).toBeLessThanOrEqual(0);
          expect([mode, null]).toContain(entry.mode);
        }
      }),
    );
  });

  it('property: is the same in two steps as in one, but for regressions that come and go between', () => {
    fc.assert(
      fc.property(anyRelease, anyRelease, anyRelease, anyMode, (...[one, two, three, mode]) => {
        const [from, over, to] = [one, two, three].sort((a, b) => compareVersions(version(a), version(b)));
        const lasting = (source = '', target = '') =>
          releaseNotesBetween([source], target, mode).filter(({ until }) => until === null);
        expect([...lasting(from, over), ...lasting(over, to)]).toEqual(lasting(from, to));
      }),
    );
  });
});
