import type { PartitionState } from '../../src/domain/cluster';
import { describeOutage } from '../../src/domain/outage';

const partition = (topic: string, leader: number | null, isr: number[]): PartitionState => ({
  topic,
  partition: 0,
  leader,
  replicas: [1, 2, 3],
  isr,
});

describe('describeOutage', () => {
  it('names the brokers that are down and the partitions that they hold up', () => {
    const down = [
      { nodeId: 2, why: 'connect refused.' },
      { nodeId: 3, why: 'timed out' },
    ];
    const partitions = [partition('audit', null, [3]), partition('orders', 1, [1]), partition('whole', 1, [1, 2, 3])];
    expect(describeOutage(down, partitions)).toBe(
      'No plan can be made while broker 2, 3 does not answer (connect refused; timed out). ' +
        'Without a leader: audit-0. Under-replicated: orders-0.',
    );
  });

  it('says nothing of partitions when none suffers', () => {
    expect(describeOutage([{ nodeId: 2, why: 'x' }], [partition('whole', 1, [1, 2, 3])])).toBe(
      'No plan can be made while broker 2 does not answer (x).',
    );
  });
});
