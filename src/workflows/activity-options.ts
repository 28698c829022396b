/** All activity options in one place: each profile with the reason for its numbers. */
import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { UpgradeActivities } from '../activities/contract';
import type { UpgradePolicy } from '../domain/policy/policy';

/** Transient failures are tried again quickly, and not for ever: an operator should hear of them within minutes. */
const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 6 } as const;

const minute = 60_000;

/** Read-only looks at all hosts and brokers; a JVM for the gauges starts in seconds, on a loaded host in tens of them. */
export const inspection = proxyActivities<UpgradeActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '30s',
  retry: { ...retry, maximumAttempts: 3 },
});

/** A file of the worker is read, for a message: people do not wait long for it. */
export const comparisons = proxyActivities<UpgradeActivities>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '20s',
  retry: { ...retry, maximumAttempts: 2 },
});

const shortChange = {
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '30s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;

/** Short changes over SSH: files, links, leases. */
export const changes = proxyActivities<UpgradeActivities>({ ...shortChange, retry });

/** The same while a node is down: worth some minutes of patience, as what is parked then is parked with the node down. */
export const repairs = proxyActivities<UpgradeActivities>({
  ...shortChange,
  retry: { ...retry, maximumAttempts: 20 },
});

/** Gates heartbeat at every poll, so a dead worker is noticed within seconds and another one goes on measuring. */
export const gates = (policy: UpgradePolicy): ReturnType<typeof proxyActivities<UpgradeActivities>> =>
  proxyActivities<UpgradeActivities>({
    startToCloseTimeout: policy.healthyDeadlineMs + policy.soakMs + policy.consumerLag.stalledAfterMs + 10 * minute,
    heartbeatTimeout: '15s',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { ...retry, maximumAttempts: 100 },
  });

/** Stop and start wait for Kafka itself: its graceful stop alone may take five minutes, log recovery longer. */
export const restarts = (policy: UpgradePolicy): ReturnType<typeof proxyActivities<UpgradeActivities>> =>
  proxyActivities<UpgradeActivities>({
    startToCloseTimeout: policy.healthyDeadlineMs + policy.stopTimeoutMs + policy.startTimeoutMs + 10 * minute,
    heartbeatTimeout: '15s',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { ...retry, maximumAttempts: 100 },
  });

/** The end of a stop that nobody waits for any more; people wait for the end of the upgrade, so not for ever. */
export const endings = (policy: UpgradePolicy): ReturnType<typeof proxyActivities<UpgradeActivities>> =>
  proxyActivities<UpgradeActivities>({
    startToCloseTimeout: policy.stopTimeoutMs + minute,
    heartbeatTimeout: '15s',
    retry: { ...retry, maximumAttempts: 20 },
  });

/** One notice: tried again for as long as it is news, at first quickly, never more than twice a minute at last. */
export const notices = (lifeMs: number): ReturnType<typeof proxyActivities<UpgradeActivities>> =>
  proxyActivities<UpgradeActivities>({
    startToCloseTimeout: '30s',
    scheduleToCloseTimeout: lifeMs,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  });

/** The silence of alerts: given up within a minute, as it is asked for again soon, and the end of a workflow waits for it. */
export const silences = proxyActivities<UpgradeActivities>({
  startToCloseTimeout: '20s',
  scheduleToCloseTimeout: '1 minute',
  retry: { ...retry, maximumAttempts: 5 },
});
