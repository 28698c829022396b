import fc from 'fast-check';
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

/** What the official notes say that each line took out; each of these existed in the line before. */
const removed: Record<string, string[]> = {
  '3.0': [
    'port',
    'host.name',
    'advertised.port',
    'advertised.host.name',
    'quota.producer.default',
    'quota.consumer.default',
  ],
  '4.0': [
    'auto.include.jmx.reporter',
    'broker.id.generation.enable',
    'control.plane.listener.name',
    'controlled.shutdown.max.retries',
    'controlled.shutdown.retry.backoff.ms',
    'delegation.token.master.key',
    'inter.broker.protocol.version',
    'leader.imbalance.per.broker.percentage',
    'log.message.format.version',
    'log.message.timestamp.difference.max.ms',
    'offsets.commit.required.acks',
    'password.encoder.cipher.algorithm',
    'password.encoder.iterations',
    'password.encoder.key.length',
    'password.encoder.keyfactory.algorithm',
    'password.encoder.old.secret',
    'password.encoder.secret',
    'reserved.broker.max.id',
    'zookeeper.clientCnxnSocket',
    'zookeeper.connect',
    'zookeeper.connection.timeout.ms',
    'zookeeper.max.in.flight.requests',
    'zookeeper.session.timeout.ms',
    'zookeeper.set.acl',
    'zookeeper.ssl.client.enable',
  ],
};

const lines = releaseLines.map(({ line }) => line);
const hops = lines.slice(1).map((to, index): [from: string, to: string] => [lines[index] ?? '', to]);
const anyLine = fc.constantFrom(...lines);

describe('what the official notes say', () => {
  const gone = Object.entries(removed).flatMap(([line, names]) => names.map((name): [string, string] => [name, line]));

  it.each(gone)('%s was taken out in %s', (name, line) => {
    const before = lines[lines.indexOf(line) - 1] ?? '';
    expect(brokerSetting(name, before)).not.toBeNull();
    expect(brokerSetting(name, line)).toBeNull();
    expect(changedSettings(before, line)).toContainEqual(
      expect.objectContaining({ name, kind: 'removed', after: null }),
    );
  });

  it.each([
    ['process.roles', '3.0'],
    ['node.id', '3.0'],
    ['controller.quorum.voters', '3.0'],
    ['controller.quorum.bootstrap.servers', '3.9'],
    ['transaction.partition.verification.enable', '3.6'],
    ['log.message.timestamp.before.max.ms', '3.6'],
    ['log.message.timestamp.after.max.ms', '3.6'],
  ])('%s is there from %s on, if not before, and stays', (name, since) => {
    const later = lines.slice(lines.indexOf(since));
    expect(later.filter((line) => brokerSetting(name, line) === null)).toEqual([]);
  });

  it.each([
    ['3.9', '4.0', 'num.recovery.threads.per.data.dir', '1', '2'],
    ['3.9', '4.0', 'log.message.timestamp.after.max.ms', '9223372036854775807', '3600000'],
    ['3.9', '4.0', 'remote.log.manager.thread.pool.size', '10', '2'],
    ['3.7', '3.8', 'inter.broker.protocol.version', '3.7-IV4', '3.8-IV0'],
    ['3.8', '3.9', 'inter.broker.protocol.version', '3.8-IV0', '3.9-IV0'],
  ])('from %s to %s the default of %s changes from %s to %s', (...[from, to, name, before, after]) => {
    expect(changedSettings(from, to)).toContainEqual(
      expect.objectContaining({
        name,
        kind: 'default',
        before: expect.objectContaining({ defaultValue: before }),
        after: expect.objectContaining({ defaultValue: after }),
      }),
    );
  });

  it.each([
    ['3.9', '4.0', 'log.segment.bytes', '[14,...]', '[1048576,...]'],
    ['4.1', '4.2', 'num.replica.fetchers', '', '[1,...]'],
  ])('from %s to %s the values of %s are narrowed from %j to %j', (...[from, to, name, before, after]) => {
    expect(changedSettings(from, to)).toContainEqual(
      expect.objectContaining({
        name,
        kind: 'valid',
        before: expect.objectContaining({ valid: before }),
        after: expect.objectContaining({ valid: after }),
      }),
    );
  });
});

describe('the settings of every line', () => {
  it.each(lines)('%s: each has a type of ConfigDef, and no name twice', (line) => {
    const found = brokerSettings(line);
    const types = ['boolean', 'class', 'double', 'int', 'list', 'long', 'password', 'short', 'string'];
    for (const { name, type } of found) expect([name, types.includes(type)]).toEqual([name, true]);
    expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
  });

  it.each(lines)('%s: a number has a number for a default, and a switch true or false', (line) => {
    for (const { name, type, defaultValue } of brokerSettings(line)) {
      if (defaultValue === undefined || defaultValue === 'null') continue;
      const valid = ['int', 'long', 'short', 'double'].includes(type)
        ? Number.isFinite(Number(defaultValue))
        : type !== 'boolean' || ['true', 'false'].includes(defaultValue);
      expect([name, defaultValue, valid]).toEqual([name, defaultValue, true]);
    }
  });

  it.each(lines)('%s: a default lies within the bounds of its setting', (line) => {
    const outside = brokerSettings(line).filter(({ defaultValue, valid }) => {
      const [, min, max] = /^\[(-?\d+),\.\.\.,?(\d+)?\]$/.exec(valid) ?? [];
      const value = Number(defaultValue);
      return min !== undefined && (value < Number(min) || value > Number(max ?? Number.POSITIVE_INFINITY));
    });
    expect(outside.map(({ name }) => name)).toEqual([]);
  });

  it.each(['2.7', '4.4', '', 'constructor'])('are none of a line that is not known: %j', (line) => {
    expect(brokerSettings(line)).toEqual([]);
    expect(changedSettings(line, line)).toEqual([]);
  });

  it('are none by a name of the language', () => {
    for (const name of ['constructor', '__proto__', 'toString']) expect(brokerSetting(name, '3.9')).toBeNull();
  });
});

describe('the changes of one hop', () => {
  it.each(hops)('from %s to %s are exactly what the two lines differ in', (from, to) => {
    const changes = changedSettings(from, to);
    const names = (line: string) => brokerSettings(line).map(({ name }) => name);
    const kinds = (kind: string) => changes.filter((change) => change.kind === kind).map(({ name }) => name);
    expect(kinds('removed')).toEqual(names(from).filter((name) => !names(to).includes(name)));
    expect(kinds('added').sort()).toEqual(
      names(to)
        .filter((name) => !names(from).includes(name))
        .sort(),
    );
    for (const { kind, before, after } of changes)
      expect([before === null, after === null]).toEqual([kind === 'added', kind === 'removed']);
  });

  it('property: what one way takes out, the other way brings', () => {
    fc.assert(
      fc.property(anyLine, anyLine, (one, other) => {
        const of = (from: string, to: string, kind: string) =>
          changedSettings(from, to)
            .filter((change) => change.kind === kind)
            .map(({ name }) => name);
        expect(of(one, other, 'removed')).toEqual(of(other, one, 'added'));
        for (const kind of ['default', 'valid', 'type']) expect(of(one, other, kind)).toEqual(of(other, one, kind));
      }),
    );
  });
});
