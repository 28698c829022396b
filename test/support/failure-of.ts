import { UpgradeError } from '../../src/domain/common/failure';

/** The failure that an attempt ends with; fails the test when it ends well or with another kind of error. */
export const failureOf = (attempt: () => unknown): UpgradeError => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof UpgradeError) return error;
    throw error;
  }
  throw new Error('the attempt was expected to fail, and did not');
};
