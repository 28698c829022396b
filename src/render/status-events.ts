import { shorten } from './format';
import { eventWords } from './timeline-view';
import type { StatusViewInput, ViewOptions } from './view-options';

/** Enough to see what led here; `timeline` has all of them with their evidence. */
const shown = 5;

const timeOf = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

/** The last events of the timeline, a line each. */
export const eventLines = ({ events, compact, ending }: StatusViewInput, { style, width }: ViewOptions): string[] =>
  events.length === 0 || compact === true || ending !== null
    ? []
    : [
        style.quiet('  last events (UTC)'),
        ...events.slice(-shown).map((event) => {
          const words = eventWords(event).replace(/\s+/g, ' ');
          return `  ${style.quiet(timeOf(event.atMs))}  ${shorten(words, width - 12)}`;
        }),
      ];
