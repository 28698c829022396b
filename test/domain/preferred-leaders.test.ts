import { checkPreferredLeaders, ledElsewhere } from '../../src/domain/preferred-leaders';
import { partitionOf, viewOf } from '../support/healthy-measurement';

const led = (leader: number | null, isr: number[] = [2, 1, 3]) => ({
  ...partitionOf('orders', [2, 1, 3]),
  leader,
  isr,
});

describe('ledElsewhere', () => {
  it.each([
    ['led by the preferred replica', led(2), false],
    ['led by another while the preferred one is in sync', led(1), true],
    ['led by another while the preferred one is not in sync', led(1, [1, 3]), false],
    ['without a leader: that is another check', led(null), false],
    ['preferring another broker', { ...partitionOf('orders', [3, 2]), leader: 3 }, false],
  ])('a partition %s', (_, partition, away) => {
    expect(ledElsewhere(2, [partition])).toEqual(away ? [partition] : []);
  });
});

describe('checkPreferredLeaders', () => {
  it('passes with the number of partitions when all are back', () => {
    const views = [viewOf(1, [1, 2, 3], [led(2), partitionOf('orders', [1, 2], 1)])];
    expect(checkPreferredLeaders(2, views, null)).toEqual({
      name: 'preferred leaders',
      status: 'successful',
      message: 'broker 2 leads the 1 partitions that prefer it',
    });
  });

  it('counts the worst view, names the partitions and why an election failed', () => {
    const views = [viewOf(1, [1, 2, 3], [led(2)]), viewOf(3, [1, 2, 3], [led(1)])];
    expect(checkPreferredLeaders(2, views, 'there is no active controller')).toMatchObject({
      status: 'inconclusive',
      message: '1 partitions that prefer broker 2 are led by others: orders-0 (there is no active controller)',
    });
    expect(checkPreferredLeaders(2, views, null).message).not.toContain('(');
  });

  it('has nothing to wait for without a view', () => {
    expect(checkPreferredLeaders(2, [], null).message).toBe('broker 2 leads the 0 partitions that prefer it');
  });
});
