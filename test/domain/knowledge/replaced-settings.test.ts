import { brokerSetting } from '../../../src/domain/knowledge/broker-settings';
import { releaseLines } from '../../../src/domain/knowledge/releases';
import { replacementOf } from '../../../src/domain/knowledge/replaced-settings';

/** What was taken out, by the first line without it, and what the advice names. */
const replaced: [name: string, goneIn: string, successors: string[]][] = [
  ['port', '3.0', ['listeners']],
  ['host.name', '3.0', ['listeners']],
  ['advertised.port', '3.0', ['advertised.listeners']],
  ['advertised.host.name', '3.0', ['advertised.listeners']],
  ['quota.producer.default', '3.0', []],
  ['quota.consumer.default', '3.0', []],
  ['delegation.token.master.key', '4.0', ['delegation.token.secret.key']],
  [
    'log.message.timestamp.difference.max.ms',
    '4.0',
    ['log.message.timestamp.before.max.ms', 'log.message.timestamp.after.max.ms'],
  ],
];

const lines = releaseLines.map(({ line }) => line);

describe('a setting that was replaced', () => {
  it.each(replaced)('%s is named with what takes its place', (name, _goneIn, successors) => {
    const words = replacementOf(name) ?? '';
    expect([...words.matchAll(/`([^`]+)`/g)].map(([, successor]) => successor)).toEqual(successors);
    expect(words).not.toBe('');
  });

  it.each(replaced)('%s is gone for good in %s', (name, goneIn) => {
    const having = lines.filter((line) => brokerSetting(name, line) !== null);
    expect(having).toEqual(lines.slice(0, lines.indexOf(goneIn)));
  });

  it.each(replaced)(
    '%s: its successors exist in %s and all later lines, and before, so that files can be changed first',
    (_name, goneIn, successors) => {
      const since = lines.slice(lines.indexOf(goneIn) - 1);
      for (const successor of successors)
        expect(since.filter((line) => brokerSetting(successor, line) === null)).toEqual([]);
    },
  );

  it.each([
    'control.plane.listener.name',
    'offsets.commit.required.acks',
    'zookeeper.connect',
    'listeners',
    'no.such.setting',
    'constructor',
    '__proto__',
    '',
  ])('is not %j: nothing takes its place', (name) => {
    expect(replacementOf(name)).toBeNull();
  });
});
