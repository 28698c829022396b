/**
 * What can go wrong between an operator and an upgrade:
 * `unreachable`: Temporal does not answer; `no-worker`: Temporal does, but no worker carries out the upgrade;
 * `not-found`: there is no such upgrade; `already-running`: the lock is held; `refused`: the upgrade said no;
 * `invalid`: what was asked for makes no sense.
 */
export type ClientErrorKind = 'unreachable' | 'no-worker' | 'not-found' | 'already-running' | 'refused' | 'invalid';

/** An error for people: what was tried and seen, and what to do next. Commands print it without a stack. */
export class ClientError extends Error {
  override readonly name = 'ClientError';

  constructor(
    readonly kind: ClientErrorKind,
    message: string,
    /** What to do next; one sentence or command. */
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
