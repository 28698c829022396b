/**
 * One word of a POSIX shell that stands for exactly this value, whatever it holds: spaces, quotes, `$`, newlines.
 * A NUL byte cannot be passed to any program and is refused.
 */
export const shellQuote = (value: string): string => {
  if (value.includes('\0')) throw new Error('a NUL byte cannot be part of a shell word');
  return `'${value.replaceAll("'", `'\\''`)}'`;
};

/** `name='value'` assignments, one a line; names are the caller's own literals. */
export const shellAssignments = (values: Record<string, string | number>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${shellQuote(String(value))}`)
    .join('\n');
