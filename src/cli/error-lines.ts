import { ClientError } from '../client/client-error';
import { failureHint, UpgradeError } from '../domain/common/failure';
import { messageOf } from '../domain/common/message-of';

/** What to do next; empty when nobody knows. */
export const hintOf = (error: unknown): string => {
  if (error instanceof ClientError) return error.hint;
  return error instanceof UpgradeError ? failureHint(error.type) : '';
};

/** An error as an operator reads it: what was seen, what to do; with `debug` also where in the code. */
export const errorLines = (error: unknown, debug: boolean): string => {
  const message = messageOf(error);
  const hint = hintOf(error);
  return [
    `error: ${message}`,
    ...(hint === '' || message.includes(hint) ? [] : [hint]),
    ...(debug && error instanceof Error ? [error.stack ?? ''] : []),
    ...(debug && error instanceof Error && error.cause instanceof Error
      ? [`caused by ${error.cause.stack ?? ''}`]
      : []),
  ].join('\n');
};
