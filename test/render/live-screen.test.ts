import { fitRows, fits, frame } from '../../src/render/live-screen';

describe('fitRows', () => {
  it('leaves a view alone that fits', () => {
    expect(fitRows('a\n\nb', { rows: 3, columns: 80 })).toEqual(['a', '', 'b']);
  });

  it('gives up blank lines first', () => {
    expect(fitRows('a\n\nb', { rows: 2, columns: 80 })).toEqual(['a', 'b']);
  });

  it('says that the window is too low before it cuts silently', () => {
    expect(fitRows('a\nb\nc\nd', { rows: 3, columns: 80 })).toEqual(['a', 'b', '… (the window is too low)']);
  });
});

describe('a line that is longer than the terminal is wide', () => {
  it('counts as the rows that it takes', () => {
    const view = `a\n${'b'.repeat(25)}`;
    expect(fits(view, { rows: 5, columns: 10 })).toBe(true);
    expect(fits(view, { rows: 4, columns: 10 })).toBe(false);
    expect(fitRows(`${view}\nc`, { rows: 4, columns: 10 })).toEqual(['a', '… (the window is too low)']);
  });
});

describe('frame', () => {
  it('clears the screen once, and afterwards only what it does not overwrite', () => {
    expect(frame('a', { rows: 10, columns: 80, first: true })).toBe('\u001b[2J\u001b[Ha\u001b[K\n\u001b[J');
    expect(frame('a', { rows: 10, columns: 80, first: false })).toBe('\u001b[Ha\u001b[K\n\u001b[J');
  });
});
