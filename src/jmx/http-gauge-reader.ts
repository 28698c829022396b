import type { ClusterDefinition } from '../config/definition';
import type { NodeGauges, NodeId } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import type { ConnectedClients } from '../domain/checks/risk-facts';
import type { AgentNode, GaugeAgent } from './gauge-agent';
import { GaugePoll } from './gauge-poll';
import type { GaugeReader } from './gauge-reader';

/** Gauges by HTTP from an agent in each node's JVM: no JVM start, no SSH, but the agent's port open to the worker. */
export class HttpGaugeReader implements GaugeReader {
  private readonly nodes: ReadonlyMap<NodeId, AgentNode>;
  private readonly polls = new Map<NodeId, GaugePoll>();

  constructor(
    { mode, nodes }: Pick<ClusterDefinition, 'mode' | 'nodes'>,
    urls: Record<NodeId, string>,
    private readonly agent: GaugeAgent,
  ) {
    this.nodes = new Map(nodes.map(({ id, roles }) => [id, { nodeId: id, mode, roles, url: urls[id] ?? '' }]));
  }

  open(nodeId: NodeId): void {
    this.poll(nodeId).ask();
  }

  latest(nodeId: NodeId, maxAgeMs: number): NodeGauges | null {
    return this.polls.get(nodeId)?.latest(maxAgeMs) ?? null;
  }

  trouble(nodeId: NodeId): string | null {
    const poll = this.polls.get(nodeId);
    return poll ? poll.trouble() : `${this.node(nodeId).url} was never asked`;
  }

  next(nodeId: NodeId, timeoutMs: number, signal?: AbortSignal): Promise<NodeGauges | null> {
    return this.poll(nodeId).next(timeoutMs, signal);
  }

  async clients(nodeId: NodeId, signal?: AbortSignal): Promise<ConnectedClients> {
    return this.agent.clients(this.node(nodeId), signal);
  }

  async zkMigrationState(nodeId: NodeId, signal?: AbortSignal): Promise<number | null> {
    return this.agent.zkMigrationState(this.node(nodeId), signal);
  }

  reset(nodeId: NodeId): void {
    this.poll(nodeId).reset();
  }

  async close(): Promise<void> {
    const polls = [...this.polls.values()];
    this.polls.clear();
    await Promise.all(polls.map((poll) => poll.close()));
  }

  private node(nodeId: NodeId): AgentNode {
    const node = this.nodes.get(nodeId);
    if (node) return node;
    throw new UpgradeError('InvalidDefinition', `Node ${nodeId} is not in the cluster definition.`);
  }

  private poll(nodeId: NodeId): GaugePoll {
    const known = this.polls.get(nodeId);
    if (known) return known;
    const node = this.node(nodeId);
    const { intervalMs } = this.agent;
    const poll = new GaugePoll({ url: node.url, intervalMs, read: (signal) => this.agent.gauges(node, signal) });
    this.polls.set(nodeId, poll);
    return poll;
  }
}
