import { brokerSetting } from '../../../src/domain/knowledge/broker-settings';
import { metadataLevelOf } from '../../../src/domain/knowledge/metadata-levels';
import { newestLevelOf, protocolLevels } from '../../../src/domain/knowledge/protocol-levels';
import { newestReleaseOf, releaseLine, releaseLines } from '../../../src/domain/knowledge/releases';
import { defaultProtocolOf, formatProtocol } from '../../../src/domain/levels/protocol-version';
import { compareVersions, requireVersion } from '../../../src/domain/cluster/version';

/** Newest release, the minimum of Java and what is documented, ZooKeeper: as the tags of Kafka have it. */
const kafka: [line: string, newest: string, java: number[], zookeeper: string][] = [
  ['2.8', '2.8.2', [8, 11], 'supported'],
  ['3.0', '3.0.2', [8, 11], 'supported'],
  ['3.1', '3.1.2', [8, 11, 17], 'supported'],
  ['3.2', '3.2.3', [8, 11, 17], 'supported'],
  ['3.3', '3.3.2', [8, 11, 17], 'supported'],
  ['3.4', '3.4.1', [8, 11, 17], 'supported'],
  ['3.5', '3.5.2', [8, 11, 17], 'deprecated'],
  ['3.6', '3.6.2', [8, 11, 17], 'deprecated'],
  ['3.7', '3.7.2', [8, 11, 17], 'deprecated'],
  ['3.8', '3.8.1', [8, 11, 17], 'deprecated'],
  ['3.9', '3.9.2', [8, 11, 17], 'deprecated'],
  ['4.0', '4.0.2', [17, 21, 23], 'removed'],
  ['4.1', '4.1.2', [17, 21, 23], 'removed'],
  ['4.2', '4.2.1', [17, 21, 25], 'removed'],
  ['4.3', '4.3.1', [17, 21, 25], 'removed'],
];

describe('the release lines', () => {
  it('span 2.8 to 4.3, each once', () => {
    expect(releaseLines.map(({ line }) => line)).toEqual(kafka.map(([line]) => line));
  });

  it.each(kafka)('%s: the newest is %s, Java %j, ZooKeeper %s', (name, newest, documented, zookeeper) => {
    const line = releaseLine(name);
    expect(line).toMatchObject({ line: name, zookeeper, java: { documented, minimum: documented[0] } });
    expect(line === null ? null : newestReleaseOf(line)).toBe(newest);
  });

  it.each(['', '2.7', '3.10', '4.4', '3', '3.7.2', 'constructor'])('do not know %j', (name) => {
    expect(releaseLine(name)).toBeNull();
  });

  it('are in order', () => {
    const versions = releaseLines.map((line) => requireVersion(newestReleaseOf(line), 'release'));
    expect([...versions].sort(compareVersions)).toEqual(versions);
  });

  it('never need less Java than the line before', () => {
    const minima = releaseLines.map(({ java }) => java.minimum);
    expect([...minima].sort((a, b) => a - b)).toEqual(minima);
  });

  it('never take ZooKeeper back once it is on its way out', () => {
    const order = releaseLines.map(({ zookeeper }) => ['supported', 'deprecated', 'removed'].indexOf(zookeeper));
    expect([...order].sort((a, b) => a - b)).toEqual(order);
  });
});

/** The newest level of each line: LATEST_PRODUCTION of MetadataVersion, the newest ApiVersion before 3.3. */
const newestProtocols: [line: string, level: string][] = [
  ['2.0', '2.0-IV1'],
  ['2.1', '2.1-IV2'],
  ['2.2', '2.2-IV1'],
  ['2.3', '2.3-IV1'],
  ['2.4', '2.4-IV1'],
  ['2.5', '2.5-IV0'],
  ['2.6', '2.6-IV0'],
  ['2.7', '2.7-IV2'],
  ['2.8', '2.8-IV1'],
  ['3.0', '3.0-IV1'],
  ['3.1', '3.1-IV0'],
  ['3.2', '3.2-IV0'],
  ['3.3', '3.3-IV3'],
  ['3.4', '3.4-IV0'],
  ['3.5', '3.5-IV2'],
  ['3.6', '3.6-IV2'],
  ['3.7', '3.7-IV4'],
  ['3.8', '3.8-IV0'],
  ['3.9', '3.9-IV0'],
];

describe('the protocol levels', () => {
  it.each(newestProtocols)('of %s end with %s, which is what the line alone means', (line, level) => {
    expect(`${line}-IV${newestLevelOf(line)}`).toBe(level);
    const meant = defaultProtocolOf(requireVersion(`${line}.0`, 'release'));
    expect(meant === null ? null : formatProtocol(meant)).toBe(level);
  });

  it.each(['1.1', '4.0', '4.3', '', 'toString', '__proto__'])('of %j do not exist', (line) => {
    expect(newestLevelOf(line)).toBeNull();
  });

  it('are known for exactly these lines, without a gap', () => {
    expect(Object.keys(protocolLevels)).toEqual(newestProtocols.map(([line]) => line));
  });
});

describe('what is known of each release line', () => {
  it.each(releaseLines)(
    '$line has protocol levels, and the setting for them, exactly while it has ZooKeeper',
    (known) => {
      const hasZooKeeper = known.zookeeper !== 'removed';
      expect(newestLevelOf(known.line) !== null).toBe(hasZooKeeper);
      expect(brokerSetting('inter.broker.protocol.version', known.line) !== null).toBe(hasZooKeeper);
      expect(brokerSetting('zookeeper.connect', known.line) !== null).toBe(hasZooKeeper);
    },
  );

  it.each(releaseLines.filter(({ line }) => line !== '2.8'))('$line has levels of metadata.version', ({ line }) => {
    expect(metadataLevelOf(line)).not.toBeNull();
  });

  it.each(releaseLines.filter(({ zookeeper }) => zookeeper !== 'removed'))(
    '$line speaks the protocol of its own line by default',
    ({ line }) => {
      expect(brokerSetting('inter.broker.protocol.version', line)?.defaultValue).toBe(
        `${line}-IV${newestLevelOf(line)}`,
      );
    },
  );
});
