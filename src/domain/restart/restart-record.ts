/**
 * What a host remembers of the restart that is in progress on it: one line for each thing that was done, written under the
 * host's lock right before or after it. Whoever takes the restart over, on whatever worker, goes on from here.
 *
 *   restart RUN/EPOCH.STEP          whose restart it is; all its attempts share this
 *   asked PID:TICKS BOOT UPTIME     this process is asked to stop (boot id; hundredths of a second since boot);
 *                                   `-`: somebody else started the node, and nothing has been asked or started since
 *   exited STOP_MS CLEAN            it is gone, after so long (`-` when unknown); 1 when it stopped cleanly
 *   cause TYPE BASE64               why the old release is put back
 *   launch planned|back VERSION     the start command is run, for this release
 *   started PID:TICKS               the process that it brought up
 */
import type { BrokerProcess } from '../cluster/cluster';
import { UpgradeError } from '../common/failure';
import { messageOf } from '../common/message-of';

/** Which release a start is to bring up: the one of the plan, or the one that ran before. */
export type LaunchAim = 'planned' | 'back';

export interface Launch {
  aim: LaunchAim;
  version: string;
  /** null while the start command works, and when it brought up nothing. */
  started: BrokerProcess | null;
}

/** How a stop ended. */
export interface StopEnd {
  /** From the request until the process was gone (ms); null when nobody of us asked for it, or saw its end. */
  stopMs: number | null;
  clean: boolean;
}

/** Why something was given up: the failure's type and its message. */
export interface RestartCause {
  type: string;
  message: string;
}

/** What a step of a restart has thrown, as the reason for what comes next. */
export const restartCause = (error: unknown): RestartCause => ({
  type: error instanceof UpgradeError ? error.type : 'UnexpectedFailure',
  message: messageOf(error),
});

export interface RestartRecord {
  id: string;
  asked: BrokerProcess | null;
  exited: StopEnd | null;
  cause: RestartCause | null;
  launches: Launch[];
}

/** Is it the very same process? A pid may be another's by now. */
export const sameProcess = (a: BrokerProcess | null, b: BrokerProcess | null): boolean =>
  a !== null && b !== null && a.pid === b.pid && a.startTicks === b.startTicks;

/** Has this restart changed anything on its host? */
export const hasBegun = (record: RestartRecord | null): boolean =>
  record !== null && (record.asked !== null || record.launches.length > 0);

/** The id that all attempts of one restart share. */
export const restartId = ({ runId, epoch, step }: { runId: string; epoch: number; step: number }): string =>
  `${runId}/${epoch}.${step}`;
