import { CommanderError } from 'commander';
import { ClientError } from '../client/client-error';
import type { ClientErrorKind } from '../client/client-error';
import type { UpgradeEnding } from '../client/ending';
import { UpgradeError } from '../domain/common/failure';
import type { FailureType } from '../domain/common/failure';
import type { UpgradeStatus } from '../domain/upgrade/upgrade-status';

/** Exit codes of every command; docs/cli.md explains them to operators. */
export const exitCodes = {
  /** Done, or going well. */
  ok: 0,
  /** Refused, or ended otherwise than completed. */
  failed: 1,
  /** The command line or its input makes no sense. */
  usage: 2,
  /** Temporal does not answer, or no worker does. */
  unreachable: 3,
  /** The upgrade waits for a person. */
  waiting: 4,
  /** There is no such upgrade. */
  notFound: 5,
} as const;

/** What kind of error it is, for programs: each has one exit code. `failed` is what an operator has to read. */
export type ErrorKind = ClientErrorKind | 'failed';

const ofKind: Record<ErrorKind, number> = {
  unreachable: exitCodes.unreachable,
  denied: exitCodes.unreachable,
  'no-worker': exitCodes.unreachable,
  'not-found': exitCodes.notFound,
  'already-running': exitCodes.failed,
  refused: exitCodes.failed,
  invalid: exitCodes.usage,
  failed: exitCodes.failed,
};

/** Failures that say: what you typed or wrote is wrong. */
const inputFailures: readonly FailureType[] = [
  'InvalidDefinition',
  'InvalidRequest',
  'UnknownCluster',
  'UnsupportedUpgradePath',
];

/** The kind of any error. */
export const errorKindOf = (error: unknown): ErrorKind => {
  if (error instanceof ClientError) return error.kind;
  if (error instanceof CommanderError) return 'invalid';
  return error instanceof UpgradeError && inputFailures.includes(error.type) ? 'invalid' : 'failed';
};

/** The exit code of an error. */
export const exitCodeOf = (error: unknown): number => ofKind[errorKindOf(error)];

/** The exit code of commands that tell how an upgrade stands. */
export const exitCodeOfLook = (look: { status: UpgradeStatus; ending: UpgradeEnding | null }): number => {
  if (look.ending !== null) return look.ending.outcome === 'completed' ? exitCodes.ok : exitCodes.failed;
  return look.status.waitingFor === null ? exitCodes.ok : exitCodes.waiting;
};
