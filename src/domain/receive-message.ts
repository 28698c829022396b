/**
 * What does a message of a person do now? Pure: message and state in, events out. The same function stands behind signals
 * and updates, so that both always answer alike.
 *
 *   - `pause` holds the roll before the next node; `resume` lifts it.
 *   - `resume` is the one word that continues what waits: a pause, a parked step after repair, the canary gate. Bare, it
 *     never passes `plan` or `protocol`.
 *   - `rollback` puts the old binaries back, while that is possible (rollback.ts).
 *   - `retry` does a parked step again; `abort` ends the upgrade at the next safe point; `reject` says no at a gate.
 */
import { answerGate } from './approval';
import { whyNoRollback } from './rollback';
import type { Message } from './message';
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

const passGate = (state: UpgradeState, { payload }: Message): Reply => {
  const { openGate, plan, planHash } = state;
  if (openGate === null || plan === null || planHash === null) {
    const passed = state.passedGates.find((gate) => gate === payload.gate);
    return refuse(
      passed === undefined
        ? 'no gate is open; nothing waits for an approval'
        : `gate "${passed}" was passed already; nothing to do`,
    );
  }
  const answer = answerGate(openGate, payload, { plan, planHash });
  if (!answer.passes) return refuse(answer.why);
  const { by, comment, disasterRecovery, accept: accepted } = payload;
  return accept(`gate "${openGate}" is passed`, {
    type: 'gate-passed',
    gate: openGate,
    by,
    comment,
    disasterRecovery,
    accept: accepted,
  });
};

const resume = (state: UpgradeState, message: Message): Reply => {
  const { by } = message.payload;
  if (message.payload.gate !== null) return passGate(state, message);
  if (state.paused) return accept('the pause is lifted', { type: 'resumed', by });
  if (state.parked !== null) return accept('the parked step is done again', { type: 'retried', by });
  if (state.openGate !== null) return passGate(state, message);
  return refuse('nothing is paused, parked or waiting; nothing to resume');
};

const retry = (state: UpgradeState, { payload }: Message): Reply =>
  state.parked === null
    ? refuse('no step is parked; nothing to retry')
    : accept('the parked step is done again', { type: 'retried', by: payload.by });

const pause = (state: UpgradeState, { payload }: Message): Reply =>
  state.paused
    ? refuse('it is paused already')
    : accept('paused: the step in progress is finished, no other node is touched', {
        type: 'paused',
        by: payload.by,
        comment: payload.comment,
      });

const end = ({ payload }: Message, outcome: 'rejected' | 'aborted'): Reply => {
  const { by, comment } = payload;
  return accept('the upgrade ends at the next safe point; a stopped broker is brought back first', {
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
    ? accept('the old binaries are put back at the next safe point, one node at a time under the same gates', {
        type: 'end-requested',
        outcome: 'rolled-back',
        by,
        comment,
      })
    : refuse(why);
};

const reject = (state: UpgradeState, message: Message): Reply => {
  const { gate } = message.payload;
  if (state.openGate === null) return refuse('no gate is open; to end a running upgrade send `abort`');
  if (gate !== null && gate !== state.openGate) return refuse(`gate "${gate}" is not open, "${state.openGate}" is`);
  return end(message, 'rejected');
};

const reply = (state: UpgradeState, message: Message): Reply => {
  if (state.ended !== null) return refuse(`the upgrade has ended (${state.ended.outcome})`);
  if (state.ending !== null) return refuse(`it is ending already (${state.ending.outcome})`);
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
      return end(message, 'aborted');
  }
};

/** Judges a message; the record of it comes first, whether it is accepted or not. */
export const receiveMessage = (state: UpgradeState, message: Message): Reception => {
  const { accepted, answer, events = [] } = reply(state, message);
  const { by, comment } = message.payload;
  return {
    accepted,
    answer,
    events: [{ type: 'message', kind: message.kind, by, comment, accepted, answer }, ...events],
  };
};
