/** Writes records to the topic set aside for that, and reads them back: what a client of this cluster would feel now. */
import { randomUUID } from 'node:crypto';
import { checkEndToEnd, probedPartitions } from '../domain/checks/end-to-end';
import type { ProbedPartition, ProbeRecord } from '../domain/checks/end-to-end';
import { UpgradeError } from '../domain/common/failure';
import type { GateCheck } from '../domain/health/gate';
import type { ClusterMeasurement } from '../domain/health/measurement';
import { messageOf } from '../domain/common/message-of';
import { operationContext } from './activity-context';
import type { ClusterAccess } from './cluster-access';
import { monotonicMs } from './poll';

/** A gate polls often; records in the same rhythm would be load for nothing (ms). */
const probeEveryMs = 1_000;

/** The records of one gate. */
export class EndToEnd {
  private nextProbe = 0;
  private last: GateCheck | null = null;

  constructor(private readonly access: ClusterAccess) {}

  /** The newest answer, at most a second old; nothing where the policy names no topic. */
  async check({ views }: ClusterMeasurement): Promise<GateCheck[]> {
    const topic = this.access.definition.policy.endToEndTopic;
    if (topic === null) return [];
    if (this.last === null || monotonicMs() >= this.nextProbe) {
      const partitions = probedPartitions(topic, { partitions: views[0]?.partitions ?? [] });
      this.last = checkEndToEnd(topic, await Promise.all(partitions.map((probed) => this.probe(topic, probed))));
      // Leaders move around a restart, and a view may be a moment old: a failure is tried again at the next look.
      this.nextProbe = this.last.status === 'successful' ? monotonicMs() + probeEveryMs : 0;
    }
    return [this.last];
  }

  private async probe(topic: string, probed: ProbedPartition): Promise<ProbeRecord> {
    const { leader, partition } = probed;
    if (leader === null) return { ...probed, writtenMs: null, readMs: null, trouble: 'it has no leader' };
    const { signal } = operationContext();
    const value = `kafka-upgrade ${randomUUID()}`;
    const began = monotonicMs();
    let writtenMs: number | null = null;
    try {
      const offset = await this.access.admin.writeRecord(leader, { topic, partition, value }, signal);
      writtenMs = monotonicMs() - began;
      const read = await this.access.kafka.readRecord(leader, { topic, partition, offset }, signal);
      const readMs = monotonicMs() - began - writtenMs;
      const trouble = read === value ? null : `broker ${leader} acknowledged it at offset ${offset}, where it is not`;
      return { ...probed, writtenMs, readMs, trouble };
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof UpgradeError)) throw error;
      return { ...probed, writtenMs, readMs: null, trouble: messageOf(error) };
    }
  }
}
