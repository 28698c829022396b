/**
 * A target that is older than what runs: the way back after an upgrade that has ended. Kafka supports it for the binaries as
 * long as no level was raised that the older release does not know; the levels themselves stay where they are.
 *
 *   1. Every finalized feature, and every protocol that a broker speaks, must be one that the target runs under; as they were
 *      read, not as anybody remembers them.
 *      What cannot be read has a blocker of its own (kraft-checks), or no plan at all (protocol-steps).
 *   2. What else can bite is said before the approval: state that only the newer release reads, and on KRaft a level that was
 *      raised and lowered again.
 *
 * Source: Kafka documentation, "Upgrading" ("it is still possible to downgrade at this point"); downgrade_test.py and
 * run_upgrade_downgrade of Kafka's own tests; KIP-584.
 */
import type { FeatureView } from '../cluster/cluster';
import type { ClusterSnapshot } from './cluster-snapshot';
import { blocker, warning } from './finding';
import type { Finding } from './finding';
import { beyondWords } from '../health/assess-levels';
import { someOf } from '../health/gate';
import { standingStep } from '../levels/finalization';
import { featureRange, levelsBeyond, levelsInWords } from '../levels/known-levels';
import type { LevelBeyond, LevelSeen } from '../levels/known-levels';
import { protocolKey } from '../levels/protocol-version';
import { nodeWords } from '../cluster/node-words';
import { requireVersion } from '../cluster/version';

const source = 'Kafka documentation, "Upgrading"; KIP-584';

const newestView = (views: readonly FeatureView[]): FeatureView | undefined =>
  [...views].sort((a, b) => b.finalizedEpoch - a.finalizedEpoch).at(0);

const featuresOf = ({ running, nodes }: Pick<ClusterSnapshot, 'running' | 'nodes'>): LevelSeen[] => {
  const newest = newestView(Object.values(running).flatMap(({ features }) => features ?? []));
  const node = nodes.find(({ id }) => id === newest?.observedBy);
  const where = node === undefined ? 'a node' : nodeWords(node.roles, node.id);
  return Object.entries(newest?.finalized ?? {}).map(([feature, level]) => ({ feature, level: String(level), where }));
};

const protocolsOf = ({ running }: Pick<ClusterSnapshot, 'running'>): LevelSeen[] =>
  Object.entries(running).flatMap(([id, { config }]) => {
    const level = config[protocolKey]?.value ?? null;
    return level === null ? [] : [{ feature: protocolKey, level, where: `broker ${id}` }];
  });

/** The levels in force as the snapshot has them, and where each was read. */
export const levelsOf = (snapshot: Pick<ClusterSnapshot, 'mode' | 'running' | 'nodes'>): LevelSeen[] =>
  snapshot.mode === 'kraft' ? featuresOf(snapshot) : protocolsOf(snapshot);

/** What can be done about a level that the target does not know. */
const remedy = ({ feature, level }: LevelBeyond, target: string): string => {
  if (feature === protocolKey)
    return 'Nothing takes a protocol back that was spoken: stay, or choose a target that knows it.';
  const { newest } = featureRange(feature, requireVersion(target, 'target'));
  const { reversible, wayBack } = standingStep(feature, newest, Number(level));
  return reversible
    ? `Lower it first, on the release that runs: bin/kafka-features.sh --bootstrap-server HOST:PORT downgrade --feature ${feature}=${newest}; then wait until every node has written a snapshot of the metadata log.`
    : `${wayBack} Stay, or choose a target that knows it.`;
};

const forbidding = (levels: readonly LevelSeen[], target: string): Finding[] =>
  levelsBeyond(levels, target).map((beyond) =>
    blocker('UnsupportedUpgradePath', {
      seen: `The target ${target} is older than what runs: ${beyondWords(beyond, target)}.`,
      why: `Kafka ${target} would not start, or not register, under a level that it does not know.`,
      action: remedy(beyond, target),
      source,
    }),
  );

const kraftCaution =
  ' Was a feature raised and lowered again within the last hour (metadata.log.max.snapshot.interval.ms)? Then wait until every node has written a snapshot: the older binary ends at the record of the higher level.';

const allowed = (
  levels: readonly LevelSeen[],
  { left, target, mode }: { left: string; target: string; mode: ClusterSnapshot['mode'] },
): Finding[] => [
  warning({
    seen: `This is a downgrade, ${left} → ${target}: the binaries only. ${target} knows every level in force, as read: ${someOf(levelsInWords(levels), 10)}.`,
    why: 'Kafka supports it for as long as no level was raised that the older release does not know. No level moves.',
    action: 'Be sure that this is what you want: to go up again costs another rolling restart.',
    source,
  }),
  warning({
    seen: `What only ${left} can do is gone again on ${target}.`,
    why: `Settings, topics, clients and tools that were changed for ${left} meet a release that never knew them. What it has written under the levels in force can be read by ${target}; a disk that its kafka-storage.sh formatted may not be.`,
    action: `Take back what was changed for ${left} since the upgrade.${mode === 'kraft' ? kraftCaution : ''}`,
    source: 'Kafka documentation, "Upgrading", notable changes; KIP-1170',
  }),
];

/** May the cluster go to this older target, and what has to be known before? */
export const checkDowngrade = (
  levels: readonly LevelSeen[],
  way: { left: string; target: string; mode: ClusterSnapshot['mode'] },
): Finding[] => {
  const blocking = forbidding(levels, way.target);
  return blocking.length > 0 ? blocking : allowed(levels, way);
};
