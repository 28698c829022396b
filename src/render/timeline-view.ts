import type { AlarmKind } from '../domain/policy/alarm';
import type { Vote } from '../domain/policy/open-gate';
import type { UpgradeEvent } from '../domain/upgrade/upgrade-state';
import type { UpgradePhase } from '../domain/plan/upgrade-plan';
import { shortHash } from '../domain/plan/upgrade-plan';
import { duration } from './format';
import type { Style } from './style';

const by = (who: string | null): string => who ?? 'somebody';

const note = (comment: string | null): string => (comment === null ? '' : `: ${comment}`);

const answered = (event: UpgradeEvent & { type: 'message' }): string =>
  `${event.kind} by ${by(event.by)} ${event.accepted ? 'accepted' : 'refused'}: ${event.answer}`;

const ticketed = ({ ticket }: Vote): string => (ticket === null ? '' : ` (${ticket})`);

/** Temporal vouches for who may send messages to the namespace, not for the name in one. */
const claimed = (who: string | null): string => (who === null ? by(who) : `${who} (name as typed)`);

const voted = (vote: Vote): string => `${claimed(vote.by)}${ticketed(vote)}${note(vote.comment)}`;

const gatePassed = (event: UpgradeEvent & { type: 'gate-passed' }): string => {
  const recovery = event.disasterRecovery === null ? '' : `; disaster recovery: ${event.disasterRecovery}`;
  const accept = event.accept.length === 0 ? '' : `; accepted: ${event.accept.join(', ')}`;
  const people = (event.votes ?? [{ by: event.by, comment: event.comment, ticket: null }]).map(voted).join(' and ');
  return `gate ${event.gate} passed by ${people}${recovery}${accept}`;
};

const acceptedWords = (event: UpgradeEvent & { type: 'accepted' }): string =>
  `accepted by name at park ${event.park}: ${event.accept.join(', ')}; by ${event.votes.map(voted).join(' and ')}`;

const endRequested = ({ outcome, by: who, comment }: UpgradeEvent & { type: 'end-requested' }): string =>
  outcome === 'rolled-back'
    ? `way back requested by ${by(who)}${note(comment)}`
    : `end requested (${outcome}) by ${by(who)}${note(comment)}`;

const nodeWords = (event: UpgradeEvent & { type: 'node' }): string => {
  const { state, detail, timing } = event.progress;
  const time = timing === null ? '' : `${duration(timing.totalMs)}, overhead ${duration(timing.overheadMs)}`;
  // The workflow's own words hold the time already.
  const words = detail === '' ? time : detail;
  return `node ${event.nodeId}, ${rollWords[event.phase]}: ${state}${words === '' ? '' : `: ${words}`}`;
};

/** An event does not say which way its plan leads. */
const rollWords: Record<UpgradePhase, string> = {
  binaries: 'binaries',
  protocol: 'protocol',
  rollback: 'binaries back',
};

const alarmWords: Record<AlarmKind, string> = { reminder: 'reminder', escalation: 'escalated' };

type Words = { [Type in UpgradeEvent['type']]: (event: UpgradeEvent & { type: Type }) => string };

const words: Words = {
  'plan-made': ({ plan, planHash }) => `plan ${shortHash(planHash)} made: ${plan.fromVersion} → ${plan.toVersion}`,
  item: ({ item, state, detail }) => `item ${item} ${state}${detail === '' ? '' : `: ${detail}`}`,
  'gate-opened': ({ gate }) => `gate ${gate} opened`,
  'gate-passed': gatePassed,
  'gate-voted': ({ gate, vote }) => `gate ${gate} approved by ${voted(vote)}; more approvals are wanted`,
  'gate-reopened': ({ gate, by: who }) => `gate ${gate} asked again by ${by(who)}`,
  'gate-expired': ({ gate, waitedMs }) => `gate ${gate} expired: nobody answered for ${duration(waitedMs)}`,
  alarm: ({ alarm, wait, waitedMs }) => `${alarmWords[alarm]}: ${wait} waits for ${duration(waitedMs)}`,
  'disaster-recovery-confirmed': ({ by: who, comment }) => `disaster recovery confirmed by ${who}${note(comment)}`,
  window: ({ closed }) => closed?.words ?? 'the maintenance window is open',
  message: answered,
  paused: ({ by: who, comment }) => `paused by ${by(who)}${note(comment)}`,
  resumed: ({ by: who }) => `resumed by ${by(who)}`,
  parked: ({ trouble }) => `parked: ${trouble.message}`,
  'acceptance-voted': ({ park, accept, vote }) =>
    `${accept.join(', ')} accepted at park ${park} by ${voted(vote)}; more approvals are wanted`,
  accepted: acceptedWords,
  retried: ({ by: who }) => `retried by ${by(who)}`,
  'rollback-asked': ({ by: who, comment }) =>
    `${by(who)} asked for the old binaries: the levels in force are read${note(comment)}`,
  'rollback-refused': ({ why }) => `the old binaries are not put back, nothing was touched: ${why}`,
  'rollback-started': () => 'the way back begins',
  feature: ({ feature, progress }) => `${feature} ${progress.state}: ${progress.detail}`,
  'end-requested': endRequested,
  node: nodeWords,
  evidence: ({ title }) => title,
  warning: ({ message }) => `warning: ${message}`,
  ended: ({ outcome, message }) => `${outcome}: ${message}`,
};

/** An event in a line. */
// as: a record indexed by the event's own type; TypeScript does not correlate the two.
export const eventWords = (event: UpgradeEvent): string =>
  (words[event.type] as (event: UpgradeEvent) => string)(event);

const timeOf = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, 19);

/** The audit trail in UTC, one event a line, evidence below its title. */
export const timelineView = (events: UpgradeEvent[], style: Style): string =>
  events
    .flatMap((event) => [
      `${style.quiet(timeOf(event.atMs))}  ${eventWords(event)}`,
      ...(event.type === 'evidence' ? event.lines.map((line) => style.quiet(`${' '.repeat(21)}${line}`)) : []),
    ])
    .join('\n');
