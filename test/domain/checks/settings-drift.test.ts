import type { ConfigValue, NodeRole } from '../../../src/domain/cluster/cluster';
import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import { note, warning } from '../../../src/domain/checks/finding';
import {
  differenceFindings,
  dynamicFindings,
  meaninglessFindings,
  misspelledFindings,
} from '../../../src/domain/checks/settings-drift';
import { brief } from '../../support/findings';
import { hostFacts, runningBroker, setting, snapshot } from '../../support/snapshot';

const ids = [1, 2, 3];
const lines = { from: '3.7', to: '3.9' };

const withFiles = (extra: (id: number) => string): ClusterSnapshot =>
  snapshot({ hosts: ids.map((id) => hostFacts(id, { properties: `broker.id=${id}\n${extra(id)}\n` })) });

const everywhere = (extra: string): ClusterSnapshot => withFiles(() => extra);

const withRoles = (given: ClusterSnapshot, rolesOf: (id: number) => NodeRole[]): ClusterSnapshot => ({
  ...given,
  nodes: given.nodes.map((node) => ({ ...node, roles: rolesOf(node.id) })),
});

describe('names that no release knows', () => {
  it('are told with where they are, what was meant, and what becomes of them', () => {
    const given = withFiles((id) => (id > 1 ? 'num.io.thread=16' : ''));
    expect(misspelledFindings(given, lines)).toEqual([
      warning({
        seen: 'num.io.thread is set on kafka-2, kafka-3; no release knows it, but they know num.io.threads.',
        why: 'Kafka ignores a name that it does not know: what it was meant for does not happen.',
        action: 'Write num.io.threads, or take the line out.',
        source: 'org.apache.kafka.common.config.AbstractConfig.logUnused',
      }),
    ]);
  });

  it.each([
    ['a letter too few', 'log.retenton.hours', 'log.retention.hours'],
    ['a letter too many', 'unclean.leader.election.enabled', 'unclean.leader.election.enable'],
    ['two letters in the wrong order', 'num.netowrk.threads', 'num.network.threads'],
    ['another case', 'Num.io.Threads', 'num.io.threads'],
    ['the nearest of two that are near', 'log.cleaner.mn.compaction.lag.ms', 'log.cleaner.min.compaction.lag.ms'],
    ['the nearest of two that are near', 'log.dirss', 'log.dirs'],
    ['the other one of the two', 'log.cleaner.mx.compaction.lag.ms', 'log.cleaner.max.compaction.lag.ms'],
    ['a name that only the target knows', 'log.dir.failure.timeout.m', 'log.dir.failure.timeout.ms'],
  ])('are recognised by %s: %s', (_what, typo, meant) => {
    expect(misspelledFindings(everywhere(`${typo}=1`), lines).map(({ action }) => action)).toEqual([
      `Write ${meant}, or take the line out.`,
    ]);
  });

  it.each([
    ['a name that both releases know', 'num.io.threads', lines],
    ['a name that only the source knows', 'broker.id.generation.enable', { from: '3.9', to: '4.3' }],
    ['a name that only the target knows', 'log.dir.failure.timeout.ms', lines],
    ['a name of a plug-in', 'my.plugin.level', lines],
    ['a name of a reporter', 'cruise.control.metrics.reporter.interval', lines],
    ['three letters wrong in a long name', 'num.io.thr', lines],
    ['two letters wrong in a short name', 'prots', { from: '2.8', to: '2.8' }],
  ])('are not to be confused with %s: %s', (_what, key, between) => {
    expect(misspelledFindings(everywhere(`${key}=1`), between)).toEqual([]);
  });

  it('may be short, with one letter wrong', () => {
    expect(brief(misspelledFindings(everywhere('ports=9092'), { from: '2.8', to: '2.8' }))).toEqual([
      'warning: ports is set on kafka-1, kafka-2, kafka-3; no release knows it, but they know port.',
    ]);
  });

  it('are sorted, each told once', () => {
    const found = misspelledFindings(everywhere('num.io.thread=1\nbackground.thread=2'), lines);
    expect(found.map(({ seen }) => seen.split(' ')[0])).toEqual(['background.thread', 'num.io.thread']);
  });
});

describe('settings of the other mode', () => {
  it('are noted together, and say what to do with them', () => {
    const given = { ...everywhere('zookeeper.connect=zk\nbroker.id.generation.enable=true'), mode: 'kraft' as const };
    expect(meaninglessFindings(given)).toEqual([
      note({
        seen: 'broker.id.generation.enable, zookeeper.connect mean nothing in mode kraft.',
        why: 'They are left from another time; whoever reads the file may believe them.',
        action: 'Take the lines out when the upgrade has ended.',
        source: 'KIP-500; kafka.server.KafkaConfig',
      }),
    ]);
  });

  it.each<['kraft' | 'zookeeper', string, boolean]>([
    ['kraft', 'zookeeper.session.timeout.ms', true],
    ['kraft', 'zookeeper.metadata.migration.enable', false],
    ['kraft', 'reserved.broker.max.id', true],
    ['kraft', 'broker.id', false],
    ['kraft', 'controller.quorum.voters', false],
    ['zookeeper', 'controller.quorum.voters', true],
    ['zookeeper', 'metadata.log.dir', true],
    ['zookeeper', 'zookeeper.connect', false],
    ['zookeeper', 'my.zookeeper.connect', false],
  ])('in mode %s: %s is one: %s', (mode, key, is) => {
    expect(brief(meaninglessFindings({ ...everywhere(`${key}=x`), mode }))).toEqual(
      is ? [`note: ${key} mean nothing in mode ${mode}.`] : [],
    );
  });

  it('are told up to ten', () => {
    const many = Array.from({ length: 12 }, (_, index) => `zookeeper.x${String(index).padStart(2, '0')}=1`).join('\n');
    expect(brief(meaninglessFindings({ ...everywhere(many), mode: 'kraft' }))[0]).toMatch(
      /^note: zookeeper\.x00, .*, zookeeper\.x09 and 2 more mean nothing in mode kraft\.$/,
    );
  });
});

describe('differences between hosts', () => {
  it('are told value by value, with why they matter now', () => {
    const given = withFiles((id) => (id === 3 ? 'num.io.threads=16' : 'num.io.threads=12'));
    expect(differenceFindings(given, '3.7')).toEqual([
      warning({
        seen: 'num.io.threads is 12 on kafka-1, kafka-2; 16 on kafka-3.',
        why: 'Brokers of one cluster that are set differently behave differently; a change that never reached every host comes into force with the restart.',
        action: 'Find out which value is meant, and set it on every host before the upgrade.',
        source: 'server.properties of the hosts',
      }),
    ]);
  });

  it.each<[string, (id: number) => string, string[]]>([
    [
      'where one host leaves it to the default',
      (id) => (id === 3 ? 'num.io.threads=16' : ''),
      ['num.io.threads is not set on kafka-1, kafka-2; 16 on kafka-3.'],
    ],
    ['not where one host writes the default down', (id) => (id === 3 ? 'num.io.threads=8' : ''), []],
    [
      'in three values',
      (id) => `num.io.threads=${id}0`,
      ['num.io.threads is 10 on kafka-1; 20 on kafka-2; 30 on kafka-3.'],
    ],
    [
      'in a setting that has no default',
      (id) => (id === 2 ? 'my.plugin.level=3' : ''),
      ['my.plugin.level is not set on kafka-1, kafka-3; 3 on kafka-2.'],
    ],
    [
      'in two settings, by name',
      (id) => (id === 1 ? 'num.io.threads=9\nbackground.threads=9' : ''),
      [
        'background.threads is 9 on kafka-1; not set on kafka-2, kafka-3.',
        'num.io.threads is 9 on kafka-1; not set on kafka-2, kafka-3.',
      ],
    ],
    [
      'in an empty value',
      (id) => (id === 1 ? 'my.plugin.level=' : 'my.plugin.level=3'),
      ['my.plugin.level is empty on kafka-1; 3 on kafka-2, kafka-3.'],
    ],
  ])('are told %s', (_what, extra, seen) => {
    expect(differenceFindings(withFiles(extra), '3.7').map((finding) => finding.seen)).toEqual(seen);
  });

  it.each([
    'listeners',
    'advertised.listeners',
    'host.name',
    'advertised.host.name',
    'port',
    'advertised.port',
    'node.id',
    'broker.rack',
    'log.dir',
    'log.dirs',
    'metadata.log.dir',
    'process.roles',
    'ssl.keystore.location',
    'ssl.key.password',
    'listener.name.internal.ssl.keystore.password',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config',
    'sasl.kerberos.service.name',
  ])('are none in %s, which every host has for itself', (key) => {
    expect(
      differenceFindings(
        withFiles((id) => `${key}=of-${id}`),
        '3.7',
      ),
    ).toEqual([]);
  });

  it('never show a secret', () => {
    const given = withFiles((id) => (id === 3 ? '' : `ssl.truststore.password=pw${id}`));
    expect(brief(differenceFindings(given, '3.7'))).toEqual([
      'warning: ssl.truststore.password is ******** on kafka-1; ******** on kafka-2; not set on kafka-3.',
    ]);
  });

  it('count only between nodes of the same roles', () => {
    const given = withFiles((id) => (id === 3 ? 'num.io.threads=16' : ''));
    const apart = withRoles(given, (id) => (id === 3 ? ['controller'] : ['broker']));
    expect(differenceFindings(apart, '3.7')).toEqual([]);
    const together = withRoles(given, (id) => (id === 1 ? ['controller'] : ['broker']));
    expect(brief(differenceFindings(together, '3.7'))).toEqual([
      'warning: num.io.threads is not set on kafka-2; 16 on kafka-3.',
    ]);
  });
});

describe('dynamic settings', () => {
  const source = 'KIP-226: dynamic settings of a broker outrank those of the cluster, and these the file';

  /** Broker 2 runs this, the others nothing of their own. */
  const running = (config: Record<string, ConfigValue>, file = ''): ClusterSnapshot => ({
    ...everywhere(file),
    running: Object.fromEntries(ids.map((id) => [id, { ...runningBroker(), config: id === 2 ? config : {} }])),
  });

  it('that outrank the file are told with both values; all of them are noted', () => {
    const config = { 'num.io.threads': setting('16', 'dynamic-broker') };
    expect(dynamicFindings(running(config, 'num.io.threads=8'))).toEqual([
      warning({
        seen: 'num.io.threads=8 in the file of kafka-2, but 16 runs, by a dynamic setting.',
        why: 'The dynamic setting stays in force after every restart; the line in the file does nothing.',
        action: 'Take one of the two away: kafka-configs.sh --entity-type brokers --describe shows the dynamic ones.',
        source,
      }),
      note({
        seen: 'Set dynamically: num.io.threads.',
        why: 'They are in no file, and stay in force through the upgrade.',
        action: 'Nothing, unless one of them was only meant for a while (a replication throttle, for example).',
        source,
      }),
    ]);
  });

  it.each<[string, Record<string, ConfigValue>, string, string[]]>([
    [
      'for the whole cluster, too',
      { 'num.io.threads': setting('16', 'dynamic-default-broker') },
      'num.io.threads=8',
      [
        'warning: num.io.threads=8 in the file of kafka-2, but 16 runs, by a dynamic setting.',
        'note: Set dynamically: num.io.threads.',
      ],
    ],
    [
      'that agree with the file are noted only',
      { 'num.io.threads': setting('8', 'dynamic-broker') },
      'num.io.threads=8',
      ['note: Set dynamically: num.io.threads.'],
    ],
    [
      'that are in no file are noted only, by name',
      {
        'leader.replication.throttled.rate': setting('1000', 'dynamic-broker'),
        'background.threads': setting('4', 'dynamic-default-broker'),
      },
      '',
      ['note: Set dynamically: background.threads, leader.replication.throttled.rate.'],
    ],
    [
      'are not those of the file, of a default, or of a topic',
      {
        'log.dirs': setting('/data', 'static-broker'),
        'num.io.threads': setting('8', 'default'),
        'retention.ms': setting('1', 'dynamic-topic'),
        odd: setting('1', 'unknown'),
      },
      'log.dirs=/other',
      [],
    ],
    ['are none: nothing is said', {}, 'num.io.threads=8', []],
  ])('%s', (_what, config, file, findings) => {
    expect(brief(dynamicFindings(running(config, file)))).toEqual(findings);
  });

  it.each<[string, ConfigValue]>([
    ['ssl.truststore.password', { value: null, source: 'dynamic-broker', sensitive: true }],
    ['my.plugin.secret', { value: 'hunter2', source: 'dynamic-broker', sensitive: false }],
  ])('that are secret stay secret: %s', (key, value) => {
    const findings = dynamicFindings(running({ [key]: value }, `${key}=hunter1`));
    expect(brief(findings)).toEqual([
      `warning: ${key}=******** in the file of kafka-2, but ******** runs, by a dynamic setting.`,
      `note: Set dynamically: ${key}.`,
    ]);
  });

  it('are none of a host whose node told nothing', () => {
    expect(dynamicFindings({ ...everywhere('num.io.threads=8'), running: {} })).toEqual([]);
  });
});
