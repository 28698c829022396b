import fc from 'fast-check';
import { Ledger, type Consumed } from '../../../src/lab/traffic/ledger';

interface World {
  acknowledged: (Consumed & { atMs: number })[];
  consumed: Consumed[];
}

/** Records as a faulty Kafka might keep them: each value at one or two places, each place delivered 0 to 3 times. */
const world: fc.Arbitrary<World> = fc
  .array(
    fc.record({
      partition: fc.nat({ max: 3 }),
      acknowledged: fc.boolean(),
      deliveries: fc.nat({ max: 3 }),
      secondCopy: fc.nat({ max: 2 }),
    }),
    { maxLength: 60 },
  )
  .map((records) => {
    const result: World = { acknowledged: [], consumed: [] };
    records.forEach((record, value) => {
      const place = { value, partition: record.partition, offset: value * 2 };
      if (record.acknowledged) result.acknowledged.push({ ...place, atMs: value });
      for (let i = 0; i < record.deliveries; i++) result.consumed.push(place);
      for (let i = 0; i < record.secondCopy; i++) result.consumed.push({ ...place, offset: place.offset + 1 });
    });
    return result;
  });

type Entry = { kind: 'acknowledged'; entry: World['acknowledged'][number] } | { kind: 'consumed'; entry: Consumed };

/** Both kinds of entries in any order. */
const shuffledWorld: fc.Arbitrary<{ world: World; entries: Entry[] }> = world.chain((made) => {
  const entries: Entry[] = [
    ...made.acknowledged.map((entry) => ({ kind: 'acknowledged' as const, entry })),
    ...made.consumed.map((entry) => ({ kind: 'consumed' as const, entry })),
  ];
  return fc
    .shuffledSubarray(entries, { minLength: entries.length, maxLength: entries.length })
    .map((shuffled) => ({ world: made, entries: shuffled }));
});

function book(entries: Entry[]): Ledger {
  const ledger = new Ledger();
  for (const { kind, entry } of entries) {
    if (kind === 'acknowledged') ledger.acknowledge(entry);
    else ledger.consume(entry);
  }
  return ledger;
}

const placeOf = ({ partition, offset }: Consumed): string => `${String(partition)}/${String(offset)}`;

describe('the ledger', () => {
  it('finds exactly the acknowledged records that were never consumed, whatever the order of the entries', () => {
    fc.assert(
      fc.property(shuffledWorld, ({ world: { acknowledged, consumed }, entries }) => {
        const seen = new Set(consumed.map(({ value }) => value));
        const lost = acknowledged.filter(({ value }) => !seen.has(value));
        const ledger = book(entries);
        expect(ledger.outstanding(1000)).toEqual(
          lost.map(({ value, partition, offset }) => ({ value, partition, offset })),
        );
        expect(ledger.balance().outstanding).toBe(lost.length);
        expect(ledger.balance().acknowledged).toBe(acknowledged.length);
        expect(ledger.balance().consumed).toBe(seen.size);
      }),
    );
  });

  it('counts a record as duplicated when it was consumed from two places', () => {
    fc.assert(
      fc.property(shuffledWorld, ({ world: { consumed }, entries }) => {
        const places = new Map<number, Set<string>>();
        for (const record of consumed) {
          places.set(record.value, (places.get(record.value) ?? new Set()).add(placeOf(record)));
        }
        const duplicated = [...places.values()].filter((set) => set.size > 1).length;
        expect(book(entries).balance().duplicated).toBe(duplicated);
      }),
    );
  });

  it('counts a place as redelivered when it was consumed more than once', () => {
    fc.assert(
      fc.property(shuffledWorld, ({ world: { consumed }, entries }) => {
        const counts = new Map<string, number>();
        for (const record of consumed) counts.set(placeOf(record), (counts.get(placeOf(record)) ?? 0) + 1);
        const redelivered = [...counts.values()].filter((count) => count > 1).length;
        expect(book(entries).balance().redelivered).toBe(redelivered);
      }),
    );
  });

  it('lists no more lost records than asked for', () => {
    const ledger = new Ledger();
    for (let value = 0; value < 10; value++) ledger.acknowledge({ value, partition: 0, offset: value, atMs: value });
    expect(ledger.outstanding(3).map(({ value }) => value)).toEqual([0, 1, 2]);
  });

  it('measures the longest time without an acknowledgement, up to the moment when the producer is asked to stop', () => {
    const ledger = new Ledger();
    [1000, 1010, 1500, 1505].forEach((atMs, value) => ledger.acknowledge({ value, partition: 0, offset: value, atMs }));
    expect(ledger.balance().maxProduceGapMs).toBe(490);
    expect(ledger.sinceLastAcknowledgedMs(1600)).toBe(95);
    ledger.endGap(3505);
    expect(ledger.balance().maxProduceGapMs).toBe(2000);
  });

  it('knows no gap before the first acknowledgement', () => {
    const ledger = new Ledger();
    ledger.endGap(5000);
    expect(ledger.balance().maxProduceGapMs).toBe(0);
    expect(ledger.sinceLastAcknowledgedMs(5000)).toBeNull();
  });

  it('counts producer errors by message and bounds how many different ones it keeps', () => {
    const ledger = new Ledger();
    ledger.fail('TimeoutException: too late');
    ledger.fail('TimeoutException: too late');
    for (let i = 0; i < 100; i++) ledger.fail(`error ${String(i)}`);
    const { producerErrors } = ledger.balance();
    expect(producerErrors[0]).toEqual({ message: 'TimeoutException: too late', count: 2 });
    expect(producerErrors).toHaveLength(51);
    expect(producerErrors.at(-1)).toEqual({ message: 'other errors', count: 51 });
  });

  it('holds ten minutes of traffic at 600 records a second in less than 20 MB', () => {
    const before = process.memoryUsage().arrayBuffers;
    const ledger = new Ledger();
    const records = 600 * 600;
    for (let value = 0; value < records; value++) {
      const record = { value, partition: value % 12, offset: Math.floor(value / 12) };
      ledger.acknowledge({ ...record, atMs: value });
      ledger.consume(record);
    }
    expect(ledger.balance()).toMatchObject({
      acknowledged: records,
      consumed: records,
      outstanding: 0,
      redelivered: 0,
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 2 ** 20);
  });
});
