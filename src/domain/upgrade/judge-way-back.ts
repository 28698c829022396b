/**
 * Can the old binaries be put back, by the levels that were *read*? (What the run remembers is only the first answer,
 * rollback.ts: anybody can raise a level by hand while an upgrade waits.)
 *
 *   1. ZooKeeper mode: only while no broker speaks, and no file says, a protocol that the old release does not know.
 *   2. KRaft: what the old release does not know is lowered first, whoever raised it, if it can be and a person says so; and
 *      so is whatever this run raised.
 *   3. Levels that cannot be read are never well.
 *
 * Source: KIP-584; Kafka documentation, "Upgrading".
 */
import { requireVersion } from '../cluster/version';
import type { GateCheck } from '../health/gate';
import { featureNames } from '../knowledge/feature-levels';
import { standingStep } from '../levels/finalization';
import type { FeatureStep, FinalizedLevels } from '../levels/finalization';
import { featureRange } from '../levels/known-levels';
import type { UpgradePlan } from '../plan/upgrade-plan';
import { raisedFeatures } from './rollback';
import type { UpgradeState } from './upgrade-state';

/** What was read when a rollback was asked for, or begun. */
export interface LevelsFound {
  /** KRaft: the finalized features; empty in ZooKeeper mode. */
  finalized: FinalizedLevels;
  /** KRaft: the end of the committed metadata log, read after the levels; null in ZooKeeper mode, or when it is not known. */
  offset: number | null;
  /** Does the release to be put back run under every level in force? (health/assess-levels) */
  check: GateCheck;
}

/** May the old binaries be put back after these features were lowered? `beyond`: some level forbids it, as it stands. */
export type WayBack = { possible: true; lower: FeatureStep[] } | { possible: false; beyond: boolean; why: string };

/** What was raised by somebody else than this run, and what this run raised, as both stand now: last first. */
const featuresToLower = (state: UpgradeState, plan: UpgradePlan, finalized: FinalizedLevels): FeatureStep[] => {
  const release = requireVersion(plan.fromVersion, 'release');
  const raised = raisedFeatures(state).map((step) =>
    standingStep(step.feature, step.from, Math.max(step.to, finalized[step.feature] ?? 0)),
  );
  const byHand = Object.entries(finalized).flatMap(([feature, level]) => {
    const { newest } = featureRange(feature, release);
    if (level <= newest || raised.some((step) => step.feature === feature)) return [];
    const planned = plan.finalization.find((step) => step.feature === feature);
    return [standingStep(feature, planned?.from ?? newest, level)];
  });
  const place = ({ feature }: FeatureStep): number => featureNames.indexOf(feature);
  return [...raised, ...byHand].sort((a, b) => place(b) - place(a));
};

const goOn = 'Go on upward with what it waits for: `approve`, `retry` or `resume`';

const zookeeperWayBack = ({ status, message }: GateCheck): WayBack => {
  if (status === 'successful') return { possible: true, lower: [] };
  const beyond = status === 'failed';
  const advice = beyond
    ? `A value that only stands in a file can be put back there; a protocol that a broker has spoken cannot be taken back. ${goOn}`
    : 'Repair that, then send `rollback` again';
  return { possible: false, beyond, why: `${message}. ${advice}` };
};

const kraftWayBack = (check: GateCheck, lower: FeatureStep[], downgrade: boolean): WayBack => {
  if (check.status === 'inconclusive')
    return { possible: false, beyond: false, why: `${check.message}. Repair that, then send \`rollback\` again` };
  const stuck = lower.find(({ reversible }) => !reversible);
  if (stuck !== undefined)
    return { possible: false, beyond: true, why: `${check.message}. ${stuck.feature}: ${stuck.wayBack} ${goOn}` };
  if (lower.length === 0 && check.status !== 'successful')
    return { possible: false, beyond: true, why: `${check.message}. ${goOn}` };
  if (lower.length === 0 || downgrade) return { possible: true, lower };
  const words = lower.map(({ feature, fromName, toName }) => `${feature} ${toName} → ${fromName}`).join(', ');
  return {
    possible: false,
    beyond: true,
    why: `${check.message}. It can be lowered first (${words}): to do that, too, send \`rollback\` with {"downgrade":true}`,
  };
};

/** Can the old binaries be put back, by what was read? */
export const judgeWayBack = (
  state: UpgradeState,
  plan: UpgradePlan,
  { found: { finalized, check }, downgrade }: { found: Pick<LevelsFound, 'finalized' | 'check'>; downgrade: boolean },
): WayBack =>
  plan.mode === 'kraft'
    ? kraftWayBack(check, featuresToLower(state, plan, finalized), downgrade)
    : zookeeperWayBack(check);
