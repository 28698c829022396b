import { isRecord } from '../../../src/domain/common/is-record';

describe('what may be read by key', () => {
  it.each<[unknown, boolean]>([
    [{}, true],
    [{ gate: 'plan' }, true],
    [[], true],
    [Object.create(null), true],
    [null, false],
    [undefined, false],
    ['plan', false],
    [1, false],
    [true, false],
    [() => ({}), false],
  ])('%p: %s', (value, expected) => {
    expect(isRecord(value)).toBe(expected);
  });
});
