import { LineSplitter } from '../../src/ssh/line-splitter';
import { OutputTail } from '../../src/ssh/output-tail';
import { Slots } from '../../src/ssh/slots';

describe('OutputTail', () => {
  it('keeps exactly the last bytes, however they arrive', () => {
    const tail = new OutputTail(10);
    for (let number = 0; number < 1_000; number += 1) tail.add(Buffer.from(`${number},`));
    expect(tail.toString()).toBe('7,998,999,');
    expect(new OutputTail(10).toString()).toBe('');
  });
});

describe('LineSplitter', () => {
  it('gives whole lines, though characters and line ends are split over chunks', () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    for (const byte of Buffer.from('ä1\r\nzwölf\n\nrest')) splitter.add(Buffer.from([byte]));
    expect(lines).toEqual(['ä1', 'zwölf', '']);
  });
});

describe('Slots', () => {
  it('lets in at most the limit, in order, and forgets those who gave up', async () => {
    const slots = new Slots(1);
    const order: string[] = [];
    const first = await slots.acquire();
    const controller = new AbortController();
    const reason = new Error('gave up');
    const second = slots.acquire(controller.signal);
    const third = slots.acquire().then((release) => {
      order.push('third');
      return release;
    });
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(order).toEqual([]);
    first();
    first();
    const release = await third;
    const fourth = slots.acquire().then(() => order.push('fourth'));
    expect(order).toEqual(['third']);
    release();
    await fourth;
    expect(order).toEqual(['third', 'fourth']);
  });
});
