/**
 * Before an older binary starts on a KRaft cluster whose level was raised and lowered again: every node needs a snapshot of
 * the metadata log that ends behind both changes. A node that starts reads its newest snapshot and the log from there; an
 * older binary that meets the record of a level that it does not know ends at once ("only supports versions 1-20"), although
 * the level was lowered (seen on 3.8.1 after 3.9-IV0). Snapshots are written by time (metadata.log.max.snapshot.interval.ms,
 * one hour by default) and by bytes; no request makes one.
 */
import type { NodeId } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import { operationContext, report } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import type { AwaitSnapshotsInput, EvidenceResult } from './contract';
import { openPlanned, wordsFor } from './open-cluster';
import { monotonicMs, nextPoll } from './poll';
import { metadataDirectory } from './registrations';

/** A look costs an SSH command on every host, and the wait may take an hour (ms). */
const pollMs = 2_000;

const snapshotOf = async (access: ClusterAccess, nodeId: NodeId): Promise<number | null> => {
  const host = access.host(nodeId);
  const context = operationContext();
  const directory = metadataDirectory((await host.readProperties(context)).text);
  return directory === null ? null : host.newestSnapshot(directory, context);
};

/** Waits until the newest snapshot of every node ends at `offset` or later; `NodeUnhealthy` at the policy's deadline. */
export const awaitSnapshots = async (
  dependencies: ActivityDependencies,
  input: AwaitSnapshotsInput,
): Promise<EvidenceResult> => {
  const access = await openPlanned(dependencies, input);
  const { nodes, policy } = access.definition;
  const began = monotonicMs();
  for (;;) {
    const seen = await Promise.all(nodes.map(async ({ id }) => ({ id, end: await snapshotOf(access, id) })));
    const behind = seen.filter(({ end }) => end === null || end < input.offset);
    if (behind.length === 0)
      return { evidence: seen.map(({ id, end }) => `${wordsFor(access, id)}: newest snapshot ends at ${String(end)}`) };
    const words = behind.map(({ id, end }) => `${wordsFor(access, id)} has ${end === null ? 'none' : `one to ${end}`}`);
    const message = `the old binary can start only from a snapshot of the metadata log that ends at ${input.offset} or later; ${words.join(', ')}`;
    report(message);
    if (monotonicMs() - began > policy.healthyDeadlineMs) {
      throw new UpgradeError(
        'SnapshotMissing',
        `No node was touched: ${message}. Kafka writes one every metadata.log.max.snapshot.interval.ms (one hour by default).`,
      );
    }
    await nextPoll(pollMs);
  }
};
