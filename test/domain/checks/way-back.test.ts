import { warning } from '../../../src/domain/checks/finding';
import { checkWayBack, waysBackOf } from '../../../src/domain/checks/way-back';
import type { ClusterSnapshot } from '../../../src/domain/checks/cluster-snapshot';
import { hostFacts, kraftSnapshot, runningBroker, snapshot } from '../../support/snapshot';

const running = (...versions: (string | null)[]): Pick<ClusterSnapshot, 'hosts' | 'running'> => ({
  hosts: versions.map((_, index) => hostFacts(index + 1, { installedVersion: null })),
  running: Object.fromEntries(versions.map((version, index) => [index + 1, runningBroker({ version })])),
});

const words = (versions: (string | null)[]): string[] =>
  waysBackOf(running(...versions), '3.8.1').map(({ nodeId, version }) => `${nodeId}: ${version}`);

describe('the releases that nodes may be put back on', () => {
  it.each<[string, (string | null)[], string[]]>([
    ['those that run', ['3.7.2', '3.7.2'], ['1: 3.7.2', '2: 3.7.2']],
    ['also on a node that runs the target already', ['3.7.2', '3.8.1'], ['1: 3.7.2', '2: 3.7.2']],
    ['the own one, and the oldest', ['3.6.2', '3.7.2', '3.8.1'], ['1: 3.6.2', '2: 3.7.2', '2: 3.6.2', '3: 3.6.2']],
    ['none when all run the target', ['3.8.1', '3.8.1'], []],
    ['the oldest that is known, where one is not', ['3.7.2', null], ['1: 3.7.2', '2: 3.7.2']],
    ['none that cannot be read', ['3.7.2-build', null], []],
  ])('are %s', (_, versions, wanted) => {
    expect(words(versions)).toEqual(wanted);
  });
});

describe('a release that could not be put back', () => {
  const missing = { nodeId: 2, version: '3.7.2', release: null };
  const because = {
    seen: 'Host of broker 2 (kafka-2): /opt/kafka_2.13-3.7.2 is not there.',
    why: 'It cannot be put back on 3.7.2: not by `rollback`, and not when 3.8.1 does not start.',
    action: 'Install Kafka 3.7.2 there on that host, too.',
    source: 'file system of the host',
  };
  const found = (waysBack: ClusterSnapshot['waysBack']): ReturnType<typeof checkWayBack> =>
    checkWayBack(snapshot({ waysBack }), { target: '3.8.1' });

  it('is a warning', () => {
    expect(found([missing])).toEqual([warning(because)]);
  });

  it('is one, too, when another version is at its place', () => {
    const other = { ...missing, release: { directory: '/opt/kafka_2.13-3.7.2', version: '3.7.1' } };
    expect(found([other])[0]?.seen).toContain('/opt/kafka_2.13-3.7.2 holds version 3.7.1.');
  });

  it('names the host of a node on KRaft', () => {
    const [finding] = checkWayBack(kraftSnapshot({ waysBack: [missing] }), { target: '4.3.0' });
    expect(finding?.seen).toContain('Host of node 2 (kafka-2)');
  });

  it('is none when it is there', () => {
    const there = { ...missing, release: { directory: '/opt/kafka_2.13-3.7.2', version: '3.7.2' } };
    expect(found([there])).toEqual([]);
  });
});
