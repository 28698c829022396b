/** Bad input on the real lab: each is refused in words that an operator can act on, and no broker is touched. */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeGateRefusals } from './support/gate-refusals';
import { describeOutageRefusals } from './support/outage-refusals';
import { describeOwnerRefusals } from './support/owner-refusals';
import { expectError, expectRefused } from './support/refusal-checks';
import { RefusalStage, TARGET } from './support/refusal-stage';
import type { DefinitionData } from './support/refusal-stage';

// Real JVMs on a machine that may be busy; a healthy run of the whole file takes about a minute.
jest.setTimeout(300_000);

const stage = new RefusalStage();

beforeAll(() => stage.open());
afterAll(() => stage.close());

const firstNode = ({ nodes: [node] }: DefinitionData): DefinitionData['nodes'][number] => {
  if (node === undefined) throw new Error('the definition has no node');
  return node;
};

describe('a cluster that has no usable definition', () => {
  it('is refused by its name when there is none, with the names that there are', async () => {
    await expectRefused(
      stage,
      { cluster: 'lap', target: TARGET },
      { type: 'UnknownCluster', says: ['no definition of a cluster "lap"', 'It defines lab. Did you mean "lab"?'] },
    );
    expectError(await stage.cli('plan', 'lap', TARGET, '--definitions', stage.lab.definitionsDirectory), {
      exitCode: 2,
      says: 'There is no definition of a cluster "lap"',
      hint: 'Use the `cluster` name of a definition',
    });
  });

  it.each([
    { what: 'that is not YAML', nodes: '[{ id: 1, host: kafka-1 }', at: '3:1', says: 'This is not YAML: ' },
    { what: 'with a mistake', nodes: '[{ id: one, host: kafka-1 }]', at: '2:15', says: '`nodes[0].id` must be' },
  ])('is refused with file, line and column by a file $what', async ({ nodes, at, says }) => {
    const directory = join(stage.directory, 'broken');
    mkdirSync(directory, { recursive: true });
    const file = join(directory, 'broken.yaml');
    const rest =
      'ssh: { user: kafka }\npaths: { config: /etc/k.properties, current: /opt/k, releases: "/opt/k-{version}" }\n';
    writeFileSync(file, `cluster: broken\nnodes: ${nodes}\n${rest}`);
    copyFileSync(file, join(stage.lab.definitionsDirectory, 'broken.yaml'));
    try {
      const wanted = { exitCode: 2, says: `${file}:${at}: ${says}`, hint: '' };
      expectError(await stage.upgrade('worker', '--definitions', directory), wanted);
      expectError(await stage.cli('plan', 'broken', TARGET, '--definitions', directory), wanted);
      const start = { cluster: 'broken', target: TARGET };
      await expectRefused(stage, start, { type: 'InvalidDefinition', says: [`broken.yaml:${at}: ${says}`] });
    } finally {
      rmSync(join(stage.lab.definitionsDirectory, 'broken.yaml'));
    }
  });
});

describe('a target', () => {
  it.each([
    [
      '3.6.2',
      'UnsupportedUpgradePath',
      'The target 3.6.2 is older than what runs: inter.broker.protocol.version is 3.7-IV4 (read from broker 1, broker 2, broker 3), and 3.6.2 knows none after 3.6.',
    ],
    ['3.7.2', 'UnsupportedUpgradePath', 'All nodes run 3.7.2 at its own protocol already.'],
    ['3.10.0', 'UnsupportedUpgradePath', 'The release line of the target 3.10.0 is not known.'],
    ['4.0.0', 'UnsupportedUpgradePath', 'The target 4.0.0 has no ZooKeeper mode. Upgrade to 3.9.2, migrate to KRaft'],
    ['latest', 'InvalidRequest', 'The target "latest" is not a Kafka release'],
    ['3.9.2', 'ReleaseMissing', '/opt/kafka-releases/kafka_2.13-3.9.2 is not there. Install Kafka 3.9.2 there'],
  ])('%s is refused as %s', async (target, type, says) => {
    await expectRefused(stage, { cluster: 'lab', target }, { type, says: [says] });
  });

  it('that no path leads to is not asked to be installed', async () => {
    const run = await stage.cli('plan', 'lab', '4.0.0', '--definitions', stage.lab.definitionsDirectory);
    const words = run.stdout.replaceAll(/\s+/g, ' ');
    expect(run.exitCode).toBe(1);
    expect(words).toContain('✖ blocker: The target 4.0.0 has no ZooKeeper mode.');
    expect(words).not.toContain('Install Kafka 4.0.0');
  });
});

describe('a definition that does not fit its hosts', () => {
  const expectMismatch = async (
    [cluster, change]: [string, (definition: DefinitionData) => void],
    wanted: { type: string; says: string[] },
  ): Promise<void> => {
    stage.define(cluster, change);
    await expectRefused(stage, { cluster, target: TARGET }, wanted);
  };

  it('is refused when a host does not answer', async () => {
    const dead = stage.broker(1).address.replace(/\.1$/, '.99');
    await expectMismatch(['lab-dead', (definition) => (firstNode(definition).host = dead)], {
      type: 'SshUnreachable',
      says: [`${dead}:2222`, 'Check that the host is up and that sshd answers'],
    });
  });

  it('is refused when two nodes are swapped', async () => {
    const swap = ({ nodes }: DefinitionData): void => {
      const [first, second] = nodes;
      if (first === undefined || second === undefined) throw new Error('too few nodes');
      [first.host, second.host] = [second.host, first.host];
      [first.jmx, second.jmx] = [second.jmx, first.jmx];
    };
    await expectMismatch(['lab-swapped', swap], {
      type: 'WrongNodeOnHost',
      says: ['Host of broker 1 (broker-2) has broker.id=2 in /etc/kafka/server.properties.', 'Correct `nodes`'],
    });
  });

  it('is refused when another broker answers at the Kafka address', async () => {
    const mistake = (definition: DefinitionData): void => {
      const node = firstNode(definition);
      const other = definition.nodes[1]?.kafka ?? '';
      definition.nodes = [{ ...node, kafka: other }];
    };
    await expectMismatch(['lab-mistaken', mistake], {
      type: 'WrongNodeOnHost',
      says: ['Expected node 1', 'the broker that answers there is 2'],
    });
  });

  it('is refused when a host shows another key than known_hosts has', async () => {
    const { knownHostsFile } = stage.lab.ssh;
    const [first = '', second = '', ...more] = readFileSync(knownHostsFile, 'utf8').split('\n');
    const nameOf = (line: string): string => line.slice(0, line.indexOf(' '));
    const keyOf = (line: string): string => line.slice(line.indexOf(' '));
    const file = join(stage.directory, 'other_known_hosts');
    writeFileSync(file, [nameOf(first) + keyOf(second), nameOf(second) + keyOf(first), ...more].join('\n'));
    await expectMismatch(['lab-stranger', ({ ssh }) => (ssh['knownHostsFile'] = file)], {
      type: 'HostKeyMismatch',
      says: [stage.broker(1).address, 'SHA256:', file, 'if not, stop and investigate'],
    });
  });

  it('is refused when server.properties cannot be read', async () => {
    await expectMismatch(['lab-unreadable', ({ paths }) => (paths['config'] = '/etc/kafka/broker.properties')], {
      type: 'PropertiesUnreadable',
      says: ['/etc/kafka/broker.properties is missing or not readable for root', 'Check `paths.config`'],
    });
  });
});

describeGateRefusals(stage);
describeOwnerRefusals(stage);
// Last, because it stops a broker.
describeOutageRefusals(stage);
