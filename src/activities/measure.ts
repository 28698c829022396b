import { UpgradeError } from '../domain/common/failure';
import { brokersOf, controllersOf } from '../domain/cluster/node-roles';
import type { MetadataView, NodeGauges, NodeId, QuorumView } from '../domain/cluster/cluster';
import { allNodes } from '../domain/health/measurement';
import type { ClusterMeasurement } from '../domain/health/measurement';
import type { ClusterAccess } from './cluster-access';
import { readMinIsr } from './min-isr';
import { messageOf } from '../domain/common/message-of';

/** A gauge sample older than this proves nothing; streams report several times a second. */
const maxGaugeAgeMs = 2_000;

/** Metadata of up to this many brokers is compared; more add load and no certainty. */
const maxViews = 5;

/** The brokers to ask: the one in question, and others spread over the cluster. */
const brokersToAsk = (brokers: readonly NodeId[], about: NodeId | null): NodeId[] =>
  [...brokers].sort((a, b) => Number(b === about) - Number(a === about)).slice(0, maxViews);

/**
 * The controller quorum, asked through a broker that is not the one in question; any broker forwards the request to the
 * active controller. The first answer counts: all come from the same leader.
 */
export const readQuorum = async (
  access: ClusterAccess,
  about: NodeId | null,
  signal?: AbortSignal,
): Promise<Pick<ClusterMeasurement, 'quorum' | 'quorumTrouble'>> => {
  if (access.definition.mode === 'zookeeper') return { quorum: null, quorumTrouble: null };
  const troubles: string[] = [];
  const askable = brokersOf(access.definition).sort((a, b) => Number(a === about) - Number(b === about));
  for (const nodeId of askable.slice(0, maxViews)) {
    try {
      const quorum: QuorumView = await access.kafka.quorum(nodeId, signal);
      return { quorum, quorumTrouble: null };
    } catch (error) {
      signal?.throwIfAborted();
      troubles.push(`asked through broker ${nodeId}: ${messageOf(error)}`);
    }
  }
  return { quorum: null, quorumTrouble: troubles.join('; ') };
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
  const { mode } = access.definition;
  const [brokers, controllers] = [brokersOf(access.definition), controllersOf(access.definition)];
  const views: MetadataView[] = [];
  const unreachable: ClusterMeasurement['unreachable'] = [];
  const quorum = readQuorum(access, about, signal);
  // Told below; without this a broker that fails first would leave it unheard.
  quorum.catch(() => undefined);
  await Promise.all(
    brokersToAsk(brokers, about).map(async (nodeId) => {
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
  for (const nodeId of allNodes({ brokers, controllers })) {
    access.gauges.open(nodeId);
    gauges[nodeId] = access.gauges.latest(nodeId, maxGaugeAgeMs);
    gaugeTrouble[nodeId] = access.gauges.trouble(nodeId);
  }
  const minIsr = options.withMinIsr ? await minInsyncReplicas(access, views, signal) : {};
  return {
    mode,
    brokers,
    controllers,
    views,
    unreachable,
    ...(await quorum),
    minInsyncReplicas: minIsr,
    gauges,
    gaugeTrouble,
  };
};
