/** Is this an object whose fields may be read by key? Arrays are, too. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
