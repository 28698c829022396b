import { fitRows, frame } from '../../src/render/live-screen';

describe('fitRows', () => {
  it('leaves a view alone that fits', () => {
    expect(fitRows('a\n\nb', 3)).toEqual(['a', '', 'b']);
  });

  it('gives up blank lines first', () => {
    expect(fitRows('a\n\nb', 2)).toEqual(['a', 'b']);
  });

  it('says that the window is too low before it cuts silently', () => {
    expect(fitRows('a\nb\nc\nd', 3)).toEqual(['a', 'b', '… (the window is too low)']);
  });
});

describe('frame', () => {
  it('clears the screen once, and afterwards only what it does not overwrite', () => {
    expect(frame('a', { rows: 10, first: true })).toBe('\u001b[2J\u001b[Ha\u001b[K\n\u001b[J');
    expect(frame('a', { rows: 10, first: false })).toBe('\u001b[Ha\u001b[K\n\u001b[J');
  });
});
