import type { NodeId, NodeRole } from './cluster';

interface NodeWithRoles {
  id: NodeId;
  roles: readonly NodeRole[];
}

/** The nodes that have this role; a combined KRaft node has both. */
export const nodesWith = (role: NodeRole, nodes: readonly NodeWithRoles[]): NodeId[] =>
  nodes.filter(({ roles }) => roles.includes(role)).map(({ id }) => id);

/** The brokers of a cluster. */
export const brokersOf = ({ nodes }: { nodes: readonly NodeWithRoles[] }): NodeId[] => nodesWith('broker', nodes);

/** The KRaft controllers of a cluster; none in ZooKeeper mode. */
export const controllersOf = ({ nodes }: { nodes: readonly NodeWithRoles[] }): NodeId[] =>
  nodesWith('controller', nodes);
