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
  consumerLag: ConsumerLagPolicy;
}

/** When a consumer group counts as stalled. */
export interface ConsumerLagPolicy {
  /** How often group and log end offsets are sampled in the background (ms). */
  sampleIntervalMs: number;
  /** A group that must commit again after a restart has this long (ms); Java clients commit every 5 s by default. */
  stalledAfterMs: number;
  /** Groups that are not judged; `*` is a wildcard. */
  ignoredGroups: string[];
}

export const defaultPolicy: UpgradePolicy = {
  pollIntervalMs: 100,
  soakMs: 30_000,
  healthyDeadlineMs: 15 * 60_000,
  stopTimeoutMs: 6 * 60_000,
  startTimeoutMs: 5 * 60_000,
  minIsrMargin: 0,
  consumerLag: { sampleIntervalMs: 1_000, stalledAfterMs: 60_000, ignoredGroups: [] },
};
