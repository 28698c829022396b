/**
 * Do records go through? Beside all gauges, one record is written with acks=all through each broker that leads a partition
 * of the topic set aside for that (`policy.endToEndTopic`), and read back.
 */
import type { ClusterSnapshot } from './cluster-snapshot';
import type { MetadataView, NodeId } from '../cluster/cluster';
import { blocker, warning } from './finding';
import type { Finding } from './finding';
import { failed, someOf, successful } from '../health/gate';
import type { GateCheck } from '../health/gate';
import { nodesWith } from '../cluster/node-roles';

/** A partition to write to, and the broker that leads it; null while nobody does. */
export interface ProbedPartition {
  partition: number;
  leader: NodeId | null;
}

/** How one record fared; times in ms, null when it did not come so far. */
export interface ProbeRecord extends ProbedPartition {
  writtenMs: number | null;
  readMs: number | null;
  /** What went wrong; null when the record was read back as it was written. */
  trouble: string | null;
}

/** The first partition of each leader, and every partition without one. */
export const probedPartitions = (
  topic: string,
  { partitions }: Pick<MetadataView, 'partitions'>,
): ProbedPartition[] => {
  const own = partitions.filter((state) => state.topic === topic).sort((a, b) => a.partition - b.partition);
  const firstOf = new Set<NodeId>();
  return own.flatMap(({ partition, leader }) => {
    if (leader !== null && firstOf.has(leader)) return [];
    if (leader !== null) firstOf.add(leader);
    return [{ partition, leader }];
  });
};

const slowest = (times: readonly (number | null)[]): number =>
  Math.round(Math.max(0, ...times.filter((time) => time !== null)));

/** Failed as soon as one record was not acknowledged or not read back, or when there is no partition to write to. */
export const checkEndToEnd = (topic: string, records: readonly ProbeRecord[]): GateCheck => {
  const name = 'end to end';
  if (records.length === 0) return failed(name, `topic ${topic} (policy.endToEndTopic) does not exist`);
  const lost = records.filter(({ trouble }) => trouble !== null);
  if (lost.length > 0) {
    const words = lost.map(({ partition, trouble }) => `a record to ${topic}-${partition}: ${trouble}`);
    return failed(name, someOf(words, 3));
  }
  const partitions = `${topic}-${records.map(({ partition }) => partition).join(',')}`;
  const written = slowest(records.map(({ writtenMs }) => writtenMs));
  const read = slowest(records.map(({ readMs }) => readMs));
  return successful(
    name,
    `a record to each of ${partitions} was on all in-sync replicas within ${written} ms and read back within ${read} ms`,
  );
};

const createCommand = ({ nodes }: ClusterSnapshot, topic: string): string => {
  const brokers = nodes.filter(({ roles }) => roles.includes('broker'));
  const replicas = Math.min(3, brokers.length);
  const address = brokers
    .slice(0, 1)
    .map(({ kafka }) => kafka)
    .join();
  return `kafka-topics.sh --bootstrap-server ${address} --create --topic ${topic} --partitions ${brokers.length} --replication-factor ${replicas} --config min.insync.replicas=${Math.max(1, replicas - 1)} --config retention.ms=3600000`;
};

/** The topic has to exist, and every broker should be the preferred leader of one of its partitions. */
export const checkEndToEndTopic = (snapshot: ClusterSnapshot): Finding[] => {
  const { policy, views, nodes } = snapshot;
  const topic = policy.endToEndTopic;
  const [view] = views;
  if (topic === null || view === undefined) return [];
  const own = view.partitions.filter((state) => state.topic === topic);
  if (own.length === 0) {
    return [
      blocker('InvalidDefinition', {
        seen: `Topic ${topic} (policy.endToEndTopic) does not exist.`,
        why: 'Every gate writes a record to it and reads it back; without it none would open.',
        action: `Create it: ${createCommand(snapshot, topic)}`,
        source: 'cluster definition, policy.endToEndTopic',
      }),
    ];
  }
  const unprobed = nodesWith('broker', nodes).filter((id) => !own.some(({ replicas }) => replicas[0] === id));
  return unprobed.length === 0
    ? []
    : [
        warning({
          seen: `Broker ${someOf(unprobed)} is the preferred leader of no partition of ${topic} (policy.endToEndTopic).`,
          why: 'No record is written through a broker that leads none of its partitions.',
          action:
            'Give the topic a partition for each broker, with kafka-topics.sh --alter or kafka-reassign-partitions.sh.',
          source: 'cluster definition, policy.endToEndTopic',
        }),
      ];
};
