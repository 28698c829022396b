/**
 * What does a message of a person do now? Pure: message and state in, events out. The same function stands behind signals
 * and updates, so that both always answer alike.
 *
 *   - `pause` holds the roll before the next node; `resume` lifts it.
 *   - `resume` is the one word that continues what waits: a pause, a parked step after repair, the canary gate. Bare, it
 *     passes no other gate.
 *   - `approve` is one vote; the gate passes with the last that its rule wants (approval-policy.ts).
 *   - `confirmDr` says that the disaster-recovery path works, before or instead of the approval of the plan.
 *   - `rollback` puts the old binaries back, while that is possible by what the run remembers (rollback.ts) and by the levels
 *     that are read next (judge-way-back.ts); until then nothing but `abort` is taken.
 *   - `retry` does a parked step again; `abort` ends the upgrade at the next safe point; `reject` says no at a gate.
 *   - A copy of a message that was received already does nothing: the second copy of a `resume` that lifted a pause would
 *     pass the canary gate behind it.
 */
import { answerGate, planRule } from '../people/approval';
import type { OpenGate, Vote } from '../policy/open-gate';
import { judgeVote } from '../people/vote';
import { leftDown } from './left-down';
import { whyNoRollback } from './rollback';
import type { Message } from '../people/message';
import type { UpgradePlan } from '../plan/upgrade-plan';
import { earlierCopy } from './upgrade-state';
import type { UpgradeEventBody, UpgradeState } from './upgrade-state';

export interface Reception {
  accepted: boolean;
  /** One sentence for whoever sent it. */
  answer: string;
  /** What changes, the record of the message itself first. */
  events: UpgradeEventBody[];
}

interface Reply {
  accepted: boolean;
  answer: string;
  events?: UpgradeEventBody[];
}

const refuse = (answer: string): Reply => ({ accepted: false, answer });
const accept = (answer: string, ...events: UpgradeEventBody[]): Reply => ({ accepted: true, answer, events });

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
  const { by, comment, ticket, disasterRecovery, accept: accepted } = message.payload;
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
    accept: accepted,
    votes: all,
  });
};

const passGate = (state: UpgradeState, message: Message): Reply => {
  const { openGate, plan, planHash, disasterRecovery } = state;
  if (openGate === null || plan === null || planHash === null) return noGate(state, message.payload.gate);
  const answer = answerGate(openGate.gate, message.payload, { plan, planHash, disasterRecovery });
  if (!answer.passes) return refuse(answer.why);
  if (openGate.expiredAtMs !== null)
    return refuse(`gate "${openGate.gate}" expired without an answer and stays closed; send \`retry\` to ask again`);
  return countVote(state, openGate, { plan, message });
};

const resume = (state: UpgradeState, message: Message): Reply => {
  const { by } = message.payload;
  if (message.payload.gate !== null) return passGate(state, message);
  if (state.paused) return accept('the pause is lifted', { type: 'resumed', by });
  if (state.parked !== null) return accept('the parked step is done again', { type: 'retried', by });
  if (state.openGate !== null) return passGate(state, message);
  return refuse(
    state.closedWindow === null
      ? 'nothing is paused, parked or waiting; nothing to resume'
      : `it waits for the maintenance window, not for a person: ${state.closedWindow.words}`,
  );
};

const retry = ({ parked, openGate }: UpgradeState, { payload: { by } }: Message): Reply => {
  if (parked !== null) return accept('the parked step is done again', { type: 'retried', by });
  const expired = openGate !== null && openGate.expiredAtMs !== null ? openGate.gate : null;
  return expired === null
    ? refuse('no step is parked and no gate expired; nothing to retry')
    : accept(`gate "${expired}" is asked again, from the start`, { type: 'gate-reopened', gate: expired, by });
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

const reply = (state: UpgradeState, message: Message): Reply => {
  const earlier = earlierCopy(state, { kind: message.kind, id: message.payload.id });
  if (earlier !== undefined) return refuse(`it was received already, and answered: ${earlier.answer}`);
  if (state.ended !== null) return refuse(`the upgrade has ended (${state.ended.outcome})`);
  if (state.ending !== null) return refuse(`it is ending already (${state.ending.outcome})`);
  if (state.rollbackWish !== null && message.kind !== 'abort')
    return refuse('a rollback was asked for, and the levels in force are being read; send it again in a moment');
  switch (message.kind) {
    case 'approve':
      return passGate(state, message);
    case 'resume':
      return resume(state, message);
    case 'retry':
      return retry(state, message);
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
