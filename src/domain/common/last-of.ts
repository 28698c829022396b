/** The last `count` entries; all of them when the count, which people may type by hand, is none. */
export const lastOf = <T>(entries: readonly T[], count: unknown): T[] =>
  typeof count === 'number' && count > 0 ? entries.slice(-count) : [...entries];
