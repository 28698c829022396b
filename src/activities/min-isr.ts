import type { MetadataView } from '../domain/cluster/cluster';
import { topicsOf } from '../domain/health/measurement';
import type { ClusterAccess } from './cluster-access';

/** min.insync.replicas of every topic of a view, as the broker of that view tells it; rejects when it does not answer. */
export const readMinIsr = async (
  access: ClusterAccess,
  view: MetadataView,
  signal?: AbortSignal,
): Promise<Record<string, number>> => {
  const values = await access.kafka.topicConfig(view.observedBy, topicsOf([view]), 'min.insync.replicas', signal);
  return Object.fromEntries(
    Object.entries(values).flatMap(([topic, { value }]) => (value === null ? [] : [[topic, Number(value)]])),
  );
};

/** The same for the topics of all views: a broker whose cache is behind does not know the newest topics yet. */
export const readMinIsrOfAll = async (
  access: ClusterAccess,
  views: readonly MetadataView[],
  signal?: AbortSignal,
): Promise<Record<string, number>> => {
  let found: Record<string, number> = {};
  for (const view of views) {
    if (view.partitions.every(({ topic }) => Object.hasOwn(found, topic))) continue;
    found = { ...found, ...(await readMinIsr(access, view, signal)) };
  }
  return found;
};
