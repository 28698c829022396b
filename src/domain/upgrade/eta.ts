/**
 * How much work is left, by what the restarts of this upgrade took:
 *
 *   1. A restart takes the median of those measured in the same roll; of all rolls when there is none yet; before the first
 *      one what `expectedDuration` assumes. The soak of the policy is in a measured time.
 *   2. Left are the restarts that are not done, a soak of the whole cluster after each roll, and one after each feature.
 *   3. People are not foreseeable: while one is waited for there is no estimate, and their gates ahead take no time in it.
 */
import { gatesOf } from '../people/approval';
import { assumedRestartMs } from '../plan/expected-duration';
import { upgradeProgress } from './progress';
import type { PartProgress, PlannedWork } from './progress';
import type { UpgradePlan } from '../plan/upgrade-plan';
import type { UpgradeState } from './upgrade-state';

/** The work that is left, as of the last event. */
export interface RemainingWork {
  totalMs: number;
  /** Restarts in it. */
  restarts: number;
  /** What one restart of the roll in progress is taken to last; what has passed of it may be taken off. */
  restartMs: number;
  /** How many measured restarts that is taken from; 0: assumed. */
  measured: number;
  /** A person is asked again before the end. */
  peopleAhead: boolean;
}

/** The mean of the one or two in the middle. */
const median = (sorted: readonly number[]): number => {
  const middle = (sorted.length - 1) / 2;
  const central = sorted.slice(Math.floor(middle), Math.ceil(middle) + 1);
  return central.reduce((sum, value) => sum + value, 0) / central.length;
};

const measuredTimes = (nodes: Record<string, { timing: { totalMs: number } | null }>): number[] =>
  Object.values(nodes).flatMap(({ timing }) => (timing === null ? [] : [timing.totalMs]));

/** Rule 1. */
const restartTime = (
  { nodes }: UpgradeState,
  part: PartProgress['part'],
  policy: UpgradePlan['policy'],
): Pick<RemainingWork, 'restartMs' | 'measured'> => {
  const own = part === 'features' ? [] : measuredTimes(nodes[part]);
  const times = own.length > 0 ? own : Object.values(nodes).flatMap(measuredTimes);
  return times.length === 0
    ? { restartMs: assumedRestartMs + policy.soakMs, measured: 0 }
    : { restartMs: median(times.sort((a, b) => a - b)), measured: times.length };
};

/** Rule 2: what follows the last restart of a roll is over when the checklist says so. */
const isSettled = ({ items }: UpgradeState, { part, done, of }: PartProgress): boolean => {
  const item = { binaries: items[5], protocol: items[7], rollback: null, features: items[8] }[part];
  return done === of && item?.state === 'done';
};

const restartsIn = ({ part, done, of }: PartProgress): number => (part === 'features' ? 0 : of - done);

const partMs = (state: UpgradeState, part: PartProgress, policy: UpgradePlan['policy']): number => {
  if (part.part === 'features') return (part.of - part.done) * policy.soakMs;
  return restartsIn(part) * restartTime(state, part.part, policy).restartMs + policy.soakMs;
};

const peopleAhead = ({ passedGates, rollingBack }: UpgradeState, plan: UpgradePlan): boolean =>
  !rollingBack && gatesOf(plan).some((gate) => !passedGates.includes(gate));

/** What is left to do; null before the plan is made, while people are waited for, outside of the maintenance windows, and at the end. */
export const remainingWork = (state: UpgradeState, work: PlannedWork): RemainingWork | null => {
  const { plan, ended, ending, openGate, parked, paused, rollingBack, closedWindow } = state;
  if (plan === null || ended !== null || ending !== null || openGate !== null || parked !== null || paused) return null;
  if (closedWindow !== null) return null;
  // What has to be put back is known with the first node.
  if (rollingBack && work.nodes.every(({ rollback }) => rollback === null)) return null;
  const parts = upgradeProgress(work).filter((part) => !isSettled(state, part));
  const [first] = parts;
  if (first === undefined) return null;
  return {
    totalMs: parts.reduce((sum, part) => sum + partMs(state, part, plan.policy), 0),
    restarts: parts.reduce((sum, part) => sum + restartsIn(part), 0),
    ...restartTime(state, first.part, plan.policy),
    peopleAhead: peopleAhead(state, plan),
  };
};

/** As exact as an estimate can be: `less than a minute`, `about 12 min`, `about 1 h 05 min`. */
const roughly = (ms: number): string => {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `about ${minutes} min`;
  return `about ${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
};

const origin = ({ restarts, measured }: RemainingWork): string[] => {
  if (restarts === 0) return [];
  return [
    measured === 0
      ? 'assumed, no restart is measured yet'
      : `from ${measured} ${measured === 1 ? 'restart' : 'restarts'} measured`,
  ];
};

/** The estimate in words, with where it is from; `passedMs` of the restart in progress are over. */
export const remainingWords = (work: RemainingWork, passedMs = 0): string => {
  const left = work.totalMs - Math.min(Math.max(0, passedMs), work.restartMs);
  return [roughly(left), ...origin(work), ...(work.peopleAhead ? ['without the waits for people'] : [])].join(', ');
};
