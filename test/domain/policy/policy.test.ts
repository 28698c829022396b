import { defaultApprovals } from '../../../src/domain/policy/approval-policy';
import { defaultPolicy } from '../../../src/domain/policy/policy';

const minute = 60_000;

describe('the default policy', () => {
  it('changes only with a reason', () => {
    expect(defaultPolicy).toEqual({
      pollIntervalMs: 50,
      soakMs: minute / 2,
      healthyDeadlineMs: 15 * minute,
      stopTimeoutMs: 6 * minute,
      startTimeoutMs: 5 * minute,
      minIsrMargin: 0,
      preferredLeaders: 'leave',
      endToEndTopic: null,
      consumerLag: {
        sampleIntervalMs: 1_000,
        stalledAfterMs: minute,
        growingAfterMs: minute,
        rebalanceToleranceMs: 45_000,
        ignoredGroups: [],
        ignoredTopics: [],
      },
      approvals: defaultApprovals,
      maintenance: { windows: [], freezeUntilMs: null },
    });
  });

  it('waits longer for a stop than Kafka itself takes at most', () => {
    expect(defaultPolicy.stopTimeoutMs).toBeGreaterThan(5 * minute);
  });

  it('leaves time before the deadline for the soak, and for every verdict on groups', () => {
    const { soakMs, healthyDeadlineMs, consumerLag } = defaultPolicy;
    const { stalledAfterMs, growingAfterMs, rebalanceToleranceMs } = consumerLag;
    const slowest = soakMs + Math.max(stalledAfterMs, rebalanceToleranceMs + growingAfterMs);
    expect(healthyDeadlineMs).toBeGreaterThan(2 * slowest);
  });

  it('measures often enough for every figure that it goes by', () => {
    const { pollIntervalMs, soakMs, consumerLag } = defaultPolicy;
    expect(soakMs / pollIntervalMs).toBeGreaterThanOrEqual(100);
    expect(consumerLag.stalledAfterMs / consumerLag.sampleIntervalMs).toBeGreaterThanOrEqual(30);
  });

  it('is data alone, as plans and histories hold it', () => {
    expect(JSON.parse(JSON.stringify(defaultPolicy))).toEqual(defaultPolicy);
  });
});
