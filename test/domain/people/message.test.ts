import fc from 'fast-check';
import { isMessageKind, messageDescriptions, messageKinds, parsePayload } from '../../../src/domain/people/message';
import { anyPayload } from '../../support/message-fixture';

describe('a payload', () => {
  it('is read whatever it is: reading never throws, and every text is bounded', () => {
    fc.assert(
      fc.property(anyPayload, (input) => {
        const { accept, downgrade, park, pause, ...texts } = parsePayload(input);
        expect(typeof downgrade).toBe('boolean');
        for (const number of [park, pause])
          expect(number === null || (Number.isSafeInteger(number) && number > 0)).toBe(true);
        expect(accept.every((entry) => typeof entry === 'string')).toBe(true);
        for (const text of Object.values(texts)) {
          expect(text === null || (text.trim() !== '' && text.length <= 1_000)).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['orders are late', { comment: 'orders are late' }],
    [
      { by: ' kim ', gate: 'plan' },
      { by: 'kim', gate: 'plan' },
    ],
    [{ id: ' 1f ' }, { id: '1f' }],
    [{ id: 7 }, { id: null }],
    [{ accept: 'a' }, { accept: ['a'] }],
    [{ accept: ['a', 1, null, ' b '] }, { accept: ['a', ' b '] }],
    [null, { comment: null, accept: [] }],
    [7, { comment: null }],
    [{ gate: '   ' }, { gate: null }],
    [{ comment: 'x'.repeat(2_000) }, { comment: 'x'.repeat(1_000) }],
    [{ accept: Array(5_000).fill('t') }, { accept: Array(5_000).fill('t') }],
    [{ accept: ['x'.repeat(2_000)] }, { accept: ['x'.repeat(2_000)] }],
    [
      { park: 3, pause: '2' },
      { park: 3, pause: 2 },
    ],
    [{ park: ' 12 ' }, { park: 12 }],
  ])('%j', (input, wanted) => {
    expect(parsePayload(input)).toMatchObject(wanted);
  });

  it.each([0, -1, 1.5, 'three', '0x1', '1e3', '', [1], true, null])('has no number in %j', (park) => {
    expect(parsePayload({ park, pause: park })).toMatchObject({ park: null, pause: null });
  });

  it('knows the names of messages', () => {
    expect(messageKinds.every(isMessageKind)).toBe(true);
    expect(isMessageKind('constructor')).toBe(false);
  });
});

describe('placeholders', () => {
  it.each(['<why>', '<your name>', ' <change ticket> '])('%s that nobody filled in is nothing', (text) => {
    const { by, comment, ticket } = parsePayload({ by: text, comment: text, ticket: text });
    expect([by, comment, ticket]).toEqual([null, null, null]);
  });

  it.each(['a < b > c', '<kim> and <jo>', '<', '<>x'])('%s is a text of its own', (text) => {
    expect(parsePayload({ comment: text }).comment).toBe(text);
  });
});

describe('downgrade', () => {
  it.each<[unknown, boolean]>([
    [true, true],
    ['true', false],
    [1, false],
    [undefined, false],
  ])('%j is taken for %s: nothing is lowered by a slip', (downgrade, expected) => {
    expect(parsePayload({ downgrade }).downgrade).toBe(expected);
  });
});

describe('the description of a message', () => {
  it.each(messageKinds)('%s is one line that people can choose by', (kind) => {
    expect(messageDescriptions[kind]).toMatch(/^[A-Z][^\n]{20,200}$/);
  });

  it('has JSON in it that is read as it is meant', () => {
    const examples = messageKinds.flatMap((kind) =>
      [...messageDescriptions[kind].matchAll(/\{[^}]*\}/g)].map(([text]) => parsePayload(JSON.parse(text))),
    );
    expect(examples).toHaveLength(11);
    for (const example of examples) expect(example).not.toEqual(parsePayload({}));
  });
});
