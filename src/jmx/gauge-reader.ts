import type { NodeGauges, NodeId } from '../domain/cluster/cluster';
import type { ConnectedClients } from '../domain/checks/risk-facts';

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
  /** A one-time look at who is connected, and with which deprecated requests (KIP-511, KIP-896). */
  clients(nodeId: NodeId, signal?: AbortSignal): Promise<ConnectedClients>;
  /** A one-time look at the state of a migration from ZooKeeper (KIP-866); null where there is no such gauge. */
  zkMigrationState(nodeId: NodeId, signal?: AbortSignal): Promise<number | null>;
  /** Forgets samples taken before now (a broker is about to be restarted) and re-opens its stream. */
  reset(nodeId: NodeId): void;
  close(): Promise<void>;
}
