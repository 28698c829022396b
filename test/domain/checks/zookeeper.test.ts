import fc from 'fast-check';
import { checkZooKeeper, zooKeeperAddresses } from '../../../src/domain/checks/zookeeper';
import { noRisks } from '../../../src/domain/checks/risk-facts';
import { brief } from '../../support/findings';

describe('zooKeeperAddresses', () => {
  it.each([
    ['zk1:2181', [{ host: 'zk1', port: 2181 }]],
    [
      'zk1, zk2:2182/kafka/a',
      [
        { host: 'zk1', port: 2181 },
        { host: 'zk2', port: 2182 },
      ],
    ],
    [
      '[::1]:2183,[fe80::1]',
      [
        { host: '::1', port: 2183 },
        { host: 'fe80::1', port: 2181 },
      ],
    ],
    ['$(reboot):2181,zk1', [{ host: 'zk1', port: 2181 }]],
    ['', []],
  ])('reads %j', (connect, addresses) => {
    expect(zooKeeperAddresses(connect)).toEqual(addresses);
  });
});

describe('checkZooKeeper', () => {
  const found = (version: string | null, target: string, mode: 'zookeeper' | 'kraft' = 'zookeeper') =>
    checkZooKeeper({ mode, risks: { ...noRisks, zooKeeper: [{ server: 'zk1:2181', version }] } }, target);

  it.each([
    ['3.8.2', '3.9.2', 1],
    ['3.8.3', '3.9.2', 0],
    ['3.9.1', '3.9.0', 0],
    ['3.6.3', '3.9.0', 1],
    ['3.6.3', '3.8.1', 0],
    [null, '3.9.2', 0],
  ])('of ZooKeeper %s with target %s: %i findings', (version, target, count) => {
    expect(found(version, target)).toHaveLength(count);
  });

  it('says which server, what it runs, and what to do', () => {
    expect(found('3.6.4', '3.9.2')).toEqual([
      {
        severity: 'warning',
        failure: null,
        seen: 'ZooKeeper at zk1:2181 is 3.6.4; Kafka 3.9.2 asks for 3.8.3 or newer.',
        why: expect.stringContaining('newer ZooKeeper client'),
        action: 'Upgrade ZooKeeper first, one server at a time, the leader last.',
        source: expect.stringContaining('3.9'),
      },
    ]);
  });

  it('has no meaning on KRaft', () => {
    expect(found('3.4.0', '3.9.2', 'kraft')).toEqual([]);
  });
});

describe('the versions of ZooKeeper', () => {
  const servers = (...versions: (string | null)[]) => ({
    ...noRisks,
    zooKeeper: versions.map((version, index) => ({ server: `zk${index + 1}:2181`, version })),
  });

  it('are judged server by server; one that tells none is another finding', () => {
    const risks = servers('3.8.4', '3.5.9', null, '3.6.3');
    expect(brief(checkZooKeeper({ mode: 'zookeeper', risks }, '3.9.2'))).toEqual([
      'warning: ZooKeeper at zk2:2181 is 3.5.9; Kafka 3.9.2 asks for 3.8.3 or newer.',
      'warning: ZooKeeper at zk4:2181 is 3.6.3; Kafka 3.9.2 asks for 3.8.3 or newer.',
    ]);
  });

  it.each([
    ['3.10.0', 0],
    ['3.8.3', 0],
    ['3.8.2', 1],
    ['3.8.3-SNAPSHOT', 0],
  ])('are compared by number, as far as they can be read: %s gives %i findings', (version, count) => {
    expect(checkZooKeeper({ mode: 'zookeeper', risks: servers(version) }, '3.9.2')).toHaveLength(count);
  });

  it('are not asked for where there are none', () => {
    expect(checkZooKeeper({ mode: 'zookeeper', risks: noRisks }, '3.9.2')).toEqual([]);
  });
});

it('zookeeper.connect is read back from its addresses, whatever path follows', () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  const host = fc.constantFrom('zk1', 'zk-2.example.org', '10.0.0.9', '::1', 'fe80::1');
  const written = (address: { host: string; port: number }): string =>
    `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
  fc.assert(
    fc.property(fc.array(fc.record({ host, port })), fc.constantFrom('', '/', '/kafka/a,b:1'), (addresses, path) => {
      expect(zooKeeperAddresses(addresses.map(written).join(',') + path)).toEqual(addresses);
    }),
  );
});
