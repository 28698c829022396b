import { defaultApprovals } from './approval-policy';
import type { ApprovalPolicy } from './approval-policy';
import type { MaintenancePolicy } from './maintenance';

/** How careful an upgrade is. Every number has a reason; all may be overridden in the cluster definition. */
export interface UpgradePolicy {
  /** Pause between two measurements of a gate (ms). 100: adds little to a restart; a poll asks at most five brokers, about 1 ms each. */
  pollIntervalMs: number;
  /** A node must stay healthy this long before the next is touched (ms). */
  soakMs: number;
  /** A gate that is not successful by then parks the upgrade (ms). */
  healthyDeadlineMs: number;
  /** Kafka's own limit for a graceful stop is 5 minutes (KafkaBroker.shutdown); we wait longer, and never kill. */
  stopTimeoutMs: number;
  /** From process start to answering with broker state RUNNING, without log recovery (ms). */
  startTimeoutMs: number;
  /** Replicas beyond min.insync.replicas that must remain in sync while a node is down. */
  minIsrMargin: number;
  /**
   * `elect` hands a restarted broker its preferred leaderships back before the soak (KIP-460). `leave`, the default, leaves
   * that to Kafka (auto.leader.rebalance.enable) and its owners: leaders that move cost every client a refresh.
   */
  preferredLeaders: 'leave' | 'elect';
  /** A topic that every gate writes a record to and reads it back from; none by default: it has to be made first. */
  endToEndTopic: string | null;
  consumerLag: ConsumerLagPolicy;
  /** Who approves what. Not in plans of upgrades that began before there was one. */
  approvals?: ApprovalPolicy;
  /** When something new may be started. Not in plans of upgrades that began before there was one. */
  maintenance?: MaintenancePolicy;
}

/** When a consumer group counts as stalled or growing, and which are judged at all. */
export interface ConsumerLagPolicy {
  /** How often group and log end offsets are sampled in the background (ms). */
  sampleIntervalMs: number;
  /** A group that must commit again after a restart has this long (ms); Java clients commit every 5 s by default. */
  stalledAfterMs: number;
  /**
   * A group that commits is growing when its lag has grown by trend for this long (ms). 60 s: a dozen commits of a Java
   * consumer, so that a burst has passed; a healthy group waits for none of it.
   */
  growingAfterMs: number;
  /**
   * Growth right after a restart counts only from then on (ms): groups rebalance. 45 s: session.timeout.ms of consumers
   * since 3.0 and of the new protocol; a member lost in the restart is then noticed, and its partitions are handed on.
   */
  rebalanceToleranceMs: number;
  /** Groups that are not judged; `*` is a wildcard. None by default: each may be somebody's application. */
  ignoredGroups: string[];
  /** Topics on which no group is judged; `*` is a wildcard. None by default; Kafka's own are never judged. */
  ignoredTopics: string[];
}

export const defaultPolicy: UpgradePolicy = {
  pollIntervalMs: 50,
  soakMs: 30_000,
  healthyDeadlineMs: 15 * 60_000,
  stopTimeoutMs: 6 * 60_000,
  startTimeoutMs: 5 * 60_000,
  minIsrMargin: 0,
  preferredLeaders: 'leave',
  endToEndTopic: null,
  consumerLag: {
    sampleIntervalMs: 1_000,
    stalledAfterMs: 60_000,
    growingAfterMs: 60_000,
    rebalanceToleranceMs: 45_000,
    ignoredGroups: [],
    ignoredTopics: [],
  },
  approvals: defaultApprovals,
  maintenance: { windows: [], freezeUntilMs: null },
};
