import { checkSettings } from '../../src/domain/settings-lint';
import { hostFacts, snapshot } from '../support/snapshot';

const kraft = (extra: string) =>
  snapshot({
    mode: 'kraft',
    hosts: [1, 2, 3].map((id) =>
      hostFacts(id, { properties: `process.roles=broker\nnode.id=${id}\n${id === 2 ? extra : ''}\n` }),
    ),
  });

const found = (extra: string, target = '4.3.0', from = '3.9.2') =>
  checkSettings(kraft(extra), { target, sources: [from, from, from] });

const seen = (extra: string, severity: string, target?: string): string[] =>
  found(extra, target)
    .filter((finding) => finding.severity === severity)
    .map((finding) => finding.seen);

describe('the settings of the hosts on the target', () => {
  it('that are gone are named, with their hosts and what takes their place', () => {
    const gone = seen('password.encoder.secret=x\ncontrolled.shutdown.max.retries=5', 'warning');
    expect(gone.filter((line) => line.includes('has no such setting'))).toEqual([
      'controlled.shutdown.max.retries is set on kafka-2; Kafka 4.3 has no such setting.',
      'password.encoder.secret is set on kafka-2; Kafka 4.3 has no such setting.',
    ]);
    const replaced = found('delegation.token.master.key=x').find(({ seen: words }) =>
      words.includes('no such setting'),
    );
    expect(replaced?.action).toContain('Use `delegation.token.secret.key` instead');
  });

  it('that no binary knew are not judged: plug-ins have their own', () => {
    const plugIn = 'my.plugin.level=3\nlistener.name.internal.ssl.keystore.location=/k';
    expect(seen(plugIn, 'warning').filter((line) => line.includes('knows'))).toEqual([]);
  });

  it.each([
    ['log.segment.bytes=65536', 'log.segment.bytes=65536 on kafka-2; Kafka 4.3 takes [1048576,...].'],
    ['num.replica.fetchers=0', 'num.replica.fetchers=0 on kafka-2; Kafka 4.3 takes [1,...].'],
  ])('%s stops the start, so it is a blocker', (line, words) => {
    expect(seen(line, 'blocker')).toEqual([words]);
  });

  it('that are good stay unmentioned, also numbers without bounds and words', () => {
    expect(
      seen('log.segment.bytes=1048576\nlog.retention.hours=-1\nnum.io.threads=8\nbroker.rack=a', 'blocker'),
    ).toEqual([]);
  });

  it('whose default changes are noted unless every file sets them', () => {
    expect(seen('num.recovery.threads.per.data.dir=1', 'note')).toContain(
      'The default of num.recovery.threads.per.data.dir changes from 1 to 2, and not every file sets it.',
    );
    const everywhere = kraft('');
    const set = {
      ...everywhere,
      hosts: everywhere.hosts.map((host) => ({
        ...host,
        properties: `${host.properties}num.recovery.threads.per.data.dir=1\n`,
      })),
    };
    const notes = checkSettings(set, { target: '4.3.0', sources: ['3.9.2'] }).map((finding) => finding.seen);
    expect(notes.some((line) => line.includes('num.recovery.threads.per.data.dir'))).toBe(false);
  });

  it('are not judged within a line by defaults, nor for releases that nobody knows', () => {
    expect(found('', '3.9.2', '3.9.1')).toEqual([]);
    expect(found('', '4.3.0', 'trunk')).toEqual([]);
  });
});
