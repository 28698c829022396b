import type { LiveDetails, PendingActivity } from '../client/live-details';
import type { VerdictStatus } from '../domain/health/gate';
import { shorten, wrapIndented } from './format';
import type { ViewOptions } from './view-options';
import type { Style } from './style';

const paints: Record<VerdictStatus, { mark: string; paint: keyof Style }> = {
  successful: { mark: '✔', paint: 'good' },
  failed: { mark: '✖', paint: 'bad' },
  inconclusive: { mark: '?', paint: 'attention' },
  error: { mark: '!', paint: 'attention' },
};

/** Why it is being tried again; null at the first attempt. */
export const retryWords = ({ attempt, lastFailure }: PendingActivity): string | null => {
  if (attempt === 1 && lastFailure === null) return null;
  return `attempt ${attempt}${lastFailure === null ? '' : `; the last one failed: ${lastFailure}`}`;
};

const activityLines = (activity: PendingActivity, { style, width }: ViewOptions): string[] => {
  const words = activity.message ?? '';
  const head = `  ${activity.name}`;
  // Whole: what an operator has to do stands at its end.
  const retry = wrapIndented(retryWords(activity) ?? '', 4, width).map(style.attention);
  const checks = (activity.verdict?.checks ?? []).map(({ name, status, message }) => {
    const { mark, paint } = paints[status];
    return `    ${style[paint](mark)} ${shorten(`${name}: ${message}`, width - 6)}`;
  });
  return [
    words === '' ? head : `${head}: ${style.quiet(shorten(words, width - head.length - 2))}`,
    ...retry,
    ...checks,
  ];
};

/** What is being done at this moment: running activities with their last words, and the figures of a gate. */
export const gateLines = (live: LiveDetails, options: ViewOptions): string[] =>
  live.activities.length === 0
    ? []
    : [options.style.quiet('  now'), ...live.activities.flatMap((activity) => activityLines(activity, options))];
