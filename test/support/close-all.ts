/**
 * Closes one after the other, also when an earlier one fails: what is left behind keeps Jest from ending. Then throws the
 * first failure.
 */
export const closeAll = async (...closers: (() => unknown)[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const close of closers) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
};
