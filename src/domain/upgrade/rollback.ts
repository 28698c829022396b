/**
 * Can the old binaries be put back?
 *
 *   1. Only while every level that is in force is one that the old binary understands: otherwise it does not start, or
 *      cannot register ("does not support finalized version").
 *   2. ZooKeeper mode: never again once one broker was restarted with the new inter.broker.protocol.version.
 *   3. KRaft: raised features must be lowered first, and only those can be that did not change the metadata log
 *      (finalization.ts); a person says so with `{"downgrade":true}`.
 *   4. Where another upgrade left both releases running, as soon as the plan of this one is approved: its approval accepts by
 *      name what the restarts of the way back, too, make unavailable.
 *
 *   5. What this run remembers is only the first answer: levels can be raised by hand at any time, so that those in force are
 *      read (judge-way-back.ts) when the rollback is asked for, again before anything is stopped, and in the gate of every stop.
 *
 * The pins that phase `binaries` wrote stay: they say what the old binary speaks anyway. Source: Kafka documentation,
 * "Upgrading"; KIP-584; tried on 3.7.2, 3.8.1 and 3.9.2.
 */
import type { FeatureStep } from '../levels/finalization';
import { compareProtocols, defaultProtocolOf, parseProtocolVersion } from '../levels/protocol-version';
import type { NodeStep, UpgradePlan } from '../plan/upgrade-plan';
import type { UpgradeState } from './upgrade-state';
import { parseVersion } from '../cluster/version';

const raisedProtocol = (state: UpgradeState, plan: UpgradePlan): string | null => {
  const touched = Object.entries(state.nodes.protocol).find(
    ([, { state: at }]) => at !== 'pending' && at !== 'skipped',
  );
  return touched === undefined
    ? null
    : `broker ${touched[0]} was restarted with inter.broker.protocol.version ${plan.toProtocol}; ${plan.fromVersion} cannot read what it writes. Go on with \`retry\` or \`approve\``;
};

const isBeyond = (protocol: string, release: string): boolean => {
  const [level, version] = [parseProtocolVersion(protocol), parseVersion(release)];
  const known = version === null ? null : defaultProtocolOf(version);
  return level !== null && known !== null && compareProtocols(level, known) > 0;
};

/** A half-done upgrade may have met nodes that spoke the new protocol before. */
const newerBefore = ({ nodes, fromVersion }: UpgradePlan): string | null => {
  // A thousand nodes speak one or two: each is judged once.
  const speakers = new Map([...nodes].reverse().map(({ protocol, nodeId }) => [protocol, nodeId]));
  const [newer] = [...speakers].flatMap(([protocol, nodeId]) =>
    protocol !== null && isBeyond(protocol, fromVersion) ? [`broker ${nodeId} spoke protocol ${protocol}`] : [],
  );
  return newer === undefined ? null : `${newer} before this upgrade began, which ${fromVersion} does not know`;
};

/** The features that were raised, or may have been, last first: the order of the way back. */
export const raisedFeatures = ({ plan, features }: Pick<UpgradeState, 'plan' | 'features'>): FeatureStep[] => {
  const raised = Object.entries(features)
    .filter(([, { state }]) => ['raising', 'raised', 'lowering'].includes(state))
    .map(([feature]) => feature);
  return (plan?.finalization ?? []).filter(({ feature }) => raised.includes(feature)).reverse();
};

const raisedLevels = (state: UpgradeState, { fromVersion }: UpgradePlan, downgrade: boolean): string | null => {
  const raised = raisedFeatures(state);
  if (raised.length === 0) return null;
  const stuck = raised.find(({ reversible }) => !reversible);
  if (stuck !== undefined)
    return `${stuck.feature} was raised to ${stuck.toName}, which ${fromVersion} does not know. ${stuck.wayBack}`;
  const words = raised.map(({ feature, fromName, toName }) => `${feature} ${toName} → ${fromName}`).join(', ');
  return downgrade
    ? null
    : `raised features have to be lowered first (${words}); to do that, too, send \`rollback\` with {"downgrade":true}`;
};

const isTouched = ({ nodes }: UpgradeState): boolean =>
  Object.values(nodes.binaries).some(({ state }) => state !== 'pending' && state !== 'skipped');

const isHalfDone = ({ nodes, fromVersion, toVersion }: UpgradePlan): boolean =>
  fromVersion !== toVersion && nodes.some(({ version }) => version === toVersion);

/** Rule 4, and that there is something to take back at all. */
const nothingToTakeBack = (state: UpgradeState): string | null => {
  const { plan, passedGates, openGate } = state;
  if (plan === null || !(isTouched(state) || isHalfDone(plan)))
    return 'no node was touched by this upgrade yet; to end it send `abort`';
  // A plan that was made anew is asked for anew.
  const isApproved = passedGates.includes('plan') && openGate?.gate !== 'plan';
  return isTouched(state) || isApproved
    ? null
    : `${plan.fromVersion} can be put back on the nodes that run ${plan.toVersion} once the plan is approved: send \`pause\` first, so that no other node is touched, then \`approve\` and \`rollback\``;
};

/** Why a rollback is refused now; null when it is possible. */
export const whyNoRollback = (state: UpgradeState, { downgrade }: { downgrade: boolean }): string | null => {
  const { plan } = state;
  if (state.rollingBack) return 'the old binaries are being put back already';
  const nothing = nothingToTakeBack(state);
  if (plan === null || nothing !== null) return nothing;
  return plan.mode === 'kraft'
    ? raisedLevels(state, plan, downgrade)
    : (raisedProtocol(state, plan) ?? newerBefore(plan));
};

/** The steps of the way back: the link only; every file stays as phase `binaries` left it. */
export const rollbackSteps = ({ steps, fromVersion }: UpgradePlan): NodeStep[] =>
  steps.binaries.map((step) => ({
    ...step,
    needed: true,
    fromVersion: step.toVersion,
    toVersion: fromVersion,
    edit: { changes: [], fromSha256: step.edit.toSha256, toSha256: step.edit.toSha256, diff: '' },
  }));
