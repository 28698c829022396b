/**
 * What waits for an answer, and the JSON that answers it. Parks and pauses are told apart by their numbers, gates by their
 * names: an answer says which one it is for, so that a late one, or a second one, never answers what nobody has read.
 */
import { gatePayload } from '../people/approval';
import type { UpgradeState } from './upgrade-state';

/** Number of the park that waits; null when nothing is parked. */
export const parkOf = ({ parked, parks }: Pick<UpgradeState, 'parked' | 'parks'>): number | null =>
  parked === null ? null : parks;

/** Number of the pause that holds; null when there is none. */
export const pauseOf = ({ paused, pauses }: Pick<UpgradeState, 'paused' | 'pauses'>): number | null =>
  paused ? pauses : null;

/** The JSON by which `retry` and `resume` do this park again. */
export const parkPayload = (park: number): string => JSON.stringify({ park });

/** The JSON by which `resume` lifts this pause. */
export const pausePayload = (pause: number): string => JSON.stringify({ pause });

/** The JSON by which `retry` asks again at a gate that expired. */
export const expiredPayload = (gate: string): string => JSON.stringify({ gate });

/** A refusal is part of the record; the whole message of a park stands there already (characters). */
const longestMessage = 500;

const parkWords = (state: UpgradeState): string[] => {
  const park = parkOf(state);
  if (park === null || state.parked === null) return [];
  const { message } = state.parked;
  const seen = message.length <= longestMessage ? message : `${message.slice(0, longestMessage)}…`;
  return [`park ${park} waits: ${seen} Once you have read it, send \`retry\` with ${parkPayload(park)}`];
};

const pauseWords = (state: UpgradeState): string[] => {
  const pause = pauseOf(state);
  return pause === null ? [] : [`pause ${pause} holds it: to lift it send \`resume\` with ${pausePayload(pause)}`];
};

const gateWords = ({ openGate, plan, planHash, disasterRecovery }: UpgradeState): string[] => {
  if (openGate === null || plan === null || planHash === null) return [];
  const { gate, expiredAtMs } = openGate;
  return expiredAtMs === null
    ? [`gate "${gate}" is open: send \`approve\` with ${gatePayload(gate, { plan, planHash, disasterRecovery })}`]
    : [`gate "${gate}" expired: to ask again send \`retry\` with ${expiredPayload(gate)}`];
};

/** Everything that waits for an answer now, each with the JSON of it; empty when nothing does. */
export const whatWaits = (state: UpgradeState): string[] => [
  ...parkWords(state),
  ...pauseWords(state),
  ...gateWords(state),
];

/** Why an answer to another park or pause than the one that waits is refused, and what waits instead. */
export const lateWords = (state: UpgradeState, what: 'park' | 'pause', number: number): string => {
  const before = what === 'park' ? state.parks : state.pauses;
  const gone = number > before ? `there was no ${what} ${number} yet` : `${what} ${number} was answered already`;
  const waits = whatWaits(state);
  return `${gone}; ${waits.length === 0 ? 'nothing is parked or paused now' : waits.join('; ')}`;
};
