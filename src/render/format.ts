import { visibleWidth } from './style';

/** The width that all views are made for (columns). */
export const defaultWidth = 100;

/** `4.2 s`, `15 min`, `4 min 07 s`, `2 h 05 min`: as exact as a person needs it. */
export const duration = (ms: number): string => {
  if (ms === 0) return '0 s';
  if (ms < 100_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const seconds = Math.floor(ms / 1_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${two(seconds % 60)} s`;
};

/** `04:12`, `1:04:12`: a clock that counts up. */
export const clock = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
};

/** Fills up with spaces to a number of columns; colours do not count. */
export const padTo = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - visibleWidth(text)));

/** One line with a part at each end. */
export const spread = (left: string, right: string, width: number): string =>
  right === '' ? left : `${padTo(left, width - visibleWidth(right) - 1)} ${right}`;

/** Cuts a plain text to a number of columns, with an ellipsis. */
export const shorten = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

/** Breaks a plain text at spaces into lines of at most `width` columns; longer words stay whole. */
export const wrap = (text: string, width: number): string[] => {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
};

/** `wrap` with every line moved to the right. */
export const wrapIndented = (text: string, indent: number, width: number): string[] =>
  wrap(text, width - indent).map((line) => ' '.repeat(indent) + line);

/** `1,234,567` */
export const count = (value: number): string => value.toLocaleString('en-US');

/** A level before and after: `3.7 → 3.8`; one that is not moved: `3.8, as it is`. */
export const moved = (from: string, to: string): string => (from === to ? `${from}, as it is` : `${from} → ${to}`);

/** `1 broker`, `3 brokers`; `many` where an s at the end is not enough. */
export const plural = (value: number, noun: string, many = `${noun}s`): string =>
  `${count(value)} ${value === 1 ? noun : many}`;
