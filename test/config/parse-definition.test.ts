import { parse, stringify } from 'yaml';

import { parseDefinition as parseBoth } from '../../src/config/parse-definition';
import type { WrittenDefinition } from '../../src/config/schema';
import { UpgradeError } from '../../src/domain/common/failure';

const minimal = `cluster: orders
nodes:
  - { id: 1, host: kafka-1 }
  - { id: 2, host: kafka-2 }
ssh:
  user: kafka
paths:
  config: /etc/kafka/server.properties
  current: /opt/kafka
  releases: /opt/releases/kafka-{version}
`;

const parseDefinition = (text: string, file: string): WrittenDefinition => parseBoth(text, file).definition;

const mistakes = (text: string): string[] => {
  try {
    parseDefinition(text, 'orders.yaml');
  } catch (error) {
    if (!(error instanceof UpgradeError)) throw error;
    expect(error.type).toBe('InvalidDefinition');
    return error.message.split('\n');
  }
  return [];
};

const mistakeOf = (text: string): string => {
  const all = mistakes(text);
  expect(all).toHaveLength(1);
  return all.join();
};

/** The minimal definition with one more line at its end. */
const plus = (line: string): string => `${minimal}${line}\n`;

describe('parseDefinition', () => {
  it('fills in the defaults that do not depend on the worker', () => {
    expect(parseDefinition(minimal, 'orders.yaml')).toEqual({
      cluster: 'orders',
      mode: 'zookeeper',
      nodes: [
        { id: 1, host: 'kafka-1', jmx: 'localhost:9999' },
        { id: 2, host: 'kafka-2', jmx: 'localhost:9999' },
      ],
      ssh: { user: 'kafka', port: 22, knownHostsFile: '~/.ssh/known_hosts', connectTimeoutSeconds: 10 },
      paths: {
        config: '/etc/kafka/server.properties',
        current: '/opt/kafka',
        releases: '/opt/releases/kafka-{version}',
        state: '/var/lib/kafka-upgrade',
      },
      service: { type: 'scripts', environment: {}, logging: {} },
      gauges: { source: 'jmxtool' },
      policy: { consumerLag: {}, approvals: { gates: {}, eachNode: false }, maintenance: { windows: [] } },
      disasterRecovery: {},
      notifications: [],
    } satisfies WrittenDefinition);
  });

  it('takes JSON, which is YAML too', () => {
    expect(parseDefinition(JSON.stringify(parse(minimal)), 'orders.json')).toEqual(
      parseDefinition(minimal, 'orders.yaml'),
    );
  });

  it('takes numbers as values of environment variables', () => {
    const { service } = parseDefinition(
      plus('service: { type: scripts, environment: { JMX_PORT: 9999, OPTS: "-Xmx1g" } }'),
      'x',
    );
    expect(service).toEqual({ type: 'scripts', environment: { JMX_PORT: '9999', OPTS: '-Xmx1g' }, logging: {} });
  });

  it('takes commands as a service', () => {
    const { service } = parseDefinition(plus('service: { type: commands, start: sudo up, stop: sudo down }'), 'x');
    expect(service).toEqual({ type: 'commands', start: 'sudo up', stop: 'sudo down' });
  });

  it('takes IPv6 addresses', () => {
    const text = minimal.replace('host: kafka-1 }', "host: '::1', kafka: '[::1]:9092' }");
    expect(parseDefinition(text, 'x').nodes[0]).toMatchObject({ host: '::1', kafka: '[::1]:9092' });
  });
});

describe('a mistake in a definition', () => {
  it.each([
    [plus('polcy: {}'), '11:1: `polcy` is no setting of a cluster definition. Did you mean `policy`?'],
    [plus('policy: { soakSecond: 3 }'), '11:11: `soakSecond` is no setting of `policy`. Did you mean `soakSeconds`?'],
    [
      plus('policy: { consumerLag: { stalled: 3 } }'),
      '11:26: `stalled` is no setting of `policy.consumerLag`. It knows sampleIntervalMs, stalledAfterSeconds, growingAfterSeconds, rebalanceToleranceSeconds, ignoredGroups, ignoredTopics.',
    ],
    [
      minimal.replace('host: kafka-2', 'host: kafka-2, sshport: 3'),
      '4:29: `sshport` is no setting of `nodes[1]`. Did you mean `sshPort`?',
    ],
    [
      plus('service: { type: commands, start: a, stop: b, restrat: c }'),
      '11:47: `restrat` is no setting of `service`. It knows type, environment, logging, start, stop.',
    ],
    [
      plus('disasterRecovery: { prob: {} }'),
      '11:21: `prob` is no setting of `disasterRecovery`. Did you mean `probe`?',
    ],
    [minimal.replace('cluster: orders\n', ''), '1:1: `cluster` is missing.'],
    [minimal.replace('  user: kafka', '  port: 22'), '6:3: `ssh.user` is missing.'],
    [minimal.replace('host: kafka-2', 'kafka: a:9092'), '4:5: `nodes[1].host` is missing.'],
    [minimal.replace('id: 2', 'id: x'), '4:11: `nodes[1].id` must be a number.'],
    [minimal.replace('id: 2', 'id: 2.5'), '4:11: `nodes[1].id` must be a whole number.'],
    [minimal.replace('id: 2', 'id: -2'), '4:11: `nodes[1].id` must be at least 0.'],
    [minimal.replace('user: kafka', 'user: 12'), '6:9: `ssh.user` must be text (put it into quotes).'],
    [minimal.replace('cluster: orders', 'cluster:'), '1:9: `cluster` must be text (put it into quotes).'],
    [minimal.replace(/nodes:\n.*\n.*\n/, 'nodes: []\n'), '2:8: `nodes` must not be empty.'],
    [minimal.replace(/nodes:\n.*\n.*\n/, 'nodes: kafka-1\n'), '2:8: `nodes` must be a list.'],
    [minimal.replace('{ id: 2, host: kafka-2 }', 'kafka-2'), '4:5: `nodes[1]` must be a block of settings.'],
    [plus('service: { type: scripts, environment: x }'), '11:40: `service.environment` must be a block of settings.'],
    [
      plus("notifications: [{ name: a, type: slack, url: 'http://h', title: '{clutser}' }]"),
      '11:65: `notifications[0].title` has the placeholder {clutser}, which there is not; there are {kind} {cluster} {from} {to} {phase} {message} {node} {wait} {waited} {question} {afterwards} {who} {signal} {answer} {command} {link} {by} {outcome} {requester} {ticket} {plan} {workflow} {time}.',
    ],
    [
      plus('notifications: [{ name: a, type: slack }]'),
      '11:17: `notifications[0]` needs one of url, urlEnvironment and urlFile.',
    ],
    [
      plus("notifications: [{ name: a, type: slack, url: 'http://h' }, { name: a, type: slack, urlFile: x }]"),
      '11:68: `notifications[1].name` is the same (a) as of an earlier channel.',
    ],
    [
      plus("alertSilence: { alertmanager: 'http://h', matchers: [] }"),
      '11:53: `alertSilence.matchers` must not be empty.',
    ],
    [plus('mode: raft'), '11:7: `mode` must be zookeeper or kraft.'],
    [
      plus('mode: kraft').replace('id: 2', 'id: 2, roles: [broker, controller]'),
      '3:5: `nodes[0]` needs `roles` as in its process.roles, for example [broker, controller].',
    ],
    [
      plus('mode: kraft').replace('id: 1', 'id: 1, roles: [broker]').replace('id: 2', 'id: 2, roles: [broker]'),
      '3:3: `nodes` has no node with role controller; every node of the cluster belongs here.',
    ],
    [
      minimal.replace('id: 2', 'id: 2, roles: [broker]'),
      '4:21: `nodes[1].roles` is for mode kraft; in mode zookeeper every node is a broker.',
    ],
    [
      plus('service: { type: scripts, environment: { KAFKA_LOG4J_OPTS: x }, logging: { log4j: /a } }'),
      '11:60: `service.environment.KAFKA_LOG4J_OPTS` must not be set together with service.logging, which sets it.',
    ],
    [plus('service: { type: docker }'), '11:18: `service.type` must be scripts or commands.'],
    [plus('service: { type: commands, start: "", stop: b }'), '11:35: `service.start` must not be empty.'],
    [
      plus('service: { type: scripts, environment: { 9X: y } }'),
      '11:46: `service.environment.9X` must be the name of an environment variable.',
    ],
    [
      plus('service: { type: scripts, environment: { X: [] } }'),
      '11:45: `service.environment.X` must be text or a number.',
    ],
    [minimal.replace('user: kafka', 'user: kafka\n  port: 70000'), '7:9: `ssh.port` must be at most 65535.'],
    [plus('policy: { pollIntervalMs: 10 }'), '11:27: `policy.pollIntervalMs` must be at least 50.'],
    [plus('policy: { soakSeconds: -1 }'), '11:24: `policy.soakSeconds` must be at least 0.'],
    [plus('policy: { stopTimeoutSeconds: .nan }'), '11:31: `policy.stopTimeoutSeconds` must be a number.'],
    [
      minimal.replace('cluster: orders', 'cluster: Orders'),
      '1:10: `cluster` must be 1 to 63 of a-z, 0-9, ".", "_" and "-", and start with a letter or digit.',
    ],
    [
      minimal.replace('host: kafka-2', 'host: -oProxy'),
      '4:20: `nodes[1].host` must be a name without spaces that does not start with "-".',
    ],
    [
      minimal.replace('host: kafka-2', 'host: b, kafka: b'),
      '4:30: `nodes[1].kafka` must be host:port, for example kafka-1.example.org:9092.',
    ],
    [
      minimal.replace('host: kafka-2', 'host: b, kafka: "b:65536"'),
      '4:30: `nodes[1].kafka` must end with a port of at most 65535.',
    ],
    [
      minimal.replace('/opt/kafka\n', '/opt/kafka/\n'),
      '9:12: `paths.current` must be an absolute path without a slash at its end.',
    ],
    [minimal.replace('/opt/kafka\n', '/opt/../kafka\n'), '9:12: `paths.current` must not contain "." or ".." parts.'],
    [
      minimal.replace('{version}', 'latest'),
      '10:13: `paths.releases` must contain {version} once, for example /opt/kafka-releases/kafka_2.13-{version}.',
    ],
    [plus('gauges: { source: jmx }'), '11:19: `gauges.source` must be jmxtool or jolokia or prometheus.'],
    [
      plus('gauges: { source: prometheus, path: metrics }'),
      '11:37: `gauges.path` must be the path of an address, for example /metrics.',
    ],
    [
      plus('gauges: { source: prometheus, metrics: { version: a-b } }'),
      '11:51: `gauges.metrics.version` must be the name of a metric, for example kafka_under_replicated_partitions.',
    ],
    ...['kafka-2:8778', 'ftp://kafka-2/', 'http://me:secret@kafka-2/'].map((url) => [
      plus('gauges: { source: jolokia }').replace('host: kafka-2', `host: b, gaugesUrl: '${url}'`),
      '4:34: `nodes[1].gaugesUrl` must be an http:// or https:// address without user and password.',
    ]),
    ['', '1:1: The definition must be a block of settings.'],
    ['- cluster\n', '1:1: The definition must be a block of settings.'],
  ])('is told with its place (%#)', (text, expected) => {
    expect(mistakeOf(text)).toBe(`orders.yaml:${expected}`);
  });

  it('in the syntax is told with its place', () => {
    expect(mistakeOf('cluster: orders\nnodes: [\n')).toMatch(/^orders\.yaml:3:1: This is not YAML: .+\.$/);
  });

  it('such as the same key twice is told', () => {
    expect(mistakeOf(plus('cluster: other'))).toMatch(
      /^orders\.yaml:11:1: This is not YAML: Map keys must be unique\.$/,
    );
  });

  it('is told together with all others, in the order of the file', () => {
    expect(mistakes(plus('mode: raft').replace('cluster: orders', 'cluster: A').replace('id: 2', 'id: x'))).toEqual([
      expect.stringContaining('orders.yaml:1:10:'),
      expect.stringContaining('orders.yaml:4:11:'),
      expect.stringContaining('orders.yaml:11:7:'),
    ]);
  });

  it('is told twenty times at most', () => {
    const many = Array.from({ length: 25 }, (_, index) => `unknown${index}: 1`).join('\n');
    const told = mistakes(plus(many));
    expect(told).toHaveLength(21);
    expect(told.at(-1)).toBe('… and 5 more.');
  });
});

describe('a definition that contradicts itself', () => {
  it.each([
    [minimal.replace('id: 2', 'id: 1'), '4:11: `nodes[1].id` is the same (1) as of node 1, the 1. of the list.'],
    [
      minimal.replace('host: kafka-2', 'host: kafka-1, kafka: other:1'),
      '4:20: `nodes[1].host` is the same (kafka-1:22) as of node 1, the 1. of the list.',
    ],
    [
      minimal.replace('host: kafka-2', 'host: b, kafka: kafka-1:9092'),
      '4:30: `nodes[1].kafka` is the same (kafka-1:9092) as of node 1, the 1. of the list.',
    ],
    [
      minimal.replace('/etc/kafka/', '/opt/kafka/config/'),
      "8:11: `paths.config` must not be inside of paths.current: when the release is switched, the broker would start with the new release's own file.",
    ],
    [
      plus('  state: /opt/kafka'),
      '11:10: `paths.state` must not be inside of paths.current: when the release is switched, backups and the lease would vanish.',
    ],
    [
      minimal.replace('host: kafka-2', "host: b, gaugesUrl: 'http://b/'"),
      '4:34: `nodes[1].gaugesUrl` is for gauges.source jolokia or prometheus; jmxtool reads `jmx`.',
    ],
    [
      plus('disasterRecovery: { probe: { command: check, node: 7 } }'),
      '11:52: `disasterRecovery.probe.node` is 7, but there are only nodes 1, 2.',
    ],
  ])('is refused (%#)', (text, expected) => {
    expect(mistakeOf(text)).toBe(`orders.yaml:${expected}`);
  });

  it('is none when two nodes share an address behind different SSH ports', () => {
    const text = minimal
      .replace('host: kafka-1', 'host: gate, sshPort: 2201, kafka: gate:9092')
      .replace('host: kafka-2', 'host: gate, sshPort: 2202, kafka: gate:9093');
    expect(mistakes(text)).toEqual([]);
  });

  it('is none when a directory only begins like the link', () => {
    expect(mistakes(minimal.replace('/etc/kafka/', '/opt/kafka-config/'))).toEqual([]);
  });

  it('is none when the probe names a node of the cluster', () => {
    expect(mistakes(plus('disasterRecovery: { probe: { command: check, node: 2 } }'))).toEqual([]);
  });
});

describe('an alias in a definition', () => {
  it('is followed', () => {
    const text = `x: &n 1\n${minimal}`;
    expect(mistakeOf(text)).toContain('`x` is no setting');
    expect(parseDefinition(stringify(parse(minimal)), 'x').cluster).toBe('orders');
  });
});
