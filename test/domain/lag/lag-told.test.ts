import { assessLag } from '../../../src/domain/lag/lag';
import { defaultPolicy } from '../../../src/domain/policy/policy';
import { committingUntil, lagSample } from '../../support/lag-samples';

it('names five of many partitions and counts the rest', () => {
  const many = committingUntil(100, 50, 170).map((sample) => {
    const offsets = sample.groups['app']?.['orders-3'] ?? { committed: null, end: 0 };
    return {
      ...sample,
      groups: { app: Object.fromEntries(Array.from({ length: 8 }, (_, place) => [`orders-${place}`, offsets])) },
    };
  });
  const rules = { restartedAtMs: 100_000, nowMs: 170_000 };
  expect(assessLag(defaultPolicy.consumerLag, many.map(lagSample), rules).groups).toMatchObject([
    {
      partitions: ['orders-0', 'orders-1', 'orders-2', 'orders-3', 'orders-4'],
      sentence: expect.stringContaining(' and 7 more partitions') as string,
    },
  ]);
});
