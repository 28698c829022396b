import { clip } from '../../src/render/clip';
import { styleOf, visibleWidth } from '../../src/render/style';

const { good, bad } = styleOf(true);

describe('clip', () => {
  it('leaves alone what fits', () => {
    expect(clip(good('four'), 4)).toBe(good('four'));
  });

  it('cuts what is seen, and leaves no colour open', () => {
    const cut = clip(`${good('green')} and ${bad('red')}`, 7);
    expect(visibleWidth(cut)).toBe(7);
    expect(cut).toBe(`${good('green')} …${bad('')}`);
  });
});
