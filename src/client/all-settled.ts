/**
 * All answers, or the first error once no question is under way any more: one that the SDK asks again after the connection
 * was closed would end the process.
 */
export const allSettled = async <T extends readonly Promise<unknown>[] | []>(
  questions: T,
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> => {
  await Promise.allSettled(questions);
  return Promise.all(questions);
};
