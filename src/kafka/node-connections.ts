/** The connections of one cluster, one a node, and what a refusal of one of them is called. */
import { createErrorFromCode } from 'kafkajs/src/protocol/error';
import type { NodeId } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import { type ConnectionSecurity, NodeConnection } from './node-connection';
import type { KafkaRequest } from './requests/kafka-request';

export interface ConnectionsOptions {
  /** The nodes of the cluster definition: id and `host:port` of the Kafka listener. */
  nodes: readonly { id: NodeId; kafka: string }[];
  /** Limit of one request once connected (ms). */
  requestTimeoutMs: number;
  /** Limit of opening a connection, TLS and authentication included (ms). */
  connectTimeoutMs: number;
  connection?: ConnectionSecurity;
}

/** What the broker answered in place of what was asked for. */
export interface Refusal {
  request: KafkaRequest<unknown>;
  errorCode: number;
  errorMessage?: string | null;
}

/** Asked whom for what, and the error in Kafka's name and words. */
export const refusalWords = (label: string, { request, errorCode, errorMessage }: Refusal): string => {
  const said = errorMessage ? `, saying "${errorMessage}"` : '';
  return `Asked ${label} for ${request.name}: it answered error ${errorCode} (${createErrorFromCode(errorCode).type})${said}.`;
};

/** The broker answers, but with an error: to whoever reads, it is not there. */
export const refused = (connection: NodeConnection, refusal: Refusal): UpgradeError =>
  new UpgradeError('BrokerUnreachable', refusalWords(connection.label, refusal), {
    address: connection.address,
    errorCode: refusal.errorCode,
  });

/** Warm connections by node. */
export class NodeConnections {
  private readonly connections: Map<NodeId, NodeConnection>;

  constructor(options: ConnectionsOptions) {
    const { connectTimeoutMs, requestTimeoutMs, connection } = options;
    const security = connection ? { security: connection } : {};
    this.connections = new Map(
      options.nodes.map(({ id, kafka }) => [
        id,
        new NodeConnection({ nodeId: id, address: kafka, connectTimeoutMs, requestTimeoutMs, ...security }),
      ]),
    );
  }

  to(nodeId: NodeId): NodeConnection {
    const connection = this.connections.get(nodeId);
    if (connection) return connection;
    const known = [...this.connections.keys()].join(', ');
    const message = `Node ${nodeId} has no address: the cluster definition has nodes ${known}.`;
    throw new UpgradeError('BrokerUnreachable', message, { nodeId });
  }

  drop(nodeId: NodeId): void {
    this.connections.get(nodeId)?.drop();
  }

  close(): void {
    for (const connection of this.connections.values()) connection.close();
  }
}
