import fc from 'fast-check';
import { runInNewContext } from 'node:vm';
import { messageOf } from '../../../src/domain/common/message-of';

describe('the words of whatever was thrown', () => {
  it.each<[string, unknown, string]>([
    ['an error', new Error('the disk is full'), 'the disk is full'],
    ['an error of another realm', runInNewContext("new Error('from elsewhere')"), 'from elsewhere'],
    ['a text', 'no route', 'no route'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an object without words', {}, '[object Object]'],
  ])('knows %s', (_what, thrown, words) => {
    expect(messageOf(thrown)).toBe(words);
  });
});

it('never throws, whatever was thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.record({ message: fc.string() })), (thrown) => {
      expect(messageOf(thrown)).toBe(typeof thrown === 'object' ? thrown.message : String(thrown));
    }),
  );
});
