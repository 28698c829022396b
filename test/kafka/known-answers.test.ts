import { KnownAnswers } from '../../src/kafka/known-answers';

/** Tells which answers were read anew. */
const readings = (kept: number) => {
  const known = new KnownAnswers<{ text: string }>(kept);
  const read: string[] = [];
  const of = (text: string): { text: string } =>
    known.of(Buffer.from(text), () => {
      read.push(text);
      return { text };
    });
  return { of, read };
};

it('reads the same bytes once, and answers with the same object', () => {
  const { of, read } = readings(2);
  const first = of('a');
  expect(of('a')).toBe(first);
  expect(of('b')).toEqual({ text: 'b' });
  expect(of('a')).toBe(first);
  expect(read).toEqual(['a', 'b']);
});

it('keeps those that came last, however old they are', () => {
  const { of, read } = readings(2);
  for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) of(text);
  expect(read).toEqual(['a', 'b', 'c', 'b']);
});

it('keeps nothing of bytes that cannot be read', () => {
  const known = new KnownAnswers<string>(2);
  const fails = (): never => {
    throw new Error('too short');
  };
  expect(() => known.of(Buffer.from('a'), fails)).toThrow('too short');
  expect(known.of(Buffer.from('a'), () => 'read')).toBe('read');
});
