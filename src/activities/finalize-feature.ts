/**
 * One feature of a KRaft cluster to one level (S8): ensure, don't do (I4), and read back.
 *
 *   1. Already there: nothing to do.
 *   2. Every host takes this step's lease, so that an attempt of an older run is refused before it can act (I5).
 *   3. What the step prepares (the cluster's own min.insync.replicas before ELR) is written and read back.
 *   4. The controller is asked without doing it (`validateOnly`), then told; its own words are the evidence.
 *   5. The level is read back from every broker. When the answer to 3 or 4 was lost, what is read back decides; nothing is
 *      sent a second time before it was looked at.
 *   6. min.insync.replicas of every topic is what it was before: otherwise the step fails with the topics. What it was
 *      travels in the heartbeat, so that an attempt that died in between is no excuse for the next one.
 */
import { brokersOf } from '../domain/cluster/node-roles';
import type { FeatureView, NodeId } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import type { FeatureStep } from '../domain/levels/finalization';
import { someOf } from '../domain/health/gate';
import { isRecord } from '../domain/common/is-record';
import { eligibleLeaderReplicas } from '../domain/knowledge/feature-levels';
import { leftBehind, operationContext, report } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import type { FinalizeFeatureInput, FinalizeFeatureResult } from './contract';
import { readMinIsr } from './min-isr';
import { leaseOf, openPlanned } from './open-cluster';
import { monotonicMs, nextPoll } from './poll';

/** Brokers learn of a new level within one fetch of the metadata log, half a second; much longer means trouble (ms). */
const readBackLimitMs = 30_000; // also how long the controller may take for a change whose answer was lost
const readBackPollMs = 100;

/** The command that does the same by hand. */
const commandOf = ({ feature, to, from }: FeatureStep, direction: 'raise' | 'lower', bootstrap: string): string =>
  `bin/kafka-features.sh --bootstrap-server ${bootstrap} ${direction === 'raise' ? 'upgrade' : 'downgrade'} --feature ${feature}=${direction === 'raise' ? to : from}`;

/** The broker that is asked: any, because it forwards to the active controller. */
const firstBroker = ({ definition }: ClusterAccess): NodeId => {
  const [broker] = brokersOf(definition);
  if (broker === undefined) throw new UpgradeError('InvalidDefinition', 'The definition has no broker.');
  return broker;
};

const levelIn = ({ finalized }: FeatureView, feature: string): number => finalized[feature] ?? 0;

const readMinIsrOfAll = async (access: ClusterAccess): Promise<Record<string, number>> => {
  const { signal } = operationContext();
  return readMinIsr(access, await access.kafka.metadata(firstBroker(access), signal), signal);
};

const committedEnd = async (access: ClusterAccess): Promise<number> =>
  (await access.kafka.quorum(firstBroker(access), operationContext().signal)).highWatermark;

/** Makes a change; resolves to why its outcome is not known, to null when it is. */
const outcomeUnknown = async (change: Promise<void>): Promise<UpgradeError | null> => {
  try {
    await change;
    return null;
  } catch (error) {
    if (error instanceof UpgradeError && error.type === 'OutcomeUnknown') return error;
    throw error;
  }
};

const prepare = async (access: ClusterAccess, { prepare: wanted }: FeatureStep): Promise<string[]> => {
  if (wanted === null) return [];
  const { signal } = operationContext();
  const broker = firstBroker(access);
  const { name, value } = wanted;
  const unknown = await outcomeUnknown(access.admin.setClusterDefault(broker, name, value, signal));
  const began = monotonicMs();
  for (;;) {
    const seen = (await access.kafka.clusterDefaults(broker, [name], signal))[name]?.value ?? null;
    if (seen === value) return [`${name}=${value} is set for the whole cluster, read back`];
    if (monotonicMs() - began > readBackLimitMs) {
      const words = `${name} is ${seen ?? 'unset'} for the whole cluster after it was set to ${value}; nothing was raised.`;
      throw unknown ?? new UpgradeError('ClusterRefused', words);
    }
    await nextPoll(readBackPollMs);
  }
};

/** What an earlier attempt read before it changed anything, else what is read now. */
const minIsrBefore = async (access: ClusterAccess): Promise<Record<string, number>> => {
  const left = leftBehind('minIsrBefore');
  if (!isRecord(left)) return readMinIsrOfAll(access);
  return Object.fromEntries(Object.entries(left).map(([topic, value]) => [topic, Number(value)]));
};

interface AwaitedLevel {
  feature: string;
  level: number;
  /** Why it is not known whether the controller was told. */
  unknown: UpgradeError | null;
}

const awaitLevel = async (
  access: ClusterAccess,
  { feature, level, unknown }: AwaitedLevel,
  details: Record<string, unknown>,
): Promise<string> => {
  const { signal } = operationContext();
  const brokers = brokersOf(access.definition);
  const began = monotonicMs();
  for (;;) {
    const levels = await Promise.all(
      brokers.map(async (id) => ({ id, level: levelIn(await access.kafka.features(id, signal), feature) })),
    );
    const behind = levels.filter((seen) => seen.level !== level);
    if (behind.length === 0) return `${feature} is ${level} on brokers ${someOf(brokers, 10)}, read back`;
    if (monotonicMs() - began > readBackLimitMs) {
      if (unknown !== null && behind.length === levels.length) throw unknown;
      const words = behind.map((seen) => `${seen.level} on broker ${seen.id}`).join(', ');
      throw new UpgradeError('NodeUnhealthy', `${feature} should be ${level} everywhere, but is ${words}.`);
    }
    report(`${feature}: ${levels.length - behind.length} of ${levels.length} brokers know level ${level}`, details);
    await nextPoll(readBackPollMs);
  }
};

/** A topic that is gone or new meanwhile is nobody's surprise. */
const refuseOtherMinIsr = (before: Record<string, number>, after: Record<string, number>): void => {
  const changed = Object.entries(before).flatMap(([topic, value]) =>
    after[topic] === undefined || after[topic] === value ? [] : [`${topic} ${value} → ${String(after[topic])}`],
  );
  if (changed.length === 0) return;
  throw new UpgradeError(
    'MinIsrChanged',
    `min.insync.replicas of ${changed.length} topics changed while a feature was raised: ${someOf(changed, 10)}.`,
  );
};

const change = async (
  access: ClusterAccess,
  { step, direction }: FinalizeFeatureInput,
  level: number,
): Promise<UpgradeError | null> => {
  const { signal } = operationContext();
  const broker = firstBroker(access);
  const kind = direction === 'raise' ? 'upgrade' : 'safe-downgrade';
  const update = { feature: step.feature, level, kind } as const;
  await access.admin.updateFeature(broker, { ...update, validateOnly: true }, signal);
  return outcomeUnknown(access.admin.updateFeature(broker, { ...update, validateOnly: false }, signal));
};

/** Raises (or lowers) one feature, unless it is there; see the steps above. */
export const finalizeFeature = async (
  dependencies: ActivityDependencies,
  input: FinalizeFeatureInput,
): Promise<FinalizeFeatureResult> => {
  const access = await openPlanned(dependencies, input);
  const { step, direction, fence } = input;
  const level = direction === 'raise' ? step.to : step.from;
  const broker = firstBroker(access);
  const lease = { ...leaseOf(fence), held: true };
  const before = await minIsrBefore(access);
  const seen = levelIn(await access.kafka.features(broker, operationContext().signal), step.feature);
  const done = direction === 'raise' ? seen >= level : seen <= level;
  // Only this one touches min.insync.replicas; for the others the topics need not travel.
  const details = step.feature === eligibleLeaderReplicas ? { minIsrBefore: before } : {};
  if (done) {
    refuseOtherMinIsr(before, await readMinIsrOfAll(access));
    return { changed: false, offset: await committedEnd(access), evidence: [`${step.feature} is ${seen} already`] };
  }
  await Promise.all(access.definition.nodes.map(({ id }) => access.host(id).storeLease(lease, operationContext())));
  const prepared = direction === 'raise' ? await prepare(access, step) : [];
  report(`${step.feature}: ${seen} → ${level}`, details);
  const unknown = await change(access, input, level);
  const readBack = await awaitLevel(access, { feature: step.feature, level, unknown }, details);
  refuseOtherMinIsr(before, await readMinIsrOfAll(access));
  const bootstrap = access.definition.nodes.find(({ id }) => id === broker)?.kafka ?? '';
  return {
    changed: true,
    offset: await committedEnd(access),
    evidence: [
      ...prepared,
      ...(unknown === null ? [] : [`${unknown.message} The level was read back instead.`]),
      `the same by hand: ${commandOf(step, direction, bootstrap)}`,
      readBack,
      `min.insync.replicas of ${Object.keys(before).length} topics is as it was`,
    ],
  };
};
