import { numberAt } from '../../../src/domain/common/number-at';

it('is the number there, or none', () => {
  const numbers = new Float32Array([7, 8]);
  expect(numberAt(numbers, 1)).toBe(8);
  expect(numberAt(numbers, 2)).toBeNaN();
  expect(numberAt(numbers, -1)).toBeNaN();
});
