import { brokerSetting, brokerSettings, changedSettings } from '../../../src/domain/knowledge/broker-settings';
import { releaseLines } from '../../../src/domain/knowledge/releases';

describe('a broker setting', () => {
  it.each([
    ['zookeeper.connect', '3.9', 'null', ''],
    ['num.recovery.threads.per.data.dir', '3.9', '1', '[1,...]'],
    ['num.recovery.threads.per.data.dir', '4.0', '2', '[1,...]'],
    ['log.segment.bytes', '3.9', '1073741824', '[14,...]'],
    ['log.segment.bytes', '4.3', '1073741824', '[1048576,...]'],
    ['num.replica.fetchers', '4.2', '1', '[1,...]'],
    ['log.message.timestamp.after.max.ms', '3.9', '9223372036854775807', '[0,...]'],
    ['log.message.timestamp.after.max.ms', '4.0', '3600000', '[0,...]'],
  ])('%s in %s has default %s and takes %j', (name, line, defaultValue, valid) => {
    expect(brokerSetting(name, line)).toMatchObject({ name, defaultValue, valid });
  });

  it.each([
    ['zookeeper.connect', '4.0'],
    ['inter.broker.protocol.version', '4.0'],
    ['process.roles', '2.7'],
    ['port', '3.0'],
    ['eligible.leader.replicas.enable', '4.0'],
    ['no.such.setting', '3.9'],
  ])('%s is not in %s', (name, line) => {
    expect(brokerSetting(name, line)).toBeNull();
  });

  it('is found in every known line', () => {
    for (const { line } of releaseLines) expect(brokerSettings(line).length).toBeGreaterThan(200);
  });
});

describe('what changes between two lines', () => {
  it('is told by kind', () => {
    const changes = changedSettings('3.9', '4.0');
    const kinds = (name: string) => changes.filter((change) => change.name === name).map(({ kind }) => kind);
    expect(kinds('zookeeper.connect')).toEqual(['removed']);
    expect(kinds('num.recovery.threads.per.data.dir')).toEqual(['default']);
    expect(kinds('log.segment.bytes')).toEqual(['valid']);
    expect(kinds('log.dirs')).toEqual([]);
  });

  it('is nothing within a line', () => {
    expect(changedSettings('3.8', '3.8')).toEqual([]);
    const reordered = changedSettings('3.7', '3.8').filter(({ name }) => name === 'listener.security.protocol.map');
    expect(reordered).toEqual([]);
  });
});
