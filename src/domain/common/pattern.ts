/** Special characters of regular expressions that are ordinary ones in names of topics and groups. */
const special = /[.+?^${}()|[\]\\]/g;

/** Does this name fit the pattern? `*` stands for any characters, also none; everything else for itself. */
export const matchesPattern = (pattern: string, name: string): boolean => anyMatcher([pattern])(name);

/** A test for "fits at least one of these patterns", prepared once for many names. */
export const anyMatcher = (patterns: readonly string[]): ((name: string) => boolean) => {
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const wildcards = patterns
    .filter((pattern) => pattern.includes('*'))
    .map((pattern) => new RegExp(`^${pattern.replace(special, '\\$&').replace(/\*+/g, '.*')}$`, 's'));
  return (name) => exact.has(name) || wildcards.some((wildcard) => wildcard.test(name));
};
