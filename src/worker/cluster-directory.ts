/** Warm connections to every cluster that this worker has worked on, by the content of its definition. */
import { createHash } from 'node:crypto';
import type { ClusterAccess, ClusterDirectory } from '../activities/cluster-access';
import type { ClusterDefinition, NodeDefinition } from '../config/definition';
import { brokersOf } from '../domain/cluster/node-roles';
import { plannedSettings, writtenSha256 } from '../domain/policy/definition-settings';
import type { PlannedSettings } from '../domain/policy/definition-settings';
import { findDefinition } from '../config/load';
import { UpgradeError } from '../domain/common/failure';
import type { NodeId } from '../domain/cluster/cluster';
import { SshBrokerHost } from '../hosts/ssh-broker-host';
import { createGaugeReader } from '../jmx/create-gauge-reader';
import type { GaugeReader } from '../jmx/gauge-reader';
import { createKafkaReader } from '../kafka/kafkajs-reader';
import type { KafkaAdmin } from '../kafka/kafka-admin';
import { LagSampler } from '../kafka/lag-sampler';
import type { HostSession } from '../ssh/host-session';
import { SessionPool } from '../ssh/session-pool';
import { isListening } from '../kafka/is-listening';
import { sshTarget } from './ssh-target';

/** A metadata answer takes milliseconds; a broker that needs this long is unreachable for a gate (ms). */
const requestTimeoutMs = 3_000;
const connectTimeoutMs = 1_500;

/** SHA-256 in hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * What connections hang on: everything as this worker sees it, its own paths and all defaults included. Who is told and what
 * is silenced is asked for anew each time.
 */
const connectionsKey = ({ notifications: _, alertSilence: __, ...definition }: ClusterDefinition): string =>
  sha256(JSON.stringify(definition));

class WarmCluster implements ClusterAccess {
  readonly definitionSha256: string;
  readonly settings: PlannedSettings;
  readonly kafka: ReturnType<typeof createKafkaReader>;
  readonly admin: KafkaAdmin;
  readonly gauges: GaugeReader;
  readonly lag: LagSampler;
  private readonly pool = new SessionPool();
  private readonly hosts = new Map<NodeId, SshBrokerHost>();

  constructor(readonly definition: ClusterDefinition) {
    this.definitionSha256 = writtenSha256(definition.written, sha256);
    this.settings = plannedSettings(definition.written, sha256);
    this.kafka = createKafkaReader({ nodes: definition.nodes, requestTimeoutMs, connectTimeoutMs });
    this.admin = this.kafka;
    this.gauges = createGaugeReader(definition, (node) => this.session(node));
    this.lag = new LagSampler({
      reader: this.kafka,
      nodeIds: brokersOf(definition),
      policy: definition.policy.consumerLag,
    });
    this.lag.start();
  }

  host(nodeId: NodeId): SshBrokerHost {
    const known = this.hosts.get(nodeId);
    if (known !== undefined) return known;
    const node = this.node(nodeId);
    const host = new SshBrokerHost(this.session(node), this.definition, node);
    this.hosts.set(nodeId, host);
    return host;
  }

  isListening(nodeId: NodeId): Promise<boolean> {
    return isListening(this.node(nodeId).kafka);
  }

  async close(): Promise<void> {
    this.lag.stop();
    await Promise.all([this.gauges.close(), this.kafka.close()]);
    await this.pool.close();
  }

  private node(nodeId: NodeId): NodeDefinition {
    const node = this.definition.nodes.find(({ id }) => id === nodeId);
    if (node !== undefined) return node;
    throw new UpgradeError(
      'InvalidDefinition',
      `Broker ${nodeId} is not in the definition of cluster "${this.definition.cluster}".`,
    );
  }

  private session(node: NodeDefinition): HostSession {
    return this.pool.session(sshTarget(this.definition, node));
  }
}

/** Its groups are watched again, if nobody had asked for long. */
const awake = (cluster: WarmCluster): WarmCluster => {
  cluster.lag.start();
  return cluster;
};

/**
 * The clusters of a directory of definitions. Until the end of the worker none is closed, also when its definition was
 * edited: a step may be at work on it, and a node that it stopped is brought back by it.
 */
export class WarmClusterDirectory implements ClusterDirectory {
  /** The one that was read last is the last. */
  private readonly clusters = new Map<string, WarmCluster>();

  constructor(private readonly definitionsDirectory: string) {}

  async open(cluster: string, wantedSha256?: string): Promise<ClusterAccess> {
    const wanted = [...this.clusters.values()].findLast(({ definitionSha256 }) => definitionSha256 === wantedSha256);
    if (wanted !== undefined) return awake(wanted);
    const definition = await this.definition(cluster);
    const key = connectionsKey(definition);
    const opened = this.clusters.get(key) ?? new WarmCluster(definition);
    this.clusters.delete(key);
    this.clusters.set(key, opened);
    return awake(opened);
  }

  definition(cluster: string): Promise<ClusterDefinition> {
    return findDefinition(this.definitionsDirectory, cluster);
  }

  async close(): Promise<void> {
    const clusters = [...this.clusters.values()];
    this.clusters.clear();
    await Promise.all(clusters.map((cluster) => cluster.close()));
  }
}
