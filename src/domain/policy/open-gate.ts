/** A gate that waits for people: who has approved so far, and whether it still takes approvals. */
import type { GateName } from './gate-name';

/**
 * One person's yes. `by` is what the message says: Temporal vouches for who may send a message to this namespace, not for
 * the name in it.
 */
export interface Vote {
  by: string | null;
  comment: string | null;
  ticket: string | null;
}

export interface OpenGate {
  gate: GateName;
  openedAtMs: number;
  votes: Vote[];
  /** From then on it takes no approval; it stays closed until somebody asks anew. */
  expiredAtMs: number | null;
}

/** What happens to gates; `votes` are all who approved, the last included. */
export type GateEvent =
  | { type: 'gate-opened'; gate: GateName }
  /** An expired gate is asked again, from the start. */
  | { type: 'gate-reopened'; gate: GateName; by: string | null }
  | { type: 'gate-voted'; gate: GateName; vote: Vote }
  | { type: 'gate-expired'; gate: GateName; waitedMs: number }
  | {
      type: 'gate-passed';
      gate: GateName;
      by: string | null;
      comment: string | null;
      disasterRecovery: string | null;
      accept: string[];
      /** Not in the records of upgrades that began before gates took several. */
      votes?: Vote[];
    };

/** The open gate after one more event; null when none is. */
export const gateAfter = (open: OpenGate | null, event: GateEvent & { atMs: number }): OpenGate | null => {
  switch (event.type) {
    case 'gate-opened':
    case 'gate-reopened':
      // Without any approval: an earlier one never carries over (I3).
      return { gate: event.gate, openedAtMs: event.atMs, votes: [], expiredAtMs: null };
    case 'gate-voted':
      return open === null ? null : { ...open, votes: [...open.votes, event.vote] };
    case 'gate-expired':
      return open === null ? null : { ...open, expiredAtMs: event.atMs };
    case 'gate-passed':
      return null;
  }
};

/** Names are typed by hand: spaces around them and capital letters make nobody else. */
export const samePerson = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/** Who said yes so far, in a sentence; none while nobody has. */
export const approvedWords = (people: readonly string[]): string[] =>
  people.length === 0 ? [] : [`Approved so far by ${people.join(', ')}.`];
