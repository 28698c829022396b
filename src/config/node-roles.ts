import type { NodeId, NodeRole } from '../domain/cluster';
import type { ClusterDefinition } from './definition';

/** The brokers of a cluster; combined KRaft nodes too. */
export const brokersOf = ({ nodes }: Pick<ClusterDefinition, 'nodes'>): NodeId[] => nodesWithRole('broker', nodes);

/** The KRaft controllers of a cluster, combined nodes too; none in ZooKeeper mode. */
export const controllersOf = ({ nodes }: Pick<ClusterDefinition, 'nodes'>): NodeId[] =>
  nodesWithRole('controller', nodes);

const nodesWithRole = (role: NodeRole, nodes: ClusterDefinition['nodes']): NodeId[] =>
  nodes.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);
