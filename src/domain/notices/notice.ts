/**
 * What the people outside are told of an upgrade, and at which events. A notice holds facts, no words of a channel and no
 * secret: it travels through the history. Its words are made where it is sent (render/notice-words.ts).
 */
import type { NodeId } from '../cluster/cluster';
import type { NoticeKind } from '../policy/planned-channel';
import { shortHash } from '../plan/upgrade-plan';
import type { UpgradeEvent, UpgradeOutcome, UpgradeState } from '../upgrade/upgrade-state';
import { upgradeStatus } from '../upgrade/upgrade-status';
import type { StatusPhase, WaitingAnswer, WaitingFor } from '../upgrade/upgrade-status';

/** What a person is waited for, as in the status. */
export type NoticeWait = Pick<WaitingFor, 'question' | 'afterwards' | 'who' | 'approvedBy' | 'answers'> & {
  /** `gate plan`, `the parked step`, `the pause`. */
  name: string;
  /** How long already; 0 when it begins. */
  waitedMs: number;
};

export interface Notice {
  /** Run id and number of the event: the same notice has the same, however often it is sent. */
  id: string;
  kind: NoticeKind;
  atMs: number;
  cluster: string;
  workflowId: string;
  /** null before the plan is made. */
  from: string | null;
  to: string;
  phase: StatusPhase;
  /** What happened, in a sentence. */
  message: string;
  nodeId: NodeId | null;
  /** Every node that is down or not known to be up, in a sentence each. */
  down: string[];
  /** null when nobody is waited for. */
  wait: NoticeWait | null;
  /** Who did what this is about. */
  by: string | null;
  /** null before the end. */
  outcome: UpgradeOutcome | null;
  requester: string | null;
  ticket: string | null;
  /** First digits of the plan's hash. */
  plan: string | null;
}

/** One event and the state around it. */
export interface Happening {
  before: UpgradeState;
  event: UpgradeEvent;
  after: UpgradeState;
}

type Told = Pick<Notice, 'kind' | 'message'> &
  Partial<Pick<Notice, 'nodeId' | 'by' | 'outcome'>> & { waitedMs?: number };

/** Long enough for a reason and the tail of a log; a message of a chat holds about as much. */
const maxMessageLength = 2_000;

const startWords = (
  { plan, planHash }: UpgradeEvent & { type: 'plan-made' },
  { requester, ticket }: UpgradeState['request'],
): string => {
  const { nodes, findings, fromVersion, toVersion, downgrade } = plan;
  const blocking = findings.filter(({ severity }) => severity === 'blocker').length;
  return [
    `The ${downgrade === true ? 'downgrade' : 'upgrade'} of ${nodes.length} nodes from ${fromVersion} to ${toVersion} was started by ${requester ?? 'somebody'}${ticket === null ? '' : ` (${ticket})`}.`,
    `Plan ${shortHash(planHash)} has ${findings.length} findings${blocking === 0 ? '' : `, ${blocking} of them blockers`}. Nothing was touched yet.`,
  ].join(' ');
};

const durationWords = (ms: number): string => {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
};

/** The notice of an alarm repeats what is waited for, so that it can be answered by itself. */
const alarmWords = (wait: string, waitedMs: number): string =>
  `Nobody has answered for ${durationWords(waitedMs)}. What is waited for: ${wait}.`;

const toldOf = ({ before, event, after }: Happening): Told | null => {
  switch (event.type) {
    case 'plan-made':
      // A plan that is made anew is asked about at its gate.
      return before.plan === null
        ? { kind: 'started', message: startWords(event, after.request), by: after.request.requester }
        : null;
    case 'gate-opened':
    case 'gate-reopened':
      return { kind: 'waiting', message: upgradeStatus(after).message };
    case 'paused':
      return after.parked === null && after.openGate === null
        ? { kind: 'waiting', message: upgradeStatus(after).message, by: event.by }
        : null;
    case 'alarm':
      return { kind: event.alarm, message: alarmWords(event.wait, event.waitedMs), waitedMs: event.waitedMs };
    case 'gate-expired':
      return {
        kind: 'expired',
        message: `Nobody has answered for ${durationWords(event.waitedMs)}: gate ${event.gate} stays closed until it is asked again.`,
        waitedMs: event.waitedMs,
      };
    case 'parked':
      return { kind: 'parked', message: event.trouble.message, nodeId: event.trouble.nodeId };
    case 'rollback-refused':
      return {
        kind: 'warning',
        message: `The old binaries are not put back, and nothing was touched for it: ${event.why}.`,
      };
    case 'warning':
      return { kind: 'warning', message: event.message };
    case 'ended':
      return { kind: 'finished', message: event.message, outcome: event.outcome, by: after.ending?.by ?? null };
    default:
      return null;
  }
};

const waitNames: Record<WaitingFor['kind'], string> = {
  approval: 'the gate',
  parked: 'the parked step',
  paused: 'the pause',
};

const waitOf = (waiting: WaitingFor | null, waitedMs: number): NoticeWait | null => {
  if (waiting === null) return null;
  const { kind, gate, question, afterwards, who, approvedBy, answers } = waiting;
  const short = question.slice(0, maxMessageLength);
  return {
    name: gate === null ? waitNames[kind] : `gate ${gate}`,
    question: short,
    afterwards,
    who,
    approvedBy,
    answers: answers.map(({ signal, payload }): WaitingAnswer => ({ signal, payload })),
    waitedMs,
  };
};

const noticeFrom = (state: UpgradeState, told: Told, { id, atMs }: Pick<Notice, 'id' | 'atMs'>): Notice => {
  const status = upgradeStatus(state);
  return {
    id,
    kind: told.kind,
    atMs,
    cluster: state.cluster,
    workflowId: status.workflowId,
    from: status.fromVersion,
    to: status.toVersion,
    phase: status.phase,
    message: told.message.slice(0, maxMessageLength),
    nodeId: told.nodeId ?? null,
    down: status.down,
    wait: waitOf(status.waitingFor, told.waitedMs ?? 0),
    by: told.by ?? null,
    outcome: told.outcome ?? null,
    ...state.request,
    plan: status.plan,
  };
};

/** The notice of an event; null when nobody outside needs to hear of it. */
export const noticeOf = (happening: Happening, id: string): Notice | null => {
  const told = toldOf(happening);
  return told === null ? null : noticeFrom(happening.after, told, { id, atMs: happening.event.atMs });
};
