/**
 * How long an upgrade is expected to take, without the waits for people. An assumption, stated with the figure: how fast
 * a broker stops, starts and catches up depends on its partitions and its disks.
 */
import type { UpgradePlan } from './upgrade-plan';

/** Stop, start and catch-up of one node (ms). A broker with some thousand partitions takes about a minute. */
export const assumedRestartMs = 60_000;

/** The parts of the estimate and their sum (ms). */
export interface ExpectedDuration {
  /** Restarts of both rolls. */
  restarts: number;
  /** Features that are raised one by one, without a restart. */
  features: number;
  /** The whole cluster is soaked once after each roll. */
  rolls: number;
  totalMs: number;
}

/** (assumed restart + soak) × restarts, and a soak after each roll and each feature. */
export const expectedDuration = ({ steps, finalization, policy }: UpgradePlan): ExpectedDuration => {
  const needed = [steps.binaries, steps.protocol].map((phase) => phase.filter((step) => step.needed).length);
  const restarts = needed.reduce((sum, count) => sum + count, 0);
  const rolls = needed.filter((count) => count > 0).length;
  const features = finalization.length;
  const totalMs = restarts * (assumedRestartMs + policy.soakMs) + (rolls + features) * policy.soakMs;
  return { restarts, features, rolls, totalMs };
};
