import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import { blocker, note, warning } from '../../../src/domain/checks/finding';
import type { Finding } from '../../../src/domain/checks/finding';
import { checkSettings } from '../../../src/domain/checks/settings-lint';
import { brief, seenAs } from '../../support/findings';
import { hostFacts, snapshot } from '../../support/snapshot';

const ids = [1, 2, 3];

/** A KRaft cluster whose files are alike, but for what is extra on some of its hosts. */
const kraft = (extra: string, on = [2]): ClusterSnapshot =>
  snapshot({
    mode: 'kraft',
    hosts: ids.map((id) => {
      const own = on.includes(id) ? `${extra}\n` : '';
      return hostFacts(id, {
        properties: `process.roles=broker\nnode.id=${id}\ncontroller.listener.names=CONTROLLER\n${own}`,
      });
    }),
  });

const lint = (given: ClusterSnapshot, target = '4.3.0', sources = ['3.9.2', '3.9.2', '3.9.2']): Finding[] =>
  checkSettings(given, { target, sources });

/** The only finding whose words hold these; the others (differences between the hosts) have tests of their own. */
const about = (words: string, findings: Finding[]): Finding | undefined => {
  const found = findings.filter(({ seen }) => seen.includes(words));
  expect(found.length).toBeLessThan(2);
  return found[0];
};

const source = 'org.apache.kafka: the settings that the jars of both releases define';

describe('settings that the target no longer has', () => {
  const gone = (extra: string, on?: number[]): Finding[] =>
    lint(kraft(extra, on)).filter(({ seen }) => seen.endsWith('has no such setting.'));

  it('are named with their hosts, why it matters and what takes their place', () => {
    expect(gone('delegation.token.master.key=x', [1, 3])).toEqual([
      warning({
        seen: 'delegation.token.master.key is set on kafka-1, kafka-3; Kafka 4.3 has no such setting.',
        why: 'Kafka 4.3 ignores it without a word: what it was set for no longer happens.',
        action: 'Use `delegation.token.secret.key` instead, then take the line out.',
        source,
      }),
    ]);
  });

  it('say so where nothing takes their place', () => {
    expect(gone('controlled.shutdown.max.retries=5')[0]?.action).toBe(
      'Nothing takes its place by that name: read the release notes, then take the line out.',
    );
  });

  it('are sorted by name, once each, however many hosts set them', () => {
    const two = 'password.encoder.secret=x\ncontrolled.shutdown.max.retries=5';
    expect(gone(two, ids).map(({ seen }) => seen)).toEqual([
      'controlled.shutdown.max.retries is set on kafka-1, kafka-2, kafka-3; Kafka 4.3 has no such setting.',
      'password.encoder.secret is set on kafka-1, kafka-2, kafka-3; Kafka 4.3 has no such setting.',
    ]);
  });

  it.each([
    ['of a plug-in, which no release knows', 'my.plugin.level=3'],
    ['of a listener, under its prefix', 'listener.name.internal.ssl.keystore.location=/k'],
    ['that the procedure itself handles', 'inter.broker.protocol.version=3.9\nlog.message.format.version=3.0'],
    ['that name the broker or its ZooKeeper', 'broker.id=2\nzookeeper.connect=zk:2181'],
    ['that both releases have', 'num.io.threads=8'],
    ['that only the target has', 'config.providers=file'],
  ])('are none %s', (_what, extra) => {
    expect(gone(extra)).toEqual([]);
  });

  it('are looked for in the files of brokers alone', () => {
    const given = kraft('delegation.token.master.key=x');
    const nodes = given.nodes.map((node) => (node.id === 2 ? { ...node, roles: ['controller' as const] } : node));
    expect(about('no such setting', lint({ ...given, nodes }))).toBeUndefined();
  });
});

describe('numbers that the target does not take', () => {
  it('stop its start, so they are blockers', () => {
    expect(about('takes', lint(kraft('log.segment.bytes=65536')))).toEqual(
      blocker('SettingsRefused', {
        seen: 'log.segment.bytes=65536 on kafka-2; Kafka 4.3 takes [1048576,...].',
        why: 'Kafka 4.3 would not start with it.',
        action: 'Correct the value first, on the release that runs.',
        source,
      }),
    );
  });

  it.each<[string, string | null]>([
    ['log.segment.bytes=1048575', '[1048576,...]'],
    ['log.segment.bytes=1048576', null],
    ['num.replica.fetchers=0', '[1,...]'],
    ['num.replica.fetchers=1', null],
    ['group.coordinator.append.linger.ms=-2', '[-1,...]'],
    ['group.coordinator.append.linger.ms=-1', null],
    ['compression.lz4.level=18', '[1,...,17]'],
    ['compression.lz4.level=17', null],
    ['compression.zstd.level=-131073', '[-131072,...,22]'],
    ['compression.zstd.level=23', '[-131072,...,22]'],
    ['compression.zstd.level=-131072', null],
    ['group.share.delivery.count.limit=1', '[2,...,10]'],
  ])('%s: %s', (line, valid) => {
    const words = valid === null ? [] : [`${line} on kafka-2; Kafka 4.3 takes ${valid}.`];
    expect(seenAs('blocker', lint(kraft(line)))).toEqual(words);
  });

  it.each([
    ['without bounds', 'log.retention.hours=-1'],
    ['that is a word', 'num.replica.fetchers=many'],
    ['that is left empty', 'num.replica.fetchers='],
    ['of a setting that takes words', 'broker.rack=a'],
    ['of a setting whose bounds are a sentence', 'compression.gzip.level=99'],
    ['of a setting that nobody knows', 'my.plugin.level=-5'],
  ])('are not judged %s', (_what, line) => {
    expect(seenAs('blocker', lint(kraft(line)))).toEqual([]);
  });

  it('come once for each host', () => {
    expect(seenAs('blocker', lint(kraft('num.replica.fetchers=0', [1, 3])))).toEqual([
      'num.replica.fetchers=0 on kafka-1; Kafka 4.3 takes [1,...].',
      'num.replica.fetchers=0 on kafka-3; Kafka 4.3 takes [1,...].',
    ]);
  });
});

describe('defaults that change', () => {
  const changes = (given: ClusterSnapshot, target?: string, sources?: string[]): string[] =>
    seenAs('note', lint(given, target, sources)).filter((words) => words.startsWith('The default of'));

  it('are noted, since nobody asked for it', () => {
    expect(about('num.recovery.threads', lint(kraft('')))).toEqual(
      note({
        seen: 'The default of num.recovery.threads.per.data.dir changes from 1 to 2, and not every file sets it.',
        why: 'The brokers will behave differently without anybody having asked for it.',
        action: 'Set it explicitly where the old behaviour is needed.',
        source,
      }),
    );
  });

  it('are not noted where every file sets the value', () => {
    const everywhere = changes(kraft('num.recovery.threads.per.data.dir=1', ids));
    expect(everywhere.filter((words) => words.includes('num.recovery'))).toEqual([]);
  });

  it('are told in words also where there was none, or there is none any more', () => {
    const noted = changes(kraft(''));
    expect(noted).toContain(
      'The default of metric.reporters changes from empty to org.apache.kafka.common.metrics.JmxReporter, and not every file sets it.',
    );
    const unset = snapshot({ mode: 'kraft', hosts: ids.map((id) => hostFacts(id, { properties: `node.id=${id}\n` })) });
    expect(changes(unset, '4.2.0', ['4.1.1'])[0]).toBe(
      'The default of controller.listener.names changes from null to none, and not every file sets it.',
    );
  });

  it.each([
    ['a protocol, which is pinned and raised by the procedure', '3.9.2', ['3.7.2']],
    ['two patches of one line', '3.9.2', ['3.9.0']],
  ])('are none between %s', (_what, target, sources) => {
    expect(changes(kraft(''), target, sources)).toEqual([]);
  });
});

describe('the releases that are compared', () => {
  const removed = 'controlled.shutdown.max.retries';

  it.each([
    ['the one that all nodes run', ['3.9.2', '3.9.2', '3.9.2']],
    ['the oldest, where an earlier upgrade was not finished', ['4.3.0', '3.9.2', '4.3.0']],
    ['the oldest by number, not by text', ['4.3.0', '3.9.2', '3.10.0']],
    ['one that can be read', ['trunk', '3.9.2', 'unknown']],
  ])('go from %s', (_what, sources) => {
    expect(about(removed, lint(kraft(`${removed}=5`, ids), '4.3.0', sources))?.seen).toBe(
      'controlled.shutdown.max.retries is set on kafka-1, kafka-2, kafka-3; Kafka 4.3 has no such setting.',
    );
  });

  it.each([
    ['the target is no release', 'trunk', ['3.9.2']],
    ['no source is one', '4.3.0', ['trunk', 'unknown']],
    ['there is no source', '4.3.0', []],
  ])('are none where %s', (_what, target, sources) => {
    expect(lint(kraft(`${removed}=5\nnum.replica.fetchers=0`), target, sources)).toEqual([]);
  });
});

it('all kinds of findings come in one list, those that stop the start first', () => {
  const extra = 'num.replica.fetchers=0\ncontrolled.shutdown.max.retries=5\nnum.io.thread=9\nzookeeper.set.acl=true';
  expect(brief(lint(kraft(extra, ids))).filter((words) => !words.includes('The default of'))).toEqual([
    ...ids.map((id) => `blocker: num.replica.fetchers=0 on kafka-${id}; Kafka 4.3 takes [1,...].`),
    'warning: controlled.shutdown.max.retries is set on kafka-1, kafka-2, kafka-3; Kafka 4.3 has no such setting.',
    'warning: zookeeper.set.acl is set on kafka-1, kafka-2, kafka-3; Kafka 4.3 has no such setting.',
    'warning: num.io.thread is set on kafka-1, kafka-2, kafka-3; no release knows it, but they know num.io.threads.',
    'note: zookeeper.set.acl mean nothing in mode kraft.',
  ]);
});
