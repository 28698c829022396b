import type { MetricNames } from '../config/definition';
import type { NodeId } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import type { ClientSoftware, ConnectedClients, DeprecatedRequests } from '../domain/checks/risk-facts';
import { addUpClients } from './client-software';
import { asCount, type AgentNode, type GaugeAgent, type GaugeReading } from './gauge-agent';
import { excerptOf } from '../http/ask';
import { askAgent } from './http-exchange';
import { countBeans, countsOf, type CountGauge } from './jmx-beans';
import { labelOf, MetricFinder, type Sought } from './metric-names';
import { isMetricsText, parseMetrics, type MetricSample } from './prometheus-text';

/** The one value of what is sought; null when it is not there, or there twice with different values. */
const onlyValue = (samples: readonly MetricSample[]): number | null => {
  const values = new Set(samples.map(({ value }) => value));
  const [value] = values;
  return values.size === 1 && value !== undefined ? value : null;
};

const advice: Record<CountGauge | 'version', string> = {
  ...countBeans,
  version: 'a metric with a label "version", from a rule for kafka.server:type=app-info (docs/gauges.md has it)',
};

const missingOf = (url: string, missing: readonly (CountGauge | 'version')[]): string | null =>
  missing.length === 0
    ? null
    : `${url} answers, but without ${missing.map((gauge) => `${gauge} (${advice[gauge]})`).join(', ')}; ` +
      'is the node still starting, or do the rules of the exporter leave it out?';

const softwareOf = (nodeId: NodeId, sample: MetricSample): ClientSoftware | null => {
  const [name, version] = [labelOf(sample, 'clientSoftwareName'), labelOf(sample, 'clientSoftwareVersion')];
  if (name === undefined || version === undefined) return null;
  const listener = labelOf(sample, 'listener') ?? 'unknown';
  return { nodeId, listener, name, version, connections: Math.round(sample.value) };
};

const deprecatedOf = (nodeId: NodeId, sample: MetricSample): DeprecatedRequests | null => {
  const [request, name] = [labelOf(sample, 'request'), labelOf(sample, 'name')];
  // Without rules, the metric holds all kinds of requests, told apart by the label `name`.
  const others = name !== undefined && name !== 'DeprecatedRequestsPerSec';
  if (others || (name === undefined && !/deprecated/i.test(sample.name))) return null;
  if (request === undefined || !(sample.value > 0)) return null;
  return {
    nodeId,
    request,
    version: Number(labelOf(sample, 'version')),
    clientName: labelOf(sample, 'clientSoftwareName') ?? 'unknown',
    clientVersion: labelOf(sample, 'clientSoftwareVersion') ?? 'unknown',
    count: sample.value,
  };
};

/** The Prometheus JMX exporter: one answer holds everything, so everything is read from one. */
export class PrometheusAgent implements GaugeAgent {
  // The exporter reads every bean of the broker for an answer, which may take it a good part of a second.
  readonly intervalMs = 250;
  private readonly finder: MetricFinder;

  constructor(names: MetricNames) {
    this.finder = new MetricFinder(names);
  }

  async gauges(node: AgentNode, signal?: AbortSignal): Promise<GaugeReading> {
    const sampledAtMs = Date.now();
    const samples = await this.samples(node, signal);
    const wanted = countsOf(node);
    const count = (gauge: CountGauge): number | null =>
      wanted.includes(gauge) ? asCount(onlyValue(this.finder.find(samples, gauge))) : null;
    const gauges = {
      sampledAtMs,
      underReplicatedPartitions: count('underReplicatedPartitions'),
      offlinePartitions: count('offlinePartitions'),
      activeControllers: count('activeControllers'),
      brokerState: count('brokerState'),
      version: this.version(samples),
    };
    const missing = ([...wanted, 'version'] as const).filter((gauge) => gauges[gauge] === null);
    return { gauges, missing: missingOf(node.url, missing) };
  }

  async clients(node: AgentNode, signal?: AbortSignal): Promise<ConnectedClients> {
    const { nodeId } = node;
    const samples = await this.samples(node, signal);
    return {
      software: addUpClients(this.finder.find(samples, 'clientSoftware').map((sample) => softwareOf(nodeId, sample))),
      deprecated: this.finder
        .find(samples, 'deprecatedRequests')
        .flatMap((sample) => deprecatedOf(nodeId, sample) ?? []),
    };
  }

  async zkMigrationState(node: AgentNode, signal?: AbortSignal): Promise<number | null> {
    const samples = await this.samples(node, signal);
    const state = onlyValue(this.finder.find(samples, 'zkMigrationState'));
    const version = this.version(samples);
    // "No such metric" reads as "no migration"; where Kafka has the gauge, it may as well be hidden by the rules.
    if (state !== null || version === null || !/^3\.[4-9]\./.test(version)) return state;
    throw new UpgradeError(
      'InvalidDefinition',
      `${node.url} does not tell whether a migration from ZooKeeper is under way: let the rules of the exporter pass ` +
        'kafka.controller:type=KafkaController,name=ZkMigrationState, or read gauges by jolokia or jmxtool.',
    );
  }

  private version(samples: readonly MetricSample[]): string | null {
    const versions = this.labels(samples, 'version', 'version');
    return versions.length === 1 ? (versions[0] ?? null) : null;
  }

  /** The different values of a label. */
  private labels(samples: readonly MetricSample[], sought: Sought, label: string): string[] {
    return [...new Set(this.finder.find(samples, sought).flatMap((sample) => labelOf(sample, label) ?? []))];
  }

  private async samples(node: AgentNode, signal?: AbortSignal): Promise<MetricSample[]> {
    const { url, nodeId } = node;
    const text = await askAgent({ url, signal });
    if (!isMetricsText(text)) {
      const words = `${url} did not answer with metrics in the Prometheus format, but with ${excerptOf(text)}`;
      throw new UpgradeError('BrokerUnreachable', words);
    }
    const samples = parseMetrics(text, this.finder.wanted);
    // Ids that are no numbers are those of clients inside of the broker.
    const ids = this.labels(samples, 'nodeId', 'id').filter((id) => /^\d+$/.test(id));
    if (ids.length === 0 || ids.includes(String(nodeId))) return samples;
    throw new UpgradeError(
      'WrongNodeOnHost',
      `${url} is the exporter of node ${ids.join(' and ')}, not of node ${nodeId}`,
    );
  }
}
