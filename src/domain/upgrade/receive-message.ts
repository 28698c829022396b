/**
 * What does a message of a person do now? Pure: message and state in, events out. The same function stands behind signals
 * and updates, so that both always answer alike.
 *
 *   - `approve`, `resume` and `retry` name what they answer, and one thing only: a gate by its name, a park or a pause by its
 *     number (what-waits.ts). What names nothing, or what does not wait, is refused with what waits now.
 *   - `pause` holds the roll before the next node; `resume` lifts it, and passes no gate by that.
 *   - `resume` is the one word that continues what waits: a pause, a parked step after repair, a gate.
 *   - `approve` is one vote; the gate passes with the last that its rule wants (approval-policy.ts). At a park it accepts by
 *     name what turned up (park-acceptance.ts).
 *   - `confirmDr` says that the disaster-recovery path works, before or instead of the approval of the plan.
 *   - `rollback` puts the old binaries back, while that is possible by what the run remembers (rollback.ts) and by the levels
 *     that are read next (judge-way-back.ts); until then nothing but `abort` is taken.
 *   - `retry` does a parked step again; `abort` ends the upgrade at the next safe point; `reject` says no at a gate.
 *   - A copy of a message that was received already does nothing, and is told how the first was answered.
 */
import { acceptedOf } from '../people/acceptance';
import { answerGate, planRule } from '../people/approval';
import type { OpenGate, Vote } from '../policy/open-gate';
import { judgeVote } from '../people/vote';
import { leftDown } from './left-down';
import { acceptAtPark } from './park-acceptance';
import { accept, refuse } from './reply';
import type { Reply } from './reply';
import { whyNoRollback } from './rollback';
import type { Message, MessagePayload } from '../people/message';
import type { UpgradePlan } from '../plan/upgrade-plan';
import { earlierCopy } from './received-messages';
import type { UpgradeEventBody, UpgradeState } from './upgrade-state';
import { expiredPayload, lateWords, parkOf, pauseOf, whatWaits } from './what-waits';

export interface Reception {
  accepted: boolean;
  /** One sentence for whoever sent it. */
  answer: string;
  /** What changes, the record of the message itself first. */
  events: UpgradeEventBody[];
}

const noGate = ({ passedGates }: UpgradeState, named: string | null): Reply => {
  const passed = passedGates.find((gate) => gate === named);
  return refuse(
    passed === undefined
      ? 'no gate is open; nothing waits for an approval'
      : `gate "${passed}" was passed already; nothing to do`,
  );
};

/** The last vote that a gate wants passes it; an earlier one is counted. */
const countVote = (
  state: UpgradeState,
  open: OpenGate,
  { plan, message }: { plan: UpgradePlan; message: Message },
): Reply => {
  const { gate, votes } = open;
  const { by, comment, ticket, disasterRecovery } = message.payload;
  const vote: Vote = { by, comment, ticket };
  const rule = planRule(plan, gate);
  const judged = judgeVote(rule, vote, { ...state.request, votes });
  if (!judged.passes) return refuse(judged.why);
  const all = [...votes, vote];
  if (all.length < rule.quorum)
    return accept(`approval ${all.length} of ${rule.quorum} of gate "${gate}" is recorded; the gate is still closed`, {
      type: 'gate-voted',
      gate,
      vote,
    });
  return accept(`gate "${gate}" is passed`, {
    type: 'gate-passed',
    gate,
    by,
    comment,
    disasterRecovery: disasterRecovery ?? state.disasterRecovery,
    accept: gate === 'plan' ? acceptedOf(plan.mustAccept, message.payload.accept) : [],
    votes: all,
  });
};

const passGate = (state: UpgradeState, message: Message): Reply => {
  const { openGate, plan, planHash, disasterRecovery } = state;
  if (openGate === null || plan === null || planHash === null) return noGate(state, message.payload.gate);
  const answer = answerGate(openGate.gate, message.payload, { plan, planHash, disasterRecovery });
  if (!answer.passes) return refuse(answer.why);
  if (openGate.expiredAtMs !== null)
    return refuse(
      `gate "${openGate.gate}" expired without an answer and stays closed; send \`retry\` with ${expiredPayload(openGate.gate)} to ask again`,
    );
  return countVote(state, openGate, { plan, message });
};

const retryPark = (state: UpgradeState, { payload: { by } }: Message, park: number): Reply =>
  parkOf(state) === park
    ? accept('the parked step is done again', { type: 'retried', by })
    : refuse(lateWords(state, 'park', park));

const liftPause = (state: UpgradeState, { payload: { by } }: Message, pause: number): Reply =>
  pauseOf(state) === pause
    ? accept('the pause is lifted', { type: 'resumed', by })
    : refuse(lateWords(state, 'pause', pause));

/** Nobody knows what its sender has read. */
const unnamed = (state: UpgradeState, nothing: string): Reply => {
  const waits = whatWaits(state);
  return refuse(waits.length === 0 ? nothing : `it must be said what is meant: ${waits.join('; ')}`);
};

const bareResume = (state: UpgradeState, message: Message): Reply => {
  const { paused, parked, openGate, closedWindow } = state;
  if (!paused && parked === null && openGate !== null) return passGate(state, message);
  return unnamed(
    state,
    closedWindow === null
      ? 'nothing is paused, parked or waiting; nothing to resume'
      : `it waits for the maintenance window, not for a person: ${closedWindow.words}`,
  );
};

const resume = (state: UpgradeState, message: Message): Reply => {
  const { gate, park, pause } = message.payload;
  if (gate !== null) return passGate(state, message);
  if (park !== null) return retryPark(state, message, park);
  return pause === null ? bareResume(state, message) : liftPause(state, message, pause);
};

const approve = (state: UpgradeState, message: Message): Reply => {
  const { park } = message.payload;
  return park === null ? passGate(state, message) : acceptAtPark(state, message, park);
};

const askAgain = ({ openGate }: UpgradeState, { payload: { by } }: Message, gate: string): Reply => {
  if (openGate?.gate !== gate) return refuse(`gate "${gate}" is not open; there is nothing to ask again`);
  return openGate.expiredAtMs === null
    ? refuse(`gate "${gate}" did not expire; to pass it send \`approve\``)
    : accept(`gate "${gate}" is asked again, from the start`, { type: 'gate-reopened', gate: openGate.gate, by });
};

const retry = (state: UpgradeState, message: Message): Reply => {
  const { gate, park } = message.payload;
  if (park !== null) return retryPark(state, message, park);
  if (gate !== null) return askAgain(state, message, gate);
  const canRetry = state.parked !== null || (state.openGate?.expiredAtMs ?? null) !== null;
  const nothing = 'no step is parked and no gate expired; nothing to retry';
  return canRetry ? unnamed(state, nothing) : refuse(nothing);
};

const pause = (state: UpgradeState, { payload }: Message): Reply =>
  state.paused
    ? refuse('it is paused already')
    : accept('paused: the step in progress is finished, no other node is touched', {
        type: 'paused',
        by: payload.by,
        comment: payload.comment,
      });

const end = (state: UpgradeState, { payload }: Message, outcome: 'rejected' | 'aborted'): Reply => {
  const { by, comment } = payload;
  const down = leftDown(state) ?? 'a stopped broker is brought back first';
  return accept(`the upgrade ends at the next safe point; ${down}`, {
    type: 'end-requested',
    outcome,
    by,
    comment,
  });
};

const rollback = (state: UpgradeState, { payload }: Message): Reply => {
  const why = whyNoRollback(state, payload);
  const { by, comment } = payload;
  return why === null
    ? accept(
        'the levels in force are read; while the old binaries know them, they are put back at the next safe point, one node at a time under the same gates',
        { type: 'rollback-asked', by, comment, downgrade: payload.downgrade },
      )
    : refuse(why);
};

/** Item 2 is where it is wanted; later it would confirm nothing. */
const confirmDr = ({ items, disasterRecovery }: UpgradeState, { payload: { by, comment } }: Message): Reply => {
  if (disasterRecovery !== null) return refuse(`it is ${disasterRecovery} already`);
  if (items[2].state === 'done') return refuse('item 2 is done: the disaster-recovery path was confirmed before');
  if (by === null)
    return refuse('it must be known who confirms it: add "by" with your name, and "comment" with how you know');
  return accept('the disaster-recovery path is confirmed, for the record', {
    type: 'disaster-recovery-confirmed',
    by,
    comment,
  });
};

const reject = (state: UpgradeState, message: Message): Reply => {
  const { gate } = message.payload;
  const open = state.openGate?.gate ?? null;
  if (open === null) return refuse('no gate is open; to end a running upgrade send `abort`');
  if (gate !== null && gate !== open) return refuse(`gate "${gate}" is not open, "${open}" is`);
  return end(state, message, 'rejected');
};

/** Why nothing is done, whatever the message says; null when it is read. */
const deaf = ({ ended, ending, rollbackWish }: UpgradeState, kind: Message['kind']): string | null => {
  if (ended !== null) return `the upgrade has ended (${ended.outcome})`;
  if (ending !== null) return `it is ending already (${ending.outcome})`;
  return rollbackWish === null || kind === 'abort'
    ? null
    : 'a rollback was asked for, and the levels in force are being read; send it again in a moment';
};

/** One message answers one thing: whoever names two has not decided. */
const namesTwo = ({ gate, park, pause }: MessagePayload): boolean =>
  [gate, park, pause].filter((name) => name !== null).length > 1;

const answering: Record<'approve' | 'resume' | 'retry', (state: UpgradeState, message: Message) => Reply> = {
  approve,
  resume,
  retry,
};

const reply = (state: UpgradeState, message: Message): Reply => {
  const earlier = earlierCopy(state, { kind: message.kind, id: message.payload.id });
  if (earlier !== undefined) return refuse(`it was received already, and answered: ${earlier.answer}`);
  const why = deaf(state, message.kind);
  if (why !== null) return refuse(why);
  switch (message.kind) {
    case 'approve':
    case 'resume':
    case 'retry':
      return namesTwo(message.payload)
        ? refuse('it names more than one of a gate, a park and a pause; send one message for each')
        : answering[message.kind](state, message);
    case 'pause':
      return pause(state, message);
    case 'rollback':
      return rollback(state, message);
    case 'reject':
      return reject(state, message);
    case 'abort':
      return end(state, message, 'aborted');
    case 'confirmDr':
      return confirmDr(state, message);
  }
};

/** Judges a message; the record of it comes first, whether it is accepted or not. */
export const receiveMessage = (state: UpgradeState, message: Message): Reception => {
  const { accepted, answer, events = [] } = reply(state, message);
  const { id, by, comment } = message.payload;
  const record = { type: 'message', kind: message.kind, by, comment, accepted, answer } as const;
  return {
    accepted,
    answer,
    events: [id === null ? record : { ...record, id }, ...events],
  };
};
