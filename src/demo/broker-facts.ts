import { WarmClusterDirectory } from '../worker/cluster-directory';
import type { ClusterAccess } from '../activities/cluster-access';
import type { NodeId } from '../domain/cluster/cluster';
import { levelName } from '../domain/levels/finalization';
import { metadataVersion } from '../domain/knowledge/feature-levels';
import { protocolKey } from '../domain/levels/protocol-version';

/** What one running node says about itself. */
export interface BrokerFacts {
  id: number;
  /** The version that runs (JMX), `unknown` when the broker does not say. */
  version: string;
  /** The inter.broker.protocol.version that it uses, on KRaft the metadata.version that it knows, as it reports itself. */
  protocol: string;
}

/** Starting a JVM for JMX beside busy brokers (ms). */
const gaugeTimeoutMs = 20_000;

const protocolOf = async (
  { definition, kafka }: ClusterAccess,
  nodeId: NodeId,
  signal: AbortSignal | undefined,
): Promise<string> => {
  if (definition.mode === 'zookeeper')
    return (await kafka.brokerConfig(nodeId, [protocolKey], signal))[protocolKey]?.value ?? 'unknown';
  const level = (await kafka.features(nodeId, signal)).finalized[metadataVersion];
  return level === undefined ? 'unknown' : levelName(metadataVersion, level);
};

/** Asks every node of the definition for its running version and level. */
export const readBrokerFacts = async (input: {
  definitionsDirectory: string;
  cluster: string;
  signal?: AbortSignal | undefined;
}): Promise<BrokerFacts[]> => {
  const clusters = new WarmClusterDirectory(input.definitionsDirectory);
  try {
    const access = await clusters.open(input.cluster);
    const { definition, gauges } = access;
    return await Promise.all(
      definition.nodes.map(async ({ id }) => {
        gauges.open(id);
        const [sample, protocol] = await Promise.all([
          gauges.next(id, gaugeTimeoutMs, input.signal),
          protocolOf(access, id, input.signal),
        ]);
        return { id, version: sample?.version ?? 'unknown', protocol };
      }),
    );
  } finally {
    await clusters.close();
  }
};
