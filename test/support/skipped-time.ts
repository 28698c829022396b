/**
 * Time that an activity believes to have passed, without anybody waiting for it: a test file puts `skippingPoll()` in the
 * place of src/activities/poll.
 */
let skippedMs = 0;

/** The activities' clock and pauses, the clock ahead by what was skipped. */
export const skippingPoll = (): object => ({
  ...jest.requireActual<object>('../../src/activities/poll'),
  monotonicMs: () => performance.now() + skippedMs,
});

/** Lets the clock of running activities jump ahead (ms). */
export const skipTime = (ms: number): void => {
  skippedMs += ms;
};
