/** What may be written under `gauges` of a cluster definition: where the gauges of the nodes are read. */
import { z } from 'zod';
import { httpAddress } from './http-address';

const port = z.int().min(1).max(65_535);

const path = z.string().regex(/^\/[^\s?#]*$/, 'must be the path of an address, for example /metrics');

const metricName = z
  .string()
  .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, 'must be the name of a metric, for example kafka_under_replicated_partitions');

/** The address of one node's agent. */
export const gaugesUrlSchema = httpAddress.describe(
  'Where the agent of this node answers; default http://<host>:<gauges.port><gauges.path>',
);

const metricNames = z.strictObject({
  underReplicatedPartitions: metricName.optional(),
  offlinePartitions: metricName.optional(),
  activeControllers: metricName.optional(),
  brokerState: metricName.optional(),
  version: metricName.optional().describe('A metric with a label `version`, the version that runs'),
});

/** Where gauges come from. */
export const gaugesSchema = z
  .discriminatedUnion('source', [
    z.strictObject({
      source: z.literal('jmxtool').describe("Kafka's own JmxTool on each host over SSH: needs no agent"),
    }),
    z.strictObject({
      source: z.literal('jolokia').describe('The Jolokia JVM agent in each node, asked by HTTP from the worker'),
      port: port.default(8778),
      path: path.default('/jolokia/'),
    }),
    z.strictObject({
      source: z
        .literal('prometheus')
        .describe('The Prometheus JMX exporter as a Java agent in each node, asked by HTTP from the worker'),
      port: port.default(7071),
      path: path.default('/metrics'),
      metrics: metricNames
        .default({})
        .describe('Names that your rules give, where they are not the usual ones; see docs/gauges.md'),
    }),
  ])
  .default({ source: 'jmxtool' })
  .describe('Where the gauges (JMX) of the nodes are read');
