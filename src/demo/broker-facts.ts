import { WarmClusterDirectory } from '../worker/cluster-directory';
import { protocolKey } from '../domain/protocol-version';

/** What one running broker says about itself. */
export interface BrokerFacts {
  id: number;
  /** The version that runs (JMX), `unknown` when the broker does not say. */
  version: string;
  /** The inter.broker.protocol.version that it uses, as it reports it itself. */
  protocol: string;
}

/** Starting a JVM for JMX beside busy brokers (ms). */
const gaugeTimeoutMs = 20_000;

/** Asks every broker of the definition for its running version and protocol. */
export const readBrokerFacts = async (input: {
  definitionsDirectory: string;
  cluster: string;
  signal?: AbortSignal | undefined;
}): Promise<BrokerFacts[]> => {
  const clusters = new WarmClusterDirectory(input.definitionsDirectory);
  try {
    const { definition, gauges, kafka } = await clusters.open(input.cluster);
    return await Promise.all(
      definition.nodes.map(async ({ id }) => {
        gauges.open(id);
        const [sample, config] = await Promise.all([
          gauges.next(id, gaugeTimeoutMs, input.signal),
          kafka.brokerConfig(id, [protocolKey], input.signal),
        ]);
        return { id, version: sample?.version ?? 'unknown', protocol: config[protocolKey]?.value ?? 'unknown' };
      }),
    );
  } finally {
    await clusters.close();
  }
};
