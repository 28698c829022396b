/**
 * What may bite in a roll of this cluster: partitions that are not well, directories that are offline, moves under way,
 * elections that lose records, groups that stand still.
 */
import type { MetadataView, NodeId } from '../cluster/cluster';
import type { ClusterSnapshot } from './cluster-snapshot';
import { blocker, note, warning } from './finding';
import type { Finding } from './finding';
import { someOf } from '../health/gate';
import { topicsOf } from '../health/measurement';
import { offline, underMinIsr, underReplicated } from '../cluster/partition-health';

const partitionNames = (partitions: readonly { topic: string; partition: number }[]): string =>
  someOf(partitions.map(({ topic, partition }) => `${topic}-${partition}`));

const checkSickPartitions = ({ minInsyncReplicas }: ClusterSnapshot, { partitions }: MetadataView): Finding[] => {
  const sick = [...new Set([...offline(partitions), ...underReplicated(partitions)])];
  if (sick.length === 0) return [];
  const refusing = underMinIsr(sick, (topic) => minInsyncReplicas[topic] ?? 0).length;
  return [
    warning({
      seen: `${sick.length} partitions are offline or under-replicated now, ${refusing} of them under min.insync.replicas: ${partitionNames(sick)}.`,
      why: 'No broker is stopped until there are none; the upgrade will wait, then park.',
      action: 'Repair them first.',
      source: 'Metadata response',
    }),
  ];
};

const checkLogDirectories = ({ risks }: ClusterSnapshot): Finding[] =>
  risks.logDirectories
    .filter(({ errorCode }) => errorCode !== 0)
    .map(({ nodeId, directory, errorCode }) =>
      blocker('NodeUnhealthy', {
        seen: `Log directory ${directory} of broker ${nodeId} is offline (error ${errorCode}${errorCode === 56 ? ', KAFKA_STORAGE_ERROR' : ''}).`,
        why: 'Its replicas are out of sync, and after a restart the broker may not come up, or come up without them.',
        action: 'Repair or replace the disk and restart that broker by hand, then plan again.',
        source: 'DescribeLogDirs response (KIP-113)',
      }),
    );

const checkReassignments = ({ risks: { reassignments } }: ClusterSnapshot): Finding[] =>
  reassignments.length === 0
    ? []
    : [
        warning({
          seen: `${reassignments.length} partitions are being reassigned: ${partitionNames(reassignments)}.`,
          why: 'A move keeps its partition under-replicated, so no broker is stopped before it ends; and it loads the brokers.',
          action: 'Wait for it (kafka-reassign-partitions.sh --list), or cancel it, and start no other.',
          source: 'KIP-455, ListPartitionReassignments',
        }),
      ];

/** Topics by which Cruise Control is known (its reporter and its sample store). */
const cruiseControlTopics = /^__(CruiseControlMetrics|KafkaCruiseControl\w+)$/;

const checkCruiseControl = (_: ClusterSnapshot, view: MetadataView): Finding[] => {
  const topics = topicsOf([view]).filter((topic) => cruiseControlTopics.test(topic));
  return topics.length === 0
    ? []
    : [
        warning({
          seen: `Cruise Control works on this cluster: topic ${someOf(topics)}.`,
          why: 'A restart looks like a broken broker to it: self-healing would move partitions away in the middle of the roll.',
          action: 'Pause its self-healing and stop its executions until the upgrade has ended.',
          source: 'Cruise Control documentation, self-healing and pause_sampling',
        }),
      ];
};

const checkUncleanElection = ({ running, risks: { uncleanTopics } }: ClusterSnapshot): Finding[] => {
  const brokers = Object.entries(running)
    .filter(([, { config }]) => config['unclean.leader.election.enable']?.value === 'true')
    .map(([id]) => id);
  const seen = [
    ...(brokers.length === 0 ? [] : [`on broker ${someOf(brokers)}`]),
    ...(uncleanTopics.length === 0 ? [] : [`for topic ${someOf(uncleanTopics)}`]),
  ];
  return seen.length === 0
    ? []
    : [
        warning({
          seen: `unclean.leader.election.enable is true ${seen.join(' and ')}.`,
          why: 'Should the in-sync replicas of a partition fail while a broker is down, one that is behind takes over, and acknowledged records are lost.',
          action: 'Set it to false for the time of the upgrade, unless losing records is accepted there.',
          source: 'unclean.leader.election.enable; KIP-106',
        }),
      ];
};

/** Kafka balances by itself when more than this share is led by others (leader.imbalance.per.broker.percentage). */
const imbalanceLimit = 0.1;

const ratio = (part: number, whole: number): string => `${part} of ${whole}`;

const checkLeaderImbalance = (_: ClusterSnapshot, { partitions }: MetadataView): Finding[] => {
  const preferred = new Map<NodeId, { own: number; away: number }>();
  for (const { leader, replicas } of partitions) {
    const [first] = replicas;
    if (first === undefined) continue;
    const count = preferred.get(first) ?? { own: 0, away: 0 };
    preferred.set(first, { own: count.own + 1, away: count.away + (leader === first ? 0 : 1) });
  }
  const imbalanced = [...preferred].filter(([, { own, away }]) => away > 1 && away / own > imbalanceLimit);
  return imbalanced.length === 0
    ? []
    : [
        note({
          seen: `Leaders are not where they are preferred: ${imbalanced.map(([id, { own, away }]) => `${ratio(away, own)} partitions of broker ${id} are led by others`).join('; ')}.`,
          why: 'Brokers that lead more than their share take longer to hand over, and the load of the others grows during each restart.',
          action:
            'bin/kafka-leader-election.sh --bootstrap-server … --election-type preferred --all-topic-partitions, or leave it to Kafka (auto.leader.rebalance.enable).',
          source: 'leader.imbalance.per.broker.percentage (10 by default)',
        }),
      ];
};

const checkControlledShutdown = ({ running }: ClusterSnapshot): Finding[] =>
  Object.entries(running)
    .filter(([, { config }]) => config['controlled.shutdown.enable']?.value === 'false')
    .map(([id]) =>
      blocker('SettingsRefused', {
        seen: `controlled.shutdown.enable is false on broker ${id}.`,
        why: 'It would stop without moving its leaders first: every partition that it leads is unavailable until the controller notices.',
        action: 'Take the setting out of server.properties (true is the default) and restart that broker by hand.',
        source: 'controlled.shutdown.enable; KafkaBroker.shutdown',
      }),
    );

const checkStandingGroups = ({ risks: { standingGroups } }: ClusterSnapshot): Finding[] =>
  standingGroups.map(({ group, forMs, lag, partitions }) =>
    warning({
      seen: `Consumer group ${group} has not committed for ${Math.round(forMs / 1000)} s while records arrive (${partitions.length} partitions, lag ${lag}).`,
      why: 'What stands before the upgrade is not judged by its gates: nobody would see that it stands because of it.',
      action:
        'Look after its consumers first, or name it in policy.consumerLag.ignoredGroups if it only commits rarely.',
      source: 'committed offsets and log ends, sampled while the plan was made',
    }),
  );

const checkTroubles = ({ risks: { troubles } }: ClusterSnapshot): Finding[] =>
  troubles.map((trouble) =>
    warning({
      seen: `Could not be looked at: ${trouble}.`,
      why: 'What was not seen is not known to be well.',
      action: 'Find out why, or look at it by hand before the approval.',
      source: 'this plan',
    }),
  );

/** Every risk of the cluster as a whole. */
export const checkClusterRisks = (snapshot: ClusterSnapshot): Finding[] => {
  const [view] = snapshot.views;
  const byView = [checkSickPartitions, checkCruiseControl, checkLeaderImbalance];
  const bySnapshot = [
    checkLogDirectories,
    checkControlledShutdown,
    checkReassignments,
    checkUncleanElection,
    checkStandingGroups,
    checkTroubles,
  ];
  return [
    ...(view === undefined ? [] : byView.flatMap((check) => check(snapshot, view))),
    ...bySnapshot.flatMap((check) => check(snapshot)),
  ];
};
