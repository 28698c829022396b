/** All activity options in one place: each profile with the reason for its numbers. */
import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { UpgradeActivities } from '../activities/contract';
import type { UpgradePolicy } from '../domain/policy/policy';

/** What may pass is tried again at once, then less often; how long in all is what each profile says in time. */
const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' } as const;

const minute = 60_000;

/**
 * Read-only looks at all hosts and brokers; a JVM for the gauges starts in seconds, on a loaded host in tens of them. An
 * operator hears of a host that does not answer within the five minutes that every step has.
 */
export const inspection = proxyActivities<UpgradeActivities>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '4 minutes',
  heartbeatTimeout: '30s',
  retry: { ...retry, maximumAttempts: 3 },
});

/** The worker's own clock: nothing that another worker or the network could be asked for. */
export const moments = proxyLocalActivities<Pick<UpgradeActivities, 'readMoment'>>({ startToCloseTimeout: '10s' });

/** A file of the worker is read, for a message: people do not wait long for it. */
export const comparisons = proxyActivities<UpgradeActivities>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '20s',
  retry: { ...retry, maximumAttempts: 2 },
});

/** Short changes over SSH: files, links, leases. */
export const changes = proxyActivities<UpgradeActivities>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '4 minutes',
  heartbeatTimeout: '30s',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { ...retry, maximumAttempts: 6 },
});

/** The release of the cluster at an end: nobody waits long for a host that does not answer, the next run takes it over. */
export const farewells = proxyActivities<UpgradeActivities>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '8s',
  retry,
});

/**
 * Gates heartbeat at every poll, so a dead worker is noticed within seconds and another one goes on measuring. The deadline
 * of the policy counts over all attempts in the activity itself; the time here is the outermost limit.
 */
export const gates = (policy: UpgradePolicy): ReturnType<typeof proxyActivities<UpgradeActivities>> => {
  const limit = policy.healthyDeadlineMs + policy.soakMs + policy.consumerLag.stalledAfterMs + 10 * minute;
  return proxyActivities<UpgradeActivities>({
    startToCloseTimeout: limit,
    scheduleToCloseTimeout: limit + 5 * minute,
    heartbeatTimeout: '15s',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry,
  });
};

/**
 * Gate, stop and start wait for Kafka itself: its graceful stop alone may take five minutes, log recovery longer. While the
 * node is down the activity carries it back whatever becomes of Temporal, so the heartbeat time-out only says how long a
 * worker that is dead or frozen keeps it down: 8 s, four heartbeats, then another worker goes on (docs/reliability.md). An
 * attempt that fails before the stop has met something that may pass; five minutes of that are enough.
 */
export const restarts = (policy: UpgradePolicy): ReturnType<typeof proxyActivities<UpgradeActivities>> =>
  proxyActivities<UpgradeActivities>({
    startToCloseTimeout: policy.healthyDeadlineMs + policy.stopTimeoutMs + policy.startTimeoutMs + 10 * minute,
    heartbeatTimeout: '8s',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { ...retry, maximumAttempts: 30 },
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
  retry,
});
