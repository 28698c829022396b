import { rate, trafficLine } from '../../src/demo/traffic-line';
import { plain } from '../../src/render/style';

describe('rate', () => {
  it('counts acknowledgements a second', () => {
    expect(rate({ acknowledged: 100, atMs: 0 }, { acknowledged: 1_300, atMs: 2_000 })).toBe(600);
  });

  it('is 0 when no time has passed', () => {
    expect(rate({ acknowledged: 1, atMs: 5 }, { acknowledged: 2, atMs: 5 })).toBe(0);
  });
});

describe('trafficLine', () => {
  it('says rate, books, lag and gap', () => {
    const figures = { acknowledged: 12_345, consumed: 12_300, outstanding: 45, duplicated: 0, maxProduceGapMs: 412 };
    expect(trafficLine(figures, 598, plain)).toBe(
      'traffic 598 records/s · 12,345 acknowledged · 12,300 consumed · lag 45 · longest gap 0.4 s',
    );
  });
});
