import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import { findDefinition, loadDefinition, loadDefinitions } from '../../src/config/load';
import { defaultApprovals } from '../../src/domain/policy/approval-policy';
import { UpgradeError } from '../../src/domain/common/failure';

const definition = (cluster: string, more = ''): string => `cluster: ${cluster}
nodes: [{ id: 1, host: kafka-1 }]
ssh: { user: kafka${more} }
paths: { config: /etc/s.properties, current: /opt/kafka, releases: '/opt/k-{version}' }
`;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'definitions-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const write = (name: string, text: string): string => {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
};

const failureOf = async (attempt: Promise<unknown>): Promise<UpgradeError> => {
  const outcome = await attempt.then(
    () => null,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(UpgradeError);
  if (!(outcome instanceof UpgradeError)) throw new Error('it did not fail');
  return outcome;
};

describe('loadDefinition', () => {
  it('fills in every default', async () => {
    expect(await loadDefinition(write('a.yaml', definition('orders')))).toEqual({
      cluster: 'orders',
      mode: 'zookeeper',
      nodes: [{ id: 1, roles: ['broker'], host: 'kafka-1', sshPort: 22, kafka: 'kafka-1:9092', jmx: 'localhost:9999' }],
      ssh: {
        user: 'kafka',
        privateKeyFile: null,
        knownHostsFile: join(homedir(), '.ssh', 'known_hosts'),
        connectTimeoutMs: 10_000,
      },
      paths: {
        config: '/etc/s.properties',
        current: '/opt/kafka',
        releases: '/opt/k-{version}',
        state: '/var/lib/kafka-upgrade/orders',
        logs: '/opt/kafka/logs',
      },
      service: { type: 'scripts', environment: {}, logging: { log4j: null, log4j2: null } },
      gauges: { source: 'jmxtool' },
      disasterRecovery: { probe: null },
      policy: {
        pollIntervalMs: 50,
        soakMs: 30_000,
        healthyDeadlineMs: 900_000,
        stopTimeoutMs: 360_000,
        startTimeoutMs: 300_000,
        minIsrMargin: 0,
        preferredLeaders: 'leave',
        endToEndTopic: null,
        consumerLag: {
          sampleIntervalMs: 1_000,
          stalledAfterMs: 60_000,
          growingAfterMs: 60_000,
          rebalanceToleranceMs: 45_000,
          ignoredGroups: [],
          ignoredTopics: [],
        },
        approvals: {
          rule: {
            quorum: 1,
            approvers: null,
            requesterMayApprove: true,
            commentRequired: false,
            ticketRequired: false,
          },
          gates: {},
          eachNode: false,
          remindEveryMs: 4 * 3_600_000,
          escalateAfterMs: 24 * 3_600_000,
          expireAfterMs: null,
        },
        maintenance: { windows: [], freezeUntilMs: null },
      },
      written: {
        cluster: 'orders',
        'nodes[id=1].host': 'kafka-1',
        'nodes[id=1].id': '1',
        'paths.config': '/etc/s.properties',
        'paths.current': '/opt/kafka',
        'paths.releases': '/opt/k-{version}',
        'ssh.user': 'kafka',
      },
    });
  });

  it('derives the address of each agent, unless the node has one of its own', async () => {
    const nodes =
      "nodes: [{ id: 1, host: kafka-1 }, { id: 2, host: 'fe80::2' }, { id: 3, host: c, gaugesUrl: 'https://m:1/x' }]";
    const withGauges = (gauges: string): string =>
      `${definition('orders').replace(/nodes: .*/, nodes)}gauges: ${gauges}\n`;
    const load = async (gauges: string): Promise<unknown> =>
      (await loadDefinition(write('a.yaml', withGauges(gauges)))).gauges;
    expect(await load('{ source: jolokia }')).toEqual({
      source: 'jolokia',
      urls: { 1: 'http://kafka-1:8778/jolokia/', 2: 'http://[fe80::2]:8778/jolokia/', 3: 'https://m:1/x' },
    });
    expect(await load('{ source: prometheus, port: 9404, metrics: { brokerState: state } }')).toEqual({
      source: 'prometheus',
      urls: { 1: 'http://kafka-1:9404/metrics', 2: 'http://[fe80::2]:9404/metrics', 3: 'https://m:1/x' },
      metrics: { brokerState: 'state' },
    });
  });

  it('takes every number as it is written, seconds as milliseconds', async () => {
    const text = `${definition('orders')}policy:
  pollIntervalMs: 150
  soakSeconds: 0.5
  healthyDeadlineSeconds: 1
  stopTimeoutSeconds: 2
  startTimeoutSeconds: 3
  minIsrMargin: 1
  consumerLag:
    sampleIntervalMs: 500
    stalledAfterSeconds: 4
    growingAfterSeconds: 15
    rebalanceToleranceSeconds: 0
    ignoredGroups: [a, 'b*']
    ignoredTopics: ['noise.*']
disasterRecovery: { probe: { command: check, node: 1, timeoutSeconds: 5 } }
`;
    const { policy, disasterRecovery } = await loadDefinition(write('a.yaml', text));
    expect(policy).toEqual({
      pollIntervalMs: 150,
      soakMs: 500,
      healthyDeadlineMs: 1_000,
      stopTimeoutMs: 2_000,
      startTimeoutMs: 3_000,
      minIsrMargin: 1,
      preferredLeaders: 'leave',
      endToEndTopic: null,
      consumerLag: {
        sampleIntervalMs: 500,
        stalledAfterMs: 4_000,
        growingAfterMs: 15_000,
        rebalanceToleranceMs: 0,
        ignoredGroups: ['a', 'b*'],
        ignoredTopics: ['noise.*'],
      },
      approvals: defaultApprovals,
      maintenance: { windows: [], freezeUntilMs: null },
    });
    expect(disasterRecovery).toEqual({ probe: { command: 'check', node: 1, timeoutMs: 5_000 } });
  });

  it.each([
    ['~/.ssh/id', () => join(homedir(), '.ssh', 'id')],
    ['~', () => homedir()],
    ['keys/id', () => join(directory, 'keys', 'id')],
    ['/keys/id', () => '/keys/id'],
    ['~kafka/id', () => join(directory, '~kafka', 'id')],
  ])('finds the private key %s', async (privateKeyFile, expected) => {
    const { ssh } = await loadDefinition(
      write('a.yaml', definition('orders', `, privateKeyFile: '${privateKeyFile}'`)),
    );
    expect(ssh.privateKeyFile).toBe(expected());
  });

  it('lets ssh.port be the port of every node that has none of its own', async () => {
    const text = definition('orders', ', port: 2222').replace(
      'host: kafka-1 }',
      'host: a }, { id: 2, host: b, sshPort: 22 }',
    );
    const { nodes } = await loadDefinition(write('a.yaml', text));
    expect(nodes.map(({ sshPort }) => sshPort)).toEqual([2222, 22]);
  });

  it('says which file cannot be read, and why', async () => {
    const failure = await failureOf(loadDefinition(join(directory, 'none.yaml')));
    expect(failure.type).toBe('InvalidDefinition');
    expect(failure.message).toMatch(/none\.yaml cannot be read: ENOENT/);
  });
});

describe('findDefinition', () => {
  it('goes by the name in the file, not by the name of the file', async () => {
    write('a.yaml', definition('orders'));
    write('orders.yml', definition('payments'));
    expect((await findDefinition(directory, 'payments')).cluster).toBe('payments');
    expect((await findDefinition(directory, 'orders')).cluster).toBe('orders');
  });

  it('is not disturbed by mistakes in other definitions, nor by other files', async () => {
    write('orders.yaml', definition('orders'));
    write('broken.yaml', 'cluster: [\n');
    write('invalid.yaml', 'cluster: payments\nnodes: 3\n');
    write('list.yaml', '- 1\n');
    write('empty.yaml', '');
    write('.hidden.yaml', definition('orders'));
    write('orders.yaml.bak', definition('orders'));
    expect((await findDefinition(directory, 'orders')).cluster).toBe('orders');
  });

  it('is not disturbed by another file that cannot be read for a moment, as during a `git pull`', async () => {
    mkdirSync(join(directory, 'a.yaml'));
    symlinkSync(join(directory, 'nowhere'), join(directory, 'z.yaml'));
    write('orders.yaml', definition('orders'));
    expect((await findDefinition(directory, 'orders')).cluster).toBe('orders');
    expect((await failureOf(loadDefinitions(directory))).type).toBe('InvalidDefinition');
  });

  it('tells the mistakes of the definition that is meant', async () => {
    write('orders.yaml', 'cluster: orders\nnodes: 3\n');
    const failure = await failureOf(findDefinition(directory, 'orders'));
    expect(failure.type).toBe('InvalidDefinition');
    expect(failure.message).toContain('orders.yaml:2:8: `nodes` must be a list.');
  });

  it('names the known clusters, the nearest, and files without a name', async () => {
    write('a.yaml', definition('orders-prod'));
    write('b.yaml', definition('payments'));
    write('c.yaml', 'cluster: [\n');
    const failure = await failureOf(findDefinition(directory, 'order-prod'));
    expect(failure.type).toBe('UnknownCluster');
    expect(failure.message).toBe(
      `There is no definition of a cluster "order-prod" in ${directory}. It defines orders-prod, payments. ` +
        `Did you mean "orders-prod"? These files name no cluster: ${join(directory, 'c.yaml')}.`,
    );
  });

  it('says that there are none', async () => {
    const failure = await failureOf(findDefinition(directory, 'orders'));
    expect(failure.message).toBe(`There is no definition of a cluster "orders" in ${directory}. It defines none.`);
  });

  it('refuses two definitions of one cluster', async () => {
    const [a, b] = [write('a.yaml', definition('orders')), write('b.yml', definition('orders'))];
    const failure = await failureOf(findDefinition(directory, 'orders'));
    expect(failure.type).toBe('InvalidDefinition');
    expect(failure.message).toBe(`Two definitions name the cluster "orders": ${a} and ${b}. Keep one.`);
  });

  it('tells the mistake in the file that names the cluster, also when it is not YAML', async () => {
    const file = write('a.yaml', 'cluster: orders\nnodes: [{ id: 1, host: kafka-1 }\nssh: { user: kafka }\n');
    const failure = await failureOf(findDefinition(directory, 'orders'));
    expect(failure.type).toBe('InvalidDefinition');
    expect(failure.message).toContain(`${file}:3:1: This is not YAML`);
  });

  it('does not mind two definitions of another cluster', async () => {
    write('a.yaml', definition('orders'));
    write('b.yaml', definition('orders'));
    write('c.yaml', definition('payments'));
    expect((await findDefinition(directory, 'payments')).cluster).toBe('payments');
  });

  it('says that the directory cannot be read', async () => {
    const failure = await failureOf(findDefinition(join(directory, 'none'), 'orders'));
    expect(failure.type).toBe('InvalidDefinition');
    expect(failure.message).toContain('cannot be read: ENOENT');
  });

  it('says that a file cannot be read', async () => {
    mkdirSync(join(directory, 'orders.yaml'));
    expect((await failureOf(findDefinition(directory, 'orders'))).message).toContain(
      'orders.yaml cannot be read: EISDIR',
    );
  });
});

describe('loadDefinitions', () => {
  it('loads all, by file name', async () => {
    write('b.yaml', definition('orders'));
    write('a.yml', definition('payments'));
    expect((await loadDefinitions(directory)).map(({ cluster }) => cluster)).toEqual(['payments', 'orders']);
  });

  it('refuses two definitions of one cluster', async () => {
    write('a.yaml', definition('orders'));
    write('b.yaml', definition('orders'));
    expect((await failureOf(loadDefinitions(directory))).message).toContain(
      'Two definitions name the cluster "orders"',
    );
  });

  it('refuses any that is not valid, also several without a name', async () => {
    write('a.yaml', '');
    write('b.yaml', '');
    expect((await failureOf(loadDefinitions(directory))).type).toBe('InvalidDefinition');
  });
});
