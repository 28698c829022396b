import fc from 'fast-check';
import { checkClients, losesClients, oldClientAcceptance } from '../../../src/domain/checks/client-checks';
import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import type { Finding } from '../../../src/domain/checks/finding';
import { noRisks } from '../../../src/domain/checks/risk-facts';
import type { ClientSoftware, ConnectedClients, DeprecatedRequests } from '../../../src/domain/checks/risk-facts';
import { kraftSnapshot, runningBroker, snapshot } from '../../support/snapshot';

const deprecated = (overrides: Partial<DeprecatedRequests> = {}): DeprecatedRequests => ({
  nodeId: 1,
  request: 'Produce',
  version: 2,
  clientName: 'sarama',
  clientVersion: '1.20.0',
  count: 40,
  ...overrides,
});

const software = (overrides: Partial<ClientSoftware> = {}): ClientSoftware => ({
  nodeId: 1,
  listener: 'PLAINTEXT',
  name: 'apache-kafka-java',
  version: '3.7.2',
  connections: 2,
  ...overrides,
});

const telling = (clients: Record<number, ConnectedClients | null>): ClusterSnapshot =>
  snapshot({ risks: { ...noRisks, clients } });
const using = (...requests: DeprecatedRequests[]): ClusterSnapshot =>
  telling({ 1: { software: [], deprecated: requests } });
const connected = (...clients: ClientSoftware[]): ClusterSnapshot =>
  telling({ 1: { software: clients, deprecated: [] } });

const found = (given: ClusterSnapshot, severity: Finding['severity'], target = '4.0.2'): string[] =>
  checkClients(given, { target })
    .filter((finding) => finding.severity === severity)
    .map(({ seen }) => seen);

describe('clients that the target would cut off', () => {
  it('are to be accepted, each with what it uses', () => {
    expect(checkClients(using(deprecated()), { target: '4.0.2' })).toEqual([
      {
        severity: 'needs-acceptance',
        failure: null,
        seen: 'Clients use requests that Kafka 4.0.2 no longer takes: sarama 1.20.0: 40 requests (Produce v2) since their brokers started.',
        why: 'They are cut off broker by broker while the binaries are rolled, and cannot come back.',
        action:
          'Move them to client libraries of at least Kafka 2.1 first; or accept it as deprecated-clients in the approval of the plan.',
        source: 'KIP-896; kafka.network:type=RequestMetrics,name=DeprecatedRequestsPerSec',
      },
    ]);
    expect(oldClientAcceptance).toBe('deprecated-clients');
  });

  it.each<[string, ClusterSnapshot, string]>([
    [
      'by client, with all of its requests',
      using(deprecated(), deprecated({ request: 'Fetch', version: 3, count: 2 }), deprecated({ count: 8 })),
      'sarama 1.20.0: 50 requests (Produce v2, Fetch v3)',
    ],
    [
      'over all brokers',
      telling({
        1: { software: [], deprecated: [deprecated()] },
        2: { software: [], deprecated: [deprecated({ nodeId: 2, count: 60 })] },
        3: null,
      }),
      'sarama 1.20.0: 100 requests (Produce v2)',
    ],
    [
      'by version',
      using(deprecated(), deprecated({ clientVersion: '1.26.0', count: 1 })),
      'sarama 1.20.0: 40 requests (Produce v2), sarama 1.26.0: 1 requests (Produce v2)',
    ],
    [
      'without a name, where it has none',
      using(deprecated({ clientName: 'unknown', clientVersion: 'unknown' })),
      'a client that does not name itself: 40 requests (Produce v2)',
    ],
    [
      'only when it sent any',
      using(deprecated({ clientName: 'quiet', count: 0 }), deprecated({ count: 3 })),
      'sarama 1.20.0: 3 requests (Produce v2)',
    ],
    [
      'in few words',
      using(...[1, 2, 3, 4, 5, 6, 7].map((version) => deprecated({ version, count: 1 }))),
      'sarama 1.20.0: 7 requests (Produce v1, Produce v2, Produce v3, Produce v4, Produce v5 and 2 more)',
    ],
  ])('are told %s', (_how, given, words) => {
    expect(found(given, 'needs-acceptance')).toEqual([
      `Clients use requests that Kafka 4.0.2 no longer takes: ${words} since their brokers started.`,
    ]);
  });

  it.each<[string, ClusterSnapshot, string, boolean]>([
    ['a target of 4.0', using(deprecated()), '4.0.0', true],
    ['a later target', using(deprecated()), '4.3.0', true],
    ['a target that still takes them', using(deprecated()), '3.9.2', false],
    ['a target that is no release', using(deprecated()), 'newest', false],
    ['requests that were never sent', using(deprecated({ count: 0 })), '4.0.0', false],
    ['nobody', using(), '4.0.0', false],
    ['brokers that do not tell', telling({ 1: null, 2: null }), '4.0.0', false],
  ])('need an acceptance with %s: %#', (_what, given, target, expected) => {
    expect(losesClients(given, target)).toBe(expected);
    expect(found(given, 'needs-acceptance', target)).toHaveLength(expected ? 1 : 0);
  });
});

describe('clients that are connected', () => {
  it('are listed, the most connections first', () => {
    const clients = connected(
      software(),
      software({ name: 'unknown', version: 'unknown', connections: 5 }),
      software({ listener: 'SSL', connections: 9 }),
    );
    expect(checkClients(clients, { target: '3.8.1' })).toEqual([
      {
        severity: 'note',
        failure: null,
        seen: 'Connected now (connections): apache-kafka-java 3.7.2 on SSL: 9, not named on PLAINTEXT: 5, apache-kafka-java 3.7.2 on PLAINTEXT: 2.',
        why: 'Every client from 2.1 on works with old, mixed and new brokers; newer ones may move to the new libraries after the upgrade.',
        action: 'Compare with who should be there. One connection to each broker, not named, is this product.',
        source: 'KIP-511; kafka.server:type=socket-server-metrics',
      },
    ]);
  });

  it('are counted over all brokers', () => {
    const given = telling({
      1: { software: [software()], deprecated: [] },
      2: { software: [software({ nodeId: 2, connections: 3 })], deprecated: [] },
    });
    expect(found(given, 'note')).toEqual(['Connected now (connections): apache-kafka-java 3.7.2 on PLAINTEXT: 5.']);
  });

  it('are at most twelve kinds in a sentence', () => {
    const kinds = Array.from({ length: 15 }, (_, index) =>
      software({ version: `3.${index}.0`, connections: 20 - index }),
    );
    expect(found(connected(...kinds), 'note')[0]).toMatch(/: 20, .* on PLAINTEXT: 9 and 3 more\.$/);
  });

  it('are nobody', () => {
    expect(found(connected(), 'note')).toEqual([]);
  });

  it('property: no connection is lost on the way into the sentence', () => {
    const anyClient = fc.record({
      nodeId: fc.constantFrom(1, 2),
      listener: fc.constantFrom('PLAINTEXT', 'SSL'),
      name: fc.constantFrom('unknown', 'sarama', 'librdkafka'),
      version: fc.constant('1'),
      connections: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(anyClient, { minLength: 1 }), (clients) => {
        const [words = ''] = found(connected(...clients), 'note');
        const counted = [...words.matchAll(/: (\d+)/g)].map(([, count]) => Number(count));
        expect(counted.reduce((a, b) => a + b, 0)).toBe(clients.reduce((sum, { connections }) => sum + connections, 0));
        expect(counted).toEqual([...counted].sort((a, b) => b - a));
      }),
    );
  });
});

describe('clients that cannot be seen', () => {
  const on = (...versions: (string | null)[]): ClusterSnapshot =>
    snapshot({
      running: Object.fromEntries(versions.map((version, index) => [index + 1, runningBroker({ version })])),
    });

  it('are asked for', () => {
    expect(checkClients(telling({ 2: null }), { target: '3.8.1' })).toEqual([
      {
        severity: 'warning',
        failure: null,
        seen: 'Who is connected to broker 2, or with which requests, cannot be told.',
        why: 'Brokers count requests that 4.0 no longer takes from 3.7 on, and JmxTool lists connections from 3.5 on.',
        action: 'Ask the owners of the clients: everything from Kafka 2.1 on (Java) may stay.',
        source: 'KIP-896, KIP-511',
      },
    ]);
  });

  it.each<[string, ClusterSnapshot, string, string | null]>([
    ['brokers that do not count yet', on('3.6.2', '3.6.2', '3.7.2'), '4.0.2', '1, 2'],
    ['brokers of a line before', on('3.3.2'), '4.3.0', '1'],
    ['no matter to a target that takes everything', on('3.6.2', '3.6.2', '3.6.2'), '3.9.2', null],
    ['brokers that count', on('3.7.0', '3.8.1', '3.9.2'), '4.0.2', null],
    ['brokers of 4.x, which refuse them', on('4.0.2', '4.1.2', '4.2.1'), '4.3.0', null],
    ['told elsewhere, where the version is not known', on(null, null, null), '4.0.2', null],
    ['no matter to a target that is no release', on('3.6.2'), 'newest', null],
    [
      'those that do not answer and those that do not count, each once',
      { ...on('3.6.2', '3.6.2', '3.7.2'), risks: { ...noRisks, clients: { 2: null, 3: null } } },
      '4.0.2',
      '2, 3, 1',
    ],
  ])('are those of %s', (_what, given, target, brokers) => {
    const words = `Who is connected to broker ${brokers ?? ''}, or with which requests, cannot be told.`;
    expect(found(given, 'warning', target)).toEqual(brokers === null ? [] : [words]);
  });

  it('are never those of a controller of its own, to which no client connects', () => {
    const base = kraftSnapshot();
    const nodes = base.nodes.map((node) => ({
      ...node,
      roles: node.id === 1 ? ['controller' as const] : ['broker' as const],
    }));
    const running = Object.fromEntries([1, 2, 3].map((id) => [id, runningBroker({ version: '3.6.2' })]));
    expect(found({ ...base, nodes, running }, 'warning', '4.0.2')).toEqual([
      'Who is connected to broker 2, 3, or with which requests, cannot be told.',
    ]);
  });
});
