import { recoveryProgress } from '../../src/domain/log-recovery';

const at = '[2026-11-24 12:00:01,123] INFO';
const loaded = (n: number, of: number, directory = '/data/a'): string =>
  `${at} Completed load of Log(dir=${directory}/orders-1, topic=orders, partition=1) with 3 segments, local-log-start-offset 0 and log-end-offset 90 in 12ms (${n}/${of} completed in ${directory}) (kafka.log.LogManager)`;
const segment = (n: number, of: number): string =>
  `${at} [LogLoader partition=orders-1, dir=/data/a] Recovering unflushed segment 4096. ${n}/${of} recovered for orders-1. (kafka.log.LogLoader)`;

describe('the progress of a log recovery', () => {
  it('counts the logs that are left in each directory, and the segments of the last log', () => {
    const tail = [loaded(1, 80), loaded(7, 9, '/data/b'), loaded(3, 80), segment(2, 7)].join('\n');
    expect(recoveryProgress(tail)).toBe(
      '77 of 80 logs left in /data/a, 2 of 9 logs left in /data/b, 5 segments of orders-1 left',
    );
  });

  it('is known from the first segment on', () => {
    expect(recoveryProgress(segment(0, 7))).toBe('7 segments of orders-1 left');
  });

  it('is nothing when all are loaded, and when nothing was said', () => {
    expect(recoveryProgress(`${segment(6, 7)}\n${loaded(80, 80)}`)).toBeNull();
    expect(recoveryProgress(`${at} Recovering unflushed segment 0. (kafka.log.LogLoader)`)).toBeNull();
    expect(recoveryProgress('')).toBeNull();
  });

  it('is not that of an earlier start', () => {
    expect(recoveryProgress(`${loaded(3, 80)}\n${at} Loading logs from log dirs ArrayBuffer(/data/a)`)).toBeNull();
  });
});
