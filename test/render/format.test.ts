import { clock, duration, moved, padTo, shorten, spread, wrap, wrapIndented } from '../../src/render/format';
import { styleOf } from '../../src/render/style';

describe('duration', () => {
  it.each([
    [450, '0.5 s'],
    [9_940, '9.9 s'],
    [36_200, '36 s'],
    [247_000, '4 min 07 s'],
    [7_500_000, '2 h 05 min'],
  ])('writes %d ms as %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
});

describe('clock', () => {
  it('counts hours only when there are some, and never below zero', () => {
    expect([clock(252_000), clock(3_852_000), clock(-5)]).toEqual(['04:12', '1:04:12', '00:00']);
  });
});

describe('moved', () => {
  it('shows a level before and after, or that it stays', () => {
    expect([moved('3.7', '3.8'), moved('3.8', '3.8')]).toEqual(['3.7 → 3.8', '3.8, as it is']);
  });
});

describe('wrap', () => {
  it('breaks at spaces and leaves long words whole', () => {
    expect(wrap('one two extraordinarily three', 8)).toEqual(['one two', 'extraordinarily', 'three']);
  });

  it('keeps the width with an indent', () => {
    expect(wrapIndented('one two', 2, 6)).toEqual(['  one', '  two']);
  });

  it('gives no line for no text', () => {
    expect(wrap('', 10)).toEqual([]);
  });
});

describe('padding', () => {
  it('does not count colours', () => {
    const red = styleOf(true).bad('ab');
    expect(padTo(red, 4)).toBe(`${red}  `);
    expect(spread('left', 'right', 12)).toBe('left   right');
  });

  it('shortens with an ellipsis', () => {
    expect(shorten('abcdef', 4)).toBe('abc…');
  });
});
