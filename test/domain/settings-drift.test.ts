import type { ConfigValue } from '../../src/domain/cluster';
import type { ClusterSnapshot } from '../../src/domain/cluster-snapshot';
import {
  differenceFindings,
  dynamicFindings,
  meaninglessFindings,
  misspelledFindings,
} from '../../src/domain/settings-drift';
import { hostFacts, runningBroker, setting, snapshot } from '../support/snapshot';

const lines = { from: '3.7', to: '3.9' };

const withFiles = (extra: (id: number) => string): ClusterSnapshot =>
  snapshot({ hosts: [1, 2, 3].map((id) => hostFacts(id, { properties: `broker.id=${id}\n${extra(id)}\n` })) });

const running = (config: Record<string, ConfigValue>, extra = ''): ClusterSnapshot => ({
  ...withFiles(() => extra),
  running: Object.fromEntries(
    [1, 2, 3].map((id) => [id, { ...runningBroker(), config: id === 2 ? config : {} }] as const),
  ),
});

const words = (findings: { seen: string }[]): string[] => findings.map(({ seen }) => seen);

describe('names that no release knows', () => {
  it.each([
    ['num.io.thread', 'num.io.threads'],
    ['log.retenton.hours', 'log.retention.hours'],
    ['unclean.leader.election.enabled', 'unclean.leader.election.enable'],
  ])('%s is told, with %s', (typo, meant) => {
    const findings = misspelledFindings(
      withFiles((id) => (id > 1 ? `${typo}=1` : '')),
      lines,
    );
    expect(words(findings)).toEqual([
      `${typo} is set on kafka-2, kafka-3; no release knows it, but they know ${meant}.`,
    ]);
    expect(findings[0]?.severity).toBe('warning');
  });

  it.each(['num.io.threads', 'my.plugin.level', 'cruise.control.metrics.reporter.interval', 'ports'])(
    '%s is no slip of the pen',
    (key) => {
      const close = key === 'ports';
      expect(
        misspelledFindings(
          withFiles(() => `${key}=1`),
          close ? { from: '2.8', to: '2.8' } : lines,
        ),
      ).toHaveLength(close ? 1 : 0);
    },
  );
});

describe('differences between hosts', () => {
  it('are told value by value', () => {
    const findings = differenceFindings(
      withFiles((id) => (id === 3 ? 'num.io.threads=16' : 'num.io.threads=12')),
      '3.7',
    );
    expect(words(findings)).toEqual(['num.io.threads is 12 on kafka-1, kafka-2; 16 on kafka-3.']);
  });

  it('are none where one host writes the default down', () => {
    expect(
      differenceFindings(
        withFiles((id) => (id === 3 ? 'num.io.threads=8' : '')),
        '3.7',
      ),
    ).toEqual([]);
  });

  it('are none in what is different by its nature', () => {
    const own = (id: number): string =>
      [
        `listeners=PLAINTEXT://k${id}:9092`,
        `advertised.listeners=PLAINTEXT://k${id}:9092`,
        `broker.rack=r${id}`,
        `log.dirs=/data/${id}`,
        `ssl.keystore.location=/k${id}`,
        `listener.name.internal.ssl.keystore.password=p${id}`,
      ].join('\n');
    expect(differenceFindings(withFiles(own), '3.7')).toEqual([]);
  });

  it('never show a secret', () => {
    const findings = differenceFindings(
      withFiles((id) => `ssl.truststore.password=pw${id}`),
      '3.7',
    );
    expect(words(findings)).toHaveLength(1);
    expect(words(findings)[0]).not.toMatch(/pw\d/);
  });

  it('count only between nodes of the same roles', () => {
    const base = withFiles((id) => (id === 3 ? 'num.io.threads=16' : ''));
    const nodes = base.nodes.map((node) => (node.id === 3 ? { ...node, roles: ['controller' as const] } : node));
    expect(differenceFindings({ ...base, nodes }, '3.7')).toEqual([]);
  });
});

describe('settings of the other mode', () => {
  it.each([
    [
      'kraft',
      'zookeeper.connect=zk\nbroker.id.generation.enable=true',
      ['broker.id.generation.enable, zookeeper.connect'],
    ],
    ['kraft', 'zookeeper.metadata.migration.enable=true', []],
    ['zookeeper', 'controller.quorum.voters=1@k:9093', ['controller.quorum.voters']],
  ] as const)('in mode %s: %s', (mode, extra, named) => {
    expect(words(meaninglessFindings({ ...withFiles(() => extra), mode }))).toEqual(
      named.map((keys) => `${keys} mean nothing in mode ${mode}.`),
    );
  });
});

describe('dynamic settings', () => {
  it('that outrank the file are told, with both values', () => {
    const findings = dynamicFindings(
      running({ 'num.io.threads': setting('16', 'dynamic-broker') }, 'num.io.threads=8'),
    );
    expect(words(findings)).toEqual([
      'num.io.threads=8 in the file of kafka-2, but 16 runs, by a dynamic setting.',
      'Set dynamically: num.io.threads.',
    ]);
  });

  it('that agree with the file, or are in none, are noted only', () => {
    const findings = dynamicFindings(
      running(
        {
          'num.io.threads': setting('8', 'dynamic-default-broker'),
          'leader.replication.throttled.rate': setting('1000', 'dynamic-broker'),
          'log.dirs': setting('/data'),
        },
        'num.io.threads=8',
      ),
    );
    expect(words(findings)).toEqual(['Set dynamically: leader.replication.throttled.rate, num.io.threads.']);
    expect(findings[0]?.severity).toBe('note');
  });

  it('that are secret stay secret', () => {
    const secret = { value: null, source: 'dynamic-broker', sensitive: true } as const;
    const findings = dynamicFindings(running({ 'ssl.truststore.password': secret }, 'ssl.truststore.password=pw'));
    expect(JSON.stringify(findings)).not.toContain('pw');
  });

  it('are none: nothing is said', () => {
    expect(dynamicFindings(running({}))).toEqual([]);
  });
});
