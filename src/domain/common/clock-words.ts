const DAY_MS = 24 * 60 * 60_000;

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

/** The time of day of a moment (ms since the epoch) for messages, to the second: `16:31:07 UTC`. */
export const clockWords = (atMs: number): string => {
  const seconds = (((atMs % DAY_MS) + DAY_MS) % DAY_MS) / 1_000;
  return `${two(seconds / 3_600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)} UTC`;
};
