/**
 * A person asked for the old binaries: are the levels in force such that they can be put back? They are read beside the
 * upgrade, which begins nothing new meanwhile. When they forbid it, the upgrade goes on waiting where it was, and nothing
 * was touched; otherwise it ends at the next safe point and the way back begins.
 */
import { CancellationScope, condition, log } from '@temporalio/workflow';
import { isRolling } from '../domain/upgrade/is-rolling';
import { judgeWayBack } from '../domain/upgrade/judge-way-back';
import type { WayBack } from '../domain/upgrade/judge-way-back';
import { readLevels } from './read-levels';
import { troubleOf, wholeCluster } from './trouble';
import type { UpgradeRun } from './upgrade-run';

const judge = async (run: UpgradeRun, downgrade: boolean): Promise<WayBack> => {
  try {
    const found = await CancellationScope.nonCancellable(() => readLevels(run, run.plan.fromVersion));
    return judgeWayBack(run.state, run.plan, { found, downgrade });
  } catch (error) {
    const { message } = troubleOf(error, wholeCluster);
    return { possible: false, beyond: false, why: `the levels in force cannot be read: ${message}` };
  }
};

/** A node that is being restarted tells nothing for a while; asked again after this, until it does (ms). */
const askAgainMs = 3_000;

/** The verdict, once the node that is being restarted can be read, too, or its restart has ended. */
const judgeWhenRead = async (run: UpgradeRun, downgrade: boolean): Promise<WayBack> => {
  for (;;) {
    const wasRolling = isRolling(run.state);
    const judged = await judge(run, downgrade);
    if (judged.possible || judged.beyond || !wasRolling) return judged;
    await condition(() => run.state.ending !== null || !isRolling(run.state), askAgainMs);
    if (run.state.ending !== null) return judged;
  }
};

/** Answers a wish for the old binaries that `receiveMessage` has accepted; never rejects. */
export const answerWish = async (run: UpgradeRun): Promise<void> => {
  const wish = run.state.rollbackWish;
  if (wish === null) return;
  const judged = await judgeWhenRead(run, wish.downgrade);
  // It may have been aborted, or have come to its own end, meanwhile.
  if (run.state.ending !== null || run.state.ended !== null) return;
  if (judged.possible) {
    run.emit({ type: 'end-requested', outcome: 'rolled-back', by: wish.by, comment: wish.comment });
    return;
  }
  log.warn('rollback refused', { why: judged.why });
  run.emit({ type: 'rollback-refused', beyond: judged.beyond, why: judged.why });
};
