import { activeController } from '../domain/health/measurement';
import { operationContext } from './activity-context';
import type { ActivityDependencies, ClusterAccess } from './cluster-access';
import type { ClusterRef, NodesLook } from './contract';
import { measureCluster } from './measure';
import { openPlanned } from './open-cluster';

/** A JVM for the gauges takes a second or two; a node that does not tell its version by then is put back anyway (ms). */
const gaugeTimeoutMs = 10_000;

const lookAtNode = async (access: ClusterAccess, nodeId: number): Promise<NodesLook['nodes'][number]> => {
  const context = operationContext();
  const running = (await access.host(nodeId).findProcess(context)) !== null;
  if (!running) return { nodeId, running, version: null };
  access.gauges.open(nodeId);
  const gauges = await access.gauges.next(nodeId, gaugeTimeoutMs, context.signal);
  return { nodeId, running, version: gauges?.version ?? null };
};

/** What runs on every node, and who is the active controller: one look, no waiting for health. */
export const lookAtNodes = async (dependencies: ActivityDependencies, input: ClusterRef): Promise<NodesLook> => {
  const access = await openPlanned(dependencies, input);
  const { signal } = operationContext();
  const [nodes, measurement] = await Promise.all([
    Promise.all(access.definition.nodes.map(({ id }) => lookAtNode(access, id))),
    measureCluster(access, null, { withMinIsr: false, signal }),
  ]);
  return { nodes, controllerId: activeController(measurement) };
};
