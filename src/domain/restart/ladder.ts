/**
 * How a stopped node is brought back (I6): start it as planned; start it again; put the old release back; then people decide.
 *
 *   - A failure that another try cannot cure (no permission, a missing release) is not tried again while the node is down.
 *   - The old release is put back where only the binary changed. Where nothing was changed yet, the node can always be
 *     started as it was.
 */
import type { RestartRecord } from './restart-record';

export type Rung = 'planned' | 'back' | 'give-up';

export interface LadderRules {
  /** The old release may be put back: only the binary is changed in this phase. */
  mayPutBack: boolean;
  /** Release and file are still those that ran before. */
  unchanged: boolean;
}

/** Which start comes next; `permanent` says that the failure before it cannot be cured by another try. */
export const nextRung = (
  record: Pick<RestartRecord, 'launches' | 'cause'> | null,
  { permanent, rules }: { permanent: boolean; rules: LadderRules },
): Rung => {
  const launches = record?.launches ?? [];
  const count = (aim: 'planned' | 'back'): number => launches.filter((launch) => launch.aim === aim).length;
  const isGoingBack = permanent || (record?.cause ?? null) !== null || count('planned') > 1;
  if (!isGoingBack) return 'planned';
  if (count('back') > 0 || !(rules.mayPutBack || rules.unchanged)) return 'give-up';
  return 'back';
};
