import fc from 'fast-check';
import { recoveryProgress } from '../../../src/domain/health/log-recovery';

const at = '[2026-11-24 12:00:01,123] INFO';
const loaded = (n: number, of: number, directory = '/data/a'): string =>
  `${at} Completed load of Log(dir=${directory}/orders-1, topic=orders, partition=1) with 3 segments, local-log-start-offset 0 and log-end-offset 90 in 12ms (${n}/${of} completed in ${directory}) (kafka.log.LogManager)`;
const segment = (n: number, of: number, directory = '/data/a', log = 'orders-1'): string =>
  `${at} [LogLoader partition=${log}, dir=${directory}] Recovering unflushed segment 4096. ${n}/${of} recovered for ${log}. (kafka.log.LogLoader)`;
const progress = (...lines: string[]): string | null => recoveryProgress(lines.join('\n'));

describe('the progress of a log recovery', () => {
  it.each<[string, string[], string]>([
    ['the logs that are left in a directory', [loaded(3, 80)], '77 of 80 logs left in /data/a'],
    [
      'the newest figure of a directory',
      [loaded(1, 80), loaded(2, 80), loaded(3, 80)],
      '77 of 80 logs left in /data/a',
    ],
    [
      'each directory by itself',
      [loaded(1, 80), loaded(7, 9, '/data/b'), loaded(3, 80)],
      '77 of 80 logs left in /data/a, 2 of 9 logs left in /data/b',
    ],
    [
      'the segments of the last log, too',
      [loaded(3, 80), segment(2, 7)],
      '77 of 80 logs left in /data/a, 5 segments of orders-1 left',
    ],
    [
      'the log that was spoken of last',
      [segment(6, 7), segment(0, 3, '/data/a', '__consumer_offsets-49')],
      '3 segments of __consumer_offsets-49 left',
    ],
    ['only segments, before the first log is loaded', [segment(0, 7)], '7 segments of orders-1 left'],
    [
      'a directory that is not loaded, when another one is',
      [loaded(9, 9, '/data/b'), segment(2, 7)],
      '5 segments of orders-1 left',
    ],
    [
      'a directory that is not loaded, also when another one was finished later',
      [segment(2, 7), loaded(9, 9, '/data/b')],
      '5 segments of orders-1 left',
    ],
    [
      'lines without the name of a class',
      [segment(2, 7).replace(' (kafka.log.LogLoader)', ''), loaded(3, 80).replace(' (kafka.log.LogManager)', '')],
      '77 of 80 logs left in /data/a, 5 segments of orders-1 left',
    ],
    ['lines that end in CRLF', [`${segment(2, 7)}\r`, ''], '5 segments of orders-1 left'],
    [
      'what came after the newest start',
      [loaded(3, 80), `${at} Loading logs from log dirs ArrayBuffer(/data/a) (kafka.log.LogManager)`, segment(1, 2)],
      '1 segments of orders-1 left',
    ],
  ])('tells %s', (_what, lines, words) => {
    expect(progress(...lines)).toBe(words);
  });

  it.each<[string, string[]]>([
    ['when nothing was said', ['']],
    ['when other things were said', [`${at} Kafka version: 3.7.2 (org.apache.kafka.common.utils.AppInfoParser)`]],
    ['when all logs are loaded', [segment(6, 7), loaded(80, 80)]],
    [
      'when all logs of all directories are loaded',
      [loaded(80, 80), segment(1, 7, '/data/b'), loaded(9, 9, '/data/b')],
    ],
    ['when a segment is named without a count', [`${at} [LogLoader dir=/d] Recovering unflushed segment 0. (k.L)`]],
    ['of an earlier start', [loaded(3, 80), `${at} Loading logs from log dirs ArrayBuffer(/data/a)`]],
    ['of an earlier life', [segment(1, 9), `${at} [KafkaServer id=1] starting (kafka.server.KafkaServer)`]],
  ])('is nothing %s', (_when, lines) => {
    expect(progress(...lines)).toBeNull();
  });

  it('property: is told until the last log of the last directory is loaded, whatever the order', () => {
    const directories = fc.array(fc.record({ total: fc.integer({ min: 1, max: 30 }), done: fc.nat(30) }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(directories, fc.boolean(), (found, backwards) => {
        const lines = found.map(({ total, done }, index) => loaded(Math.min(done, total), total, `/data/${index}`));
        const left = found.filter(({ total, done }) => done < total).length;
        const words = progress(...(backwards ? lines.reverse() : lines));
        expect(words === null ? 0 : words.split(', ').length).toBe(left);
      }),
    );
  });
});
