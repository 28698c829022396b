/** The status of an upgrade as one screen of text. */
import type { UpgradeEnding } from '../client/ending';
import { someOf } from '../domain/health/gate';
import { levelWords } from '../domain/plan/upgrade-plan';
import type { UpgradeStatus } from '../domain/upgrade/upgrade-status';
import { clip } from './clip';
import { clock, moved, shorten, spread, wrapIndented } from './format';
import { phaseWords } from './phase-words';
import { featureStatusLines } from './status-features';
import { eventLines } from './status-events';
import { gateLines } from './status-gate';
import { nodeLines } from './status-nodes';
import { progressLines } from './status-progress';
import { waitingLines } from './status-waiting';
import { stateMark, statePaint, visibleWidth } from './style';
import type { Style } from './style';
import type { StatusViewInput, ViewOptions } from './view-options';

/** The levels that the upgrade moves between: `3.7.2 → 3.8.1 · protocol 3.7 → 3.8`. */
const pathWords = (status: UpgradeStatus): string => {
  const version = `${status.fromVersion ?? ''} → ${status.toVersion}`.trim();
  const { fromProtocol, toProtocol } = status;
  return fromProtocol === null || toProtocol === null
    ? version
    : `${version} · ${status.mode === null ? '' : levelWords({ mode: status.mode })} ${moved(fromProtocol, toProtocol)}`;
};

const headerLines = ({ status, ending, nowMs }: StatusViewInput, { style, width }: ViewOptions): string[] => {
  // A workflow that ended with an error, or was ended from outside, has no outcome of its own.
  const { words, paint } = phaseWords(
    ending !== null && status.outcome === null ? ending.outcome : status.phase,
    status,
  );
  const plan = status.plan === null ? '' : style.quiet(` · plan ${status.plan}`);
  const left = `${style.strong(status.cluster)}  ${pathWords(status)}${plan}`;
  const elapsed = ending === null ? style.quiet(`  ${clock(nowMs - status.startedAtMs)}`) : '';
  const right = `${style[paint](words)}${elapsed}`;
  return visibleWidth(left) + 1 + visibleWidth(right) > width
    ? [clip(left, width), clip(right, width)]
    : [spread(left, right, width)];
};

/** What nobody may overlook, whatever else is waited for. */
const downLines = ({ status }: StatusViewInput, { style, width }: ViewOptions): string[] =>
  status.down.flatMap((words) => wrapIndented(`DOWN: ${words}`, 0, width).map(style.bad));

/** The nine items, each with its detail below; `compact` keeps only the details that matter at this moment. */
const itemLines = ({ status, compact }: StatusViewInput, { style, width }: ViewOptions): string[] =>
  status.items.flatMap(({ item, title, state, detail }) => {
    const quiet = state === 'pending' || state === 'not-applicable';
    const settled = quiet || state === 'done';
    const words = quiet ? style.quiet(title) : state === 'done' ? title : statePaint(state, style)(title);
    const head = clip(`${stateMark(state, style)} ${item}  ${words}`, width);
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
  return [...wrapIndented(message, 0, width).map(paint), ...wrapIndented(ending.hint, 0, width)];
};

/** All names are in the JSON of the status. */
const mostAccepted = 10;

const acceptedLines = ({ status: { accepted } }: StatusViewInput, { style, width }: ViewOptions): string[] =>
  accepted.length === 0
    ? []
    : wrapIndented(`accepted by name: ${someOf(accepted, mostAccepted)}`, 2, width).map(style.quiet);

const waitingSection = ({ status, ending, commands }: StatusViewInput, options: ViewOptions): string[] =>
  ending !== null || commands === null ? [] : waitingLines(status, commands, options);

const webPageLines = ({ webPage }: StatusViewInput, { style }: ViewOptions): string[] =>
  webPage === null ? [] : [`${style.quiet('web UI')}  ${webPage}`];

/** The whole screen, without a line end after the last line: sections with a blank line between them. */
export const statusView = (input: StatusViewInput, options: ViewOptions): string =>
  [
    headerLines(input, options),
    downLines(input, options),
    itemLines(input, options),
    nodeLines(input, options),
    featureStatusLines(input.status, options),
    progressLines(input, options),
    acceptedLines(input, options),
    gateLines(input.live, options),
    eventLines(input, options),
    waitingSection(input, options),
    endingLines(input, options),
    input.extra ?? [],
    webPageLines(input, options),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
