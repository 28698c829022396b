/** The status of an upgrade as one screen of text. */
import type { UpgradeEnding } from '../client/ending';
import { levelWords } from '../domain/upgrade-plan';
import type { StatusPhase, UpgradeStatus } from '../domain/upgrade-status';
import { clock, moved, shorten, spread, wrapIndented } from './format';
import { featureStatusLines } from './status-features';
import { gateLines } from './status-gate';
import { nodeLines } from './status-nodes';
import { waitingLines } from './status-waiting';
import { stateMark, statePaint, visibleWidth } from './style';
import type { Style } from './style';
import type { StatusViewInput, ViewOptions } from './view-options';

const phaseWords: Record<StatusPhase, { words: string; paint: keyof Style }> = {
  planning: { words: 'planning', paint: 'active' },
  'awaiting-approval': { words: 'waiting for approval', paint: 'attention' },
  preparing: { words: 'preparing', paint: 'active' },
  'rolling-binaries': { words: 'rolling to the new binaries', paint: 'active' },
  'rolling-protocol': { words: 'rolling to the new protocol', paint: 'active' },
  finalizing: { words: 'raising features', paint: 'active' },
  'rolling-back': { words: 'putting the old binaries back', paint: 'attention' },
  verifying: { words: 'verifying', paint: 'active' },
  'waiting-for-window': { words: 'waiting for the maintenance window', paint: 'attention' },
  parked: { words: 'parked: needs a person', paint: 'bad' },
  paused: { words: 'paused', paint: 'attention' },
  ending: { words: 'ending', paint: 'attention' },
  completed: { words: 'completed', paint: 'good' },
  'rolled-back': { words: 'rolled back', paint: 'attention' },
  rejected: { words: 'rejected', paint: 'bad' },
  aborted: { words: 'aborted', paint: 'bad' },
};

/** The levels that the upgrade moves between: `3.7.2 → 3.8.1 · protocol 3.7 → 3.8`. */
const pathWords = (status: UpgradeStatus): string => {
  const version = `${status.fromVersion ?? ''} → ${status.toVersion}`.trim();
  const { fromProtocol, toProtocol } = status;
  return fromProtocol === null || toProtocol === null
    ? version
    : `${version} · ${status.mode === null ? '' : levelWords({ mode: status.mode })} ${moved(fromProtocol, toProtocol)}`;
};

const headerLines = ({ status, ending, nowMs }: StatusViewInput, { style, width }: ViewOptions): string[] => {
  const known = phaseWords[status.phase];
  // A workflow that ended with an error, or was ended from outside, has no outcome of its own.
  const { words, paint } =
    ending !== null && status.outcome === null ? { words: ending.outcome, paint: 'bad' as const } : known;
  const plan = status.plan === null ? '' : style.quiet(` · plan ${status.plan}`);
  const left = `${style.strong(status.cluster)}  ${pathWords(status)}${plan}`;
  const elapsed = ending === null ? style.quiet(`  ${clock(nowMs - status.startedAtMs)}`) : '';
  const right = `${style[paint](words)}${elapsed}`;
  return visibleWidth(left) + 1 + visibleWidth(right) > width ? [left, right] : [spread(left, right, width)];
};

/** The nine items, each with its detail below; `compact` keeps only the details that matter at this moment. */
const itemLines = ({ status, compact }: StatusViewInput, { style, width }: ViewOptions): string[] =>
  status.items.flatMap(({ item, title, state, detail }) => {
    const quiet = state === 'pending' || state === 'not-applicable';
    const settled = quiet || state === 'done';
    const words = quiet ? style.quiet(title) : state === 'done' ? title : statePaint(state, style)(title);
    const head = `${stateMark(state, style)} ${item}  ${words}`;
    if (detail === '' || (settled && compact === true)) return [head];
    const shown = settled ? [`     ${shorten(detail, width - 5)}`] : wrapIndented(detail, 5, width);
    return [head, ...shown.map(style.quiet)];
  });

/** What a person wanted is not bad news; every other end is. */
const endingPaints: Partial<Record<UpgradeEnding['outcome'], keyof Style>> = {
  completed: 'good',
  'rolled-back': 'attention',
};

const endingLines = ({ status, ending }: StatusViewInput, { style, width }: ViewOptions): string[] => {
  if (ending === null) return [];
  const paint = style[endingPaints[ending.outcome] ?? 'bad'];
  const message = ending.message === '' ? status.message : ending.message;
  return ['', ...wrapIndented(message, 0, width).map(paint), ...wrapIndented(ending.hint, 0, width)];
};

/** The whole screen, without a line end after the last line. */
export const statusView = (input: StatusViewInput, options: ViewOptions): string => {
  const { status } = input;
  const { style } = options;
  const nodes = nodeLines(input, options);
  const gate = gateLines(input.live, options);
  const { commands } = input;
  const waiting = input.ending !== null || commands === null ? [] : waitingLines(status, commands, options);
  return [
    ...headerLines(input, options),
    '',
    ...itemLines(input, options),
    ...(nodes.length === 0 ? [] : ['', ...nodes]),
    ...featureStatusLines(status, options),
    ...(gate.length === 0 ? [] : ['', ...gate]),
    ...(waiting.length === 0 ? [] : ['', ...waiting]),
    ...endingLines(input, options),
    ...(input.extra === undefined || input.extra.length === 0 ? [] : ['', ...input.extra]),
    ...(input.webPage === null ? [] : ['', `${style.quiet('web UI')}  ${input.webPage}`]),
  ].join('\n');
};
