import type { NodeGauges, NodeId } from '../domain/cluster';

/** Reads the gauges of every broker, over streams that stay open between samples. */
export interface GaugeReader {
  /** Opens (or keeps) the stream of a node, without waiting. It heals itself while the broker is away. */
  open(nodeId: NodeId): void;
  /** The newest sample not older than `maxAgeMs` by this process's clock, or null: then it is unmeasurable. */
  latest(nodeId: NodeId, maxAgeMs: number): NodeGauges | null;
  /** Why there is no sample: the stream's last words, for the evidence. */
  trouble(nodeId: NodeId): string | null;
  /** Waits for a sample that arrived after now; null at the time limit. */
  next(nodeId: NodeId, timeoutMs: number, signal?: AbortSignal): Promise<NodeGauges | null>;
  /** A one-time look at which client software is connected: `kafka.server:type=socket-server-metrics`. */
  clientSoftware(nodeId: NodeId, signal?: AbortSignal): Promise<ClientSoftware[]>;
  /** A one-time look at the state of a migration from ZooKeeper (KIP-866); null where there is no such gauge. */
  zkMigrationState(nodeId: NodeId, signal?: AbortSignal): Promise<number | null>;
  /** Forgets samples taken before now (a broker is about to be restarted) and re-opens its stream. */
  reset(nodeId: NodeId): void;
  close(): Promise<void>;
}

/** Open connections of one kind of client to one broker. */
export interface ClientSoftware {
  nodeId: NodeId;
  listener: string;
  /** `clientSoftwareName` from ApiVersions (KIP-511); `unknown` for clients that do not say. */
  name: string;
  version: string;
  connections: number;
}
