/**
 * What can go wrong between an operator and an upgrade:
 * `unreachable`: Temporal does not answer; `denied`: it answers, and turns us away; `no-worker`: Temporal does, but no worker carries out the upgrade;
 * `not-found`: there is no such upgrade; `already-running`: the lock is held; `refused`: the upgrade said no;
 * `invalid`: what was asked for makes no sense.
 */
export type ClientErrorKind =
  'unreachable' | 'denied' | 'no-worker' | 'not-found' | 'already-running' | 'refused' | 'invalid';

/** An error for people: what was tried and seen, and what to do next. Commands print it without a stack. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** What to do next; one sentence or command, empty when the message says it all. */
  readonly hint: string;

  constructor(
    readonly kind: ClientErrorKind,
    message: string,
    options: { hint: string; cause?: unknown },
  ) {
    super(message, options);
    this.hint = options.hint;
  }
}
