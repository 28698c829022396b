import fc from 'fast-check';
import type { HostFacts, NodeRole } from '../../../src/domain/cluster/cluster';
import type { Finding } from '../../../src/domain/checks/finding';
import { checkHost, runsItsBroker } from '../../../src/domain/checks/host-checks';
import { hostFacts, kraftSnapshot, snapshot } from '../../support/snapshot';

const zookeeper = (host: Partial<HostFacts>, target: string | null = '3.8.1'): Finding[] =>
  checkHost(hostFacts(2, host), snapshot(), target);

const kraftFile = 'process.roles=broker,controller\nnode.id=2\n';

const kraft = (properties: string, roles: NodeRole[] = ['broker', 'controller']): Finding[] => {
  const base = kraftSnapshot();
  const nodes = base.nodes.map((node) => ({ ...node, roles }));
  return checkHost(hostFacts(2, { properties }), { ...base, nodes }, null);
};

const seen = (findings: Finding[]): string[] => findings.map((finding) => finding.seen);

describe('a host that is as the definition says', () => {
  it.each<[string, Finding[]]>([
    ['a ZooKeeper broker', zookeeper({})],
    ['with node.id', zookeeper({ properties: 'node.id=2\nzookeeper.connect=zk:2181\n' })],
    ['with both ids', zookeeper({ properties: 'node.id=2\nbroker.id=2\nzookeeper.connect=zk:2181\n' })],
    ['without an id: Kafka makes one', zookeeper({ properties: 'zookeeper.connect=zk:2181\n' })],
    ['with -1 for an id: Kafka makes one', zookeeper({ properties: 'broker.id=-1\nzookeeper.connect=zk:2181\n' })],
    ['with spaces around its id', zookeeper({ properties: 'broker.id = 2 \nzookeeper.connect=zk:2181\n' })],
    ['without the target release, when none may be installed', zookeeper({ targetRelease: null }, null)],
    ['a combined node', kraft(kraftFile)],
    ['a combined node, its roles in another order', kraft('process.roles= controller , broker\nnode.id=2\n')],
    ['a broker of its own', kraft('process.roles=broker\nnode.id=2\n', ['broker'])],
    ['a controller of its own', kraft('process.roles=controller\nnode.id=2\n', ['controller'])],
  ])('has no findings: %s', (_what, findings) => {
    expect(findings).toEqual([]);
  });
});

describe('a host with another node', () => {
  it.each([
    ['broker.id', 'broker.id=7\nzookeeper.connect=zk:2181\n'],
    ['node.id', 'node.id=7\nzookeeper.connect=zk:2181\n'],
    ['node.id', 'broker.id=2\nnode.id=7\nzookeeper.connect=zk:2181\n'],
  ])('is refused by its %s: %j', (key, properties) => {
    expect(zookeeper({ properties })).toEqual([
      {
        severity: 'blocker',
        failure: 'WrongNodeOnHost',
        seen: `Host of broker 2 (kafka-2) has ${key}=7 in /etc/kafka/server.properties.`,
        why: 'The definition would stop another node than it says.',
        action: 'Correct `nodes` in the definition.',
        source: 'server.properties',
      },
    ]);
  });

  it('is refused when its id is no number', () => {
    expect(seen(zookeeper({ properties: 'broker.id=two\nzookeeper.connect=zk:2181\n' }))).toEqual([
      'Host of broker 2 (kafka-2) has broker.id=two in /etc/kafka/server.properties.',
    ]);
  });

  it('is called a node on KRaft', () => {
    expect(seen(kraft('process.roles=broker,controller\nnode.id=7\n'))).toEqual([
      'Host of node 2 (kafka-2) has node.id=7 in /etc/kafka/server.properties.',
    ]);
  });

  it('property: no id but its own, or none, is taken', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 9 }), fc.constantFrom('broker.id', 'node.id'), (id, key) => {
        const findings = zookeeper({ properties: `${key}=${id}\nzookeeper.connect=zk:2181\n` });
        expect(findings.length === 0).toBe(id === 2 || id === -1);
      }),
    );
  });
});

describe('the mode of a host', () => {
  it.each([
    ['the file of a KRaft node', 'process.roles=broker\nnode.id=2\n'],
    ['the file of a migration', 'process.roles=broker\nnode.id=2\nzookeeper.connect=zk:2181\n'],
    ['a file without ZooKeeper', 'broker.id=2\n'],
    ['an empty file', ''],
  ])('is not zookeeper with %s', (_what, properties) => {
    expect(zookeeper({ properties })).toEqual([
      {
        severity: 'blocker',
        failure: 'InvalidDefinition',
        seen: 'Host of broker 2 (kafka-2): /etc/kafka/server.properties is not the file of a ZooKeeper broker.',
        why: 'The definition says mode zookeeper; KRaft is upgraded in another way.',
        action: 'Correct `mode` or `paths.config` in the definition.',
        source: 'Kafka documentation, "Upgrading"',
      },
    ]);
  });

  it.each<[string, NodeRole[], string, string]>([
    ['broker', ['broker', 'controller'], 'broker', 'broker, controller'],
    ['controller', ['broker'], 'controller', 'broker'],
    ['broker,controller', ['controller'], 'broker,controller', 'controller'],
    ['controller, broker', ['controller'], 'broker,controller', 'controller'],
    ['', ['broker'], 'nothing', 'broker'],
  ])('is kraft with the roles of the definition: %j for %j', (written, roles, shown, defined) => {
    expect(kraft(`process.roles=${written}\nnode.id=2\n`, roles)).toEqual([
      {
        severity: 'blocker',
        failure: 'InvalidDefinition',
        seen: `Host of node 2 (kafka-2): /etc/kafka/server.properties says process.roles=${shown}; the definition says ${defined}.`,
        why: 'Controllers are upgraded before brokers, and guarded by the quorum.',
        action: 'Correct `roles` (or `mode`) of that node in the definition.',
        source: 'server.properties, process.roles',
      },
    ]);
  });
});

describe('what a roll needs of a host', () => {
  it.each<[string, Partial<HostFacts>, Finding]>([
    [
      'its process',
      { process: null },
      {
        severity: 'blocker',
        failure: 'WrongNodeOnHost',
        seen: 'Host of broker 2 (kafka-2) runs no Kafka process with /etc/kafka/server.properties.',
        why: 'The process must be found for certain before it can be stopped.',
        action: 'Correct `host` or `paths.config` in the definition, or start the broker.',
        source: 'process list of the host',
      },
    ],
    [
      'a link to the release',
      { currentRelease: null },
      {
        severity: 'blocker',
        failure: 'InvalidDefinition',
        seen: 'Host of broker 2 (kafka-2): /opt/kafka is not a symbolic link to a release.',
        why: 'Releases are switched by that link, in one atomic step.',
        action: 'Make /opt/kafka a link to the release that runs, or correct `paths.current`.',
        source: 'file system of the host',
      },
    ],
    [
      'the target release',
      { targetRelease: null },
      {
        severity: 'blocker',
        failure: 'ReleaseMissing',
        seen: 'Host of broker 2 (kafka-2): /opt/kafka_2.13-3.8.1 is not there.',
        why: 'Every release must be staged before the first stop.',
        action: 'Install Kafka 3.8.1 there on that host.',
        source: 'file system of the host',
      },
    ],
  ])('is %s', (_what, host, finding) => {
    expect(zookeeper(host)).toEqual([finding]);
  });

  it.each([
    ['3.8.0', 'holds version 3.8.0'],
    [null, 'holds version unknown'],
  ])('is that the target release holds what its name says, not %s', (version, words) => {
    expect(seen(zookeeper({ targetRelease: { directory: '/opt/kafka_2.13-3.8.1', version } }))).toEqual([
      `Host of broker 2 (kafka-2): /opt/kafka_2.13-3.8.1 ${words}.`,
    ]);
  });

  it('is told completely, one finding for each thing', () => {
    const findings = zookeeper({
      properties: 'broker.id=7\n',
      process: null,
      currentRelease: null,
      targetRelease: null,
    });
    expect(findings.map(({ failure }) => failure)).toEqual([
      'WrongNodeOnHost',
      'InvalidDefinition',
      'WrongNodeOnHost',
      'InvalidDefinition',
      'ReleaseMissing',
    ]);
  });
});

describe('the gauges of a host', () => {
  it.each<[string, Partial<HostFacts>, boolean]>([
    ['its broker runs', {}, true],
    ['its broker runs under an id that Kafka made', { properties: 'zookeeper.connect=zk\n' }, true],
    ['nothing runs', { process: null }, false],
    ['another broker runs', { properties: 'broker.id=7\n' }, false],
    ['another node runs', { properties: 'node.id=7\n' }, false],
  ])('can be expected when %s: %#', (_when, host, expected) => {
    expect(runsItsBroker(hostFacts(2, host))).toBe(expected);
  });
});
