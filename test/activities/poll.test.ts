import { pauseAfter } from '../../src/activities/poll';

it('pauses as the policy says, and longer where a look is expensive', () => {
  expect(pauseAfter(8, 100)).toBe(100);
  expect(pauseAfter(900.4, 100)).toBe(1_801);
});
