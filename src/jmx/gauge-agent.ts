import type { NodeGauges } from '../domain/cluster/cluster';
import type { ConnectedClients } from '../domain/checks/risk-facts';
import type { GaugedNode } from './jmx-beans';

/** A node with an agent that is asked by HTTP. */
export interface AgentNode extends GaugedNode {
  url: string;
}

/** One look at the gauges of a node. */
export interface GaugeReading {
  gauges: NodeGauges;
  /** Which gauges of this node are not there, and what to do about it; null when all are. */
  missing: string | null;
}

/** How to ask one kind of agent. What it cannot do rejects with the address and what came back. */
export interface GaugeAgent {
  /** How often a node may be asked (ms). */
  readonly intervalMs: number;
  gauges(node: AgentNode, signal?: AbortSignal): Promise<GaugeReading>;
  clients(node: AgentNode, signal?: AbortSignal): Promise<ConnectedClients>;
  zkMigrationState(node: AgentNode, signal?: AbortSignal): Promise<number | null>;
}

/** A number that is a count; "-1" and NaN are what a gauge says when it cannot say. */
export const asCount = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
