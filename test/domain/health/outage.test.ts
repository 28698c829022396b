import { describeOutage } from '../../../src/domain/health/outage';
import { clusterBuilder } from '../../support/cluster-builder';

const { partitions } = clusterBuilder()
  .addTopic('audit')
  .partition({ replicas: [1, 2, 3], isr: [3], leader: null })
  .addTopic('orders')
  .partition({ replicas: [1, 2, 3], isr: [1] })
  .addTopic('whole')
  .partition({ replicas: [1, 2, 3] })
  .build();

const down = (nodeId: number, why = 'timed out') => ({ nodeId, why });

describe('brokers that do not answer', () => {
  it('are named with why, and with the partitions that they hold up', () => {
    expect(describeOutage([down(2, 'connect refused.'), down(3)], partitions)).toBe(
      'No plan can be made while broker 2, 3 does not answer (connect refused; timed out). ' +
        'Without a leader: audit-0. Under-replicated: orders-0.',
    );
  });

  it.each<[string, string, Parameters<typeof describeOutage>[1]]>([
    ['none suffers', '', partitions.slice(2)],
    ['none can be seen', '', []],
    ['some have no leader', ' Without a leader: audit-0.', partitions.slice(0, 1)],
    ['some only lag behind', ' Under-replicated: orders-0.', partitions.slice(1)],
  ])('and of partitions what there is to say where %s', (_what, words, seen) => {
    expect(describeOutage([down(2)], seen)).toBe(
      `No plan can be made while broker 2 does not answer (timed out).${words}`,
    );
  });

  it('are in the order of their ids, and their partitions are few', () => {
    const many = Array.from({ length: 7 }).reduce<ReturnType<ReturnType<typeof clusterBuilder>['addTopic']>>(
      (topic) => topic.partition({ replicas: [1, 2], isr: [1] }),
      clusterBuilder().addTopic('orders'),
    );
    expect(describeOutage([down(10), down(9), down(2)], many.build().partitions)).toBe(
      'No plan can be made while broker 2, 9, 10 does not answer (timed out; timed out; timed out). ' +
        'Under-replicated: orders-0, orders-1, orders-2, orders-3, orders-4 and 2 more.',
    );
  });
});
