/** Findings that only KRaft clusters have, before anything is touched. */
import { finalizedLevels } from './cluster-snapshot';
import type { ClusterSnapshot } from './cluster-snapshot';
import { checkElr } from './elr-guard';
import type { FeatureStep } from '../levels/finalization';
import { blocker, note } from './finding';
import type { Finding } from './finding';
import { kraftVersion, metadataVersion } from '../knowledge/feature-levels';
import { metadataLevelName, oldestLevelOf4 } from '../knowledge/metadata-levels';
import { parseProtocolVersion, protocolKey } from '../levels/protocol-version';
import { checkQuorumPlan } from './quorum-checks';
import { readProperties } from '../settings/server-properties';
import { requireVersion } from '../cluster/version';

/** What the checks of a plan need beside the snapshot. */
export interface PlanQuestion {
  target: string;
  /** The release that each node runs. */
  sources: string[];
  finalization: FeatureStep[];
  /** Who asks; null when the request does not say. */
  requester: string | null;
  /** A person's word that whoever holds the hosts is dead. */
  takeOver: boolean;
}

const checkMetadataLevel = (snapshot: ClusterSnapshot, { target }: PlanQuestion): Finding[] => {
  const level = finalizedLevels(snapshot)[metadataVersion];
  if (level === undefined) {
    return [
      blocker('NodeUnhealthy', {
        seen: 'No node tells the finalized metadata.version.',
        why: 'Without it nobody can say which binaries may run.',
        action: 'Look at kafka-features.sh describe; repair the controllers first.',
        source: 'ApiVersions, finalized features (KIP-584)',
      }),
    ];
  }
  return requireVersion(target, 'target').major < 4 || level >= oldestLevelOf4
    ? []
    : [
        blocker('UnsupportedUpgradePath', {
          seen: `The finalized metadata.version is ${metadataLevelName(level)}; Kafka ${target} starts from ${metadataLevelName(oldestLevelOf4)} on.`,
          why: 'The new binary would refuse to start; the documentation says 3.3.x, the code means exactly this level.',
          action:
            'Raise it first on the release that runs: bin/kafka-features.sh --bootstrap-server HOST:PORT upgrade --metadata 3.3 (or newer).',
          source: 'MetadataVersion.MINIMUM_VERSION of 4.0',
        }),
      ];
};

/** KIP-866: 0 never was one, 3 is over; 1, 2 and 4 are on the way. */
const settledMigrationStates = [0, 3];

const checkMigration = ({ hosts, zkMigrationState, paths }: ClusterSnapshot): Finding[] => {
  const states = settledMigrationStates.includes(zkMigrationState ?? 0)
    ? []
    : [`the active controller reports ZkMigrationState ${String(zkMigrationState)}`];
  const files = hosts
    .filter(({ properties }) => {
      const settings = readProperties(properties);
      return settings['zookeeper.connect'] !== undefined || settings['zookeeper.metadata.migration.enable'] === 'true';
    })
    .map(({ hostname }) => `${paths.config} on ${hostname} has settings of the migration`);
  const seen = [...states, ...files];
  return seen.length === 0
    ? []
    : [
        blocker('UnsupportedUpgradePath', {
          seen: `A migration from ZooKeeper is in progress or not finished: ${seen.join(', ')}.`,
          why: 'Neither binaries nor metadata.version may change during a migration (KIP-866).',
          action: 'Finish the migration on the release that runs, and take its settings out of the files.',
          source: 'KIP-866; kafka.controller:type=KafkaController,name=ZkMigrationState',
        }),
      ];
};

const formatKey = 'log.message.format.version';

/** Settings of the ZooKeeper days: without effect on KRaft, or fatal. */
const checkOldLevels = ({ hosts, paths }: ClusterSnapshot, { target }: PlanQuestion): Finding[] =>
  hosts.flatMap(({ nodeId, hostname, properties }) => {
    const settings = readProperties(properties);
    const where = `Host of node ${nodeId} (${hostname}): ${paths.config}`;
    return [protocolKey, formatKey].flatMap((key) => {
      const value = settings[key];
      if (value === undefined) return [];
      const level = parseProtocolVersion(value);
      const fatal =
        key === protocolKey && requireVersion(target, 'target').major < 4 && (level === null || level.major < 3);
      const seen = `${where} has ${key}=${value}.`;
      const source = 'kafka.server.KafkaConfig; tried on 3.9.2 and 4.0';
      return fatal
        ? [
            blocker('PropertiesUnreadable', {
              seen,
              why: 'On KRaft a level below 3.0 stops the start of every 3.x binary.',
              action: 'Take the line out of that file.',
              source,
            }),
          ]
        : [
            note({
              seen,
              why: 'KRaft ignores it: the level of the cluster is metadata.version.',
              action: 'Take the line out of that file when it suits.',
              source,
            }),
          ];
    });
  });

const checkAfterDynamicQuorum = ({ finalization }: PlanQuestion): Finding[] =>
  finalization.some(({ feature }) => feature === kraftVersion)
    ? [
        note({
          seen: `${kraftVersion} is asked for: the static quorum becomes a dynamic one.`,
          why: 'Afterwards the voters live in the metadata log; controller.quorum.voters is no longer read.',
          action:
            'After the upgrade take controller.quorum.voters out of every file, put controller.quorum.bootstrap.servers in, and restart the nodes one by one.',
          source: 'KIP-853; documentation, "Upgrading a static quorum"',
        }),
      ]
    : [];

/** Everything that only KRaft clusters must be asked. */
export const checkKraft = (snapshot: ClusterSnapshot, question: PlanQuestion): Finding[] =>
  snapshot.mode === 'zookeeper'
    ? []
    : [
        ...checkMetadataLevel(snapshot, question),
        ...checkMigration(snapshot),
        ...checkOldLevels(snapshot, question),
        ...checkQuorumPlan(snapshot),
        ...checkElr(snapshot, question.finalization),
        ...checkAfterDynamicQuorum(question),
      ];
