import type { ClusterDefinition, NodeDefinition } from '../config/definition';
import type { NodeGauges, NodeId } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import { requireSuccess } from '../ssh/command-result';
import type { HostSession } from '../ssh/host-session';
import { clientSoftwarePattern, parseClientSoftware } from './client-software';
import { deprecatedRequestsPattern, parseDeprecatedRequests } from './deprecated-requests';
import type { ConnectedClients } from '../domain/checks/risk-facts';
import type { GaugeReader } from './gauge-reader';
import { GaugeStream, type GaugeSource } from './gauge-stream';
import { migrationBean, parseMigrationState } from './jmx-beans';
import { jmxOnceScript } from './jmxtool-script';

/** One JVM start and one look at all connections; JmxTool itself gives up connecting after 10 s. */
const ONE_LOOK_TIMEOUT_MS = 30_000;

/**
 * Gauges by Kafka's own JmxTool, run on each broker's host over SSH: no agent in the broker, no JMX port open to the
 * network. One JVM per host stays up between samples.
 */
export class JmxToolGaugeReader implements GaugeReader {
  private readonly sources: Map<NodeId, GaugeSource>;
  private readonly streams = new Map<NodeId, GaugeStream>();

  constructor(
    cluster: Pick<ClusterDefinition, 'mode' | 'nodes' | 'paths' | 'service'>,
    session: (node: NodeDefinition) => HostSession,
  ) {
    const { mode, paths, service } = cluster;
    const javaHome = service.type === 'scripts' ? (service.environment['JAVA_HOME'] ?? null) : null;
    this.sources = new Map(
      cluster.nodes.map((node) => {
        const tool = { current: paths.current, jmx: node.jmx, javaHome };
        return [node.id, { nodeId: node.id, mode, roles: node.roles, session: session(node), tool }];
      }),
    );
  }

  open(nodeId: NodeId): void {
    this.stream(nodeId).ask();
  }

  latest(nodeId: NodeId, maxAgeMs: number): NodeGauges | null {
    return this.streams.get(nodeId)?.latest(maxAgeMs) ?? null;
  }

  trouble(nodeId: NodeId): string | null {
    const stream = this.streams.get(nodeId);
    return stream ? stream.trouble() : 'the stream was never opened';
  }

  next(nodeId: NodeId, timeoutMs: number, signal?: AbortSignal): Promise<NodeGauges | null> {
    return this.stream(nodeId).next(timeoutMs, signal);
  }

  async clients(nodeId: NodeId, signal?: AbortSignal): Promise<ConnectedClients> {
    const result = await this.lookOnce(nodeId, [clientSoftwarePattern, deprecatedRequestsPattern], signal);
    const { stdout } = requireSuccess(result, signal);
    return { software: parseClientSoftware(nodeId, stdout), deprecated: parseDeprecatedRequests(nodeId, stdout) };
  }

  async zkMigrationState(nodeId: NodeId, signal?: AbortSignal): Promise<number | null> {
    // JmxTool ends with an error where there is no such bean; that a controller answers at all is known from its gauges.
    const { exitCode, stdout } = await this.lookOnce(nodeId, [migrationBean], signal);
    return exitCode === 0 ? parseMigrationState(stdout) : null;
  }

  reset(nodeId: NodeId): void {
    this.stream(nodeId).reset();
  }

  async close(): Promise<void> {
    const streams = [...this.streams.values()];
    this.streams.clear();
    await Promise.all(streams.map((stream) => stream.close()));
  }

  /** The report of a JmxTool that looks once, at every bean of the patterns. */
  private lookOnce(nodeId: NodeId, patterns: string[], signal?: AbortSignal): ReturnType<HostSession['run']> {
    const { session, tool } = this.source(nodeId);
    return session.run('sh -s', {
      stdin: jmxOnceScript(tool, patterns),
      timeoutMs: ONE_LOOK_TIMEOUT_MS,
      description: `JmxTool (${patterns.join(' ')})`,
      ...(signal ? { signal } : {}),
    });
  }

  private source(nodeId: NodeId): GaugeSource {
    const source = this.sources.get(nodeId);
    if (source) return source;
    throw new UpgradeError('InvalidDefinition', `Node ${nodeId} is not in the cluster definition.`);
  }

  private stream(nodeId: NodeId): GaugeStream {
    const known = this.streams.get(nodeId);
    if (known) return known;
    const stream = new GaugeStream(this.source(nodeId));
    this.streams.set(nodeId, stream);
    return stream;
  }
}
