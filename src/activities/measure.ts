import { UpgradeError } from '../domain/failure';
import type { MetadataView, NodeGauges, NodeId } from '../domain/cluster';
import type { ClusterMeasurement } from '../domain/measurement';
import type { ClusterAccess } from './cluster-access';
import { readMinIsr } from './min-isr';
import { messageOf } from '../domain/message-of';

/** A gauge sample older than this proves nothing; streams report four times a second. */
const maxGaugeAgeMs = 2_000;

/** Metadata of up to this many brokers is compared; more add load and no certainty. */
const maxViews = 5;

/** The brokers to ask: the one in question, and others spread over the cluster. */
const brokersToAsk = (nodes: readonly NodeId[], about: NodeId | null): NodeId[] => {
  const first = about === null ? [] : [about];
  return [...first, ...nodes.filter((nodeId) => nodeId !== about)].slice(0, maxViews);
};

/** min.insync.replicas of every topic as one of the brokers that answered tells it; empty when none can. */
const minInsyncReplicas = async (
  access: ClusterAccess,
  views: MetadataView[],
  signal?: AbortSignal,
): Promise<Record<string, number>> => {
  for (const view of views) {
    try {
      return await readMinIsr(access, view, signal);
    } catch (error) {
      if (!(error instanceof UpgradeError)) throw error;
    }
  }
  return {};
};

/** One look at the whole cluster; a broker that does not answer is part of the answer. */
export const measureCluster = async (
  access: ClusterAccess,
  about: NodeId | null,
  options: { withMinIsr: boolean; signal?: AbortSignal | undefined },
): Promise<ClusterMeasurement> => {
  const { signal } = options;
  const expectedNodes = access.definition.nodes.map(({ id }) => id);
  const views: MetadataView[] = [];
  const unreachable: ClusterMeasurement['unreachable'] = [];
  await Promise.all(
    brokersToAsk(expectedNodes, about).map(async (nodeId) => {
      try {
        views.push(await access.kafka.metadata(nodeId, signal));
      } catch (error) {
        signal?.throwIfAborted();
        unreachable.push({ nodeId, why: messageOf(error) });
      }
    }),
  );
  const gauges: Record<NodeId, NodeGauges | null> = {};
  const gaugeTrouble: Record<NodeId, string | null> = {};
  for (const nodeId of expectedNodes) {
    access.gauges.open(nodeId);
    gauges[nodeId] = access.gauges.latest(nodeId, maxGaugeAgeMs);
    gaugeTrouble[nodeId] = access.gauges.trouble(nodeId);
  }
  const minIsr = options.withMinIsr ? await minInsyncReplicas(access, views, signal) : {};
  return { expectedNodes, views, unreachable, minInsyncReplicas: minIsr, gauges, gaugeTrouble };
};
