/** Hands a restarted broker the leaderships back that prefer it, where the policy says so, and waits until it has them. */
import type { NodeId } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import type { GateCheck } from '../domain/health/gate';
import { messageOf } from '../domain/common/message-of';
import { activeController } from '../domain/health/measurement';
import type { ClusterMeasurement } from '../domain/health/measurement';
import { checkPreferredLeaders, ledElsewhere } from '../domain/health/preferred-leaders';
import { operationContext } from './activity-context';
import type { ClusterAccess } from './cluster-access';
import { monotonicMs } from './poll';

/** An election is asked for once more when it did not show by then (ms). */
const electEveryMs = 3_000;

const byTopic = (partitions: readonly { topic: string; partition: number }[]): Map<string, number[]> => {
  const topics = new Map<string, number[]>();
  for (const { topic, partition } of partitions) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
  return topics;
};

/** The elections of one gate. */
export class PreferredLeaders {
  private nextElection = 0;
  private refusal: string | null = null;

  constructor(
    private readonly access: ClusterAccess,
    private readonly nodeId: NodeId,
  ) {}

  async check(measurement: ClusterMeasurement): Promise<GateCheck[]> {
    const { policy } = this.access.definition;
    if (policy.preferredLeaders === 'leave' || !measurement.brokers.includes(this.nodeId)) return [];
    const away = ledElsewhere(this.nodeId, measurement.views[0]?.partitions ?? []);
    if (away.length > 0 && monotonicMs() >= this.nextElection) {
      this.nextElection = monotonicMs() + electEveryMs;
      this.refusal = await this.elect(byTopic(away), measurement);
    }
    return [checkPreferredLeaders(this.nodeId, measurement.views, this.refusal)];
  }

  /** What the controller said against it; null when it agreed. On KRaft every broker forwards to the controller. */
  private async elect(partitions: Map<string, number[]>, measurement: ClusterMeasurement): Promise<string | null> {
    const askNode = measurement.mode === 'kraft' ? this.nodeId : activeController(measurement);
    if (askNode === null) return 'there is no active controller';
    try {
      await this.access.admin.electPreferredLeaders(askNode, partitions, operationContext().signal);
      return null;
    } catch (error) {
      if (error instanceof UpgradeError) return messageOf(error);
      throw error;
    }
  }
}
