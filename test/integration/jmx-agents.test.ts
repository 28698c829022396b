import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerProcess, NodeGauges } from '../../src/domain/cluster';
import { SshBrokerHost } from '../../src/hosts/ssh-broker-host';
import type { GaugeReader } from '../../src/jmx/gauge-reader';
import { askAgent } from '../../src/jmx/http-exchange';
import { HttpGaugeReader } from '../../src/jmx/http-gauge-reader';
import { JmxToolGaugeReader } from '../../src/jmx/jmxtool-stream';
import { jolokiaAgent } from '../../src/jmx/jolokia-agent';
import { PrometheusAgent } from '../../src/jmx/prometheus-agent';
import { createKafkaReader } from '../../src/kafka/kafkajs-reader';
import { ensureJmxAgents } from '../../src/lab/provision/jmx-agents';
import { SessionPool } from '../../src/ssh/session-pool';
import { documentedRules } from '../support/documented-rules';
import { leaseOf } from '../support/fake-kafka-host';
import { makeRealKafkaHost, type RealKafkaHost } from '../support/real-kafka-host';
import { startSshd, type TestSshd } from '../support/sshd';
import { until } from '../support/until';

jest.setTimeout(180_000);

const address = '127.0.31.5';
const jolokiaUrl = { 1: `http://${address}:8778/jolokia/` };
const exporterUrl = { 1: `http://${address}:7071/metrics` };
const folder = mkdtempSync(join(tmpdir(), 'kafka-upgrade-'));
const rulesFile = join(folder, 'exporter.yml');

/** In the manner of the exporter's example rules for Kafka. */
const customary = String.raw`lowercaseOutputName: true
rules:
  - pattern: 'kafka.server<type=app-info, id=(\d+)><>Version: (.+)'
    name: kafka_server_app_info_version
    type: GAUGE
    value: 1
    labels: { id: '$1', version: '$2' }
  - pattern: 'kafka.server<type=(.+), clientSoftwareName=(.+), clientSoftwareVersion=(.+), listener=(.+), networkProcessor=(.+)><>connections'
    name: kafka_server_$1_connections_software
    labels: { clientSoftwareName: '$2', clientSoftwareVersion: '$3', listener: '$4', networkProcessor: '$5' }
  - pattern: 'kafka.(\w+)<type=(.+), name=(.+)><>Value'
    name: kafka_$1_$2_$3
`;

let server: TestSshd;
let kafka: RealKafkaHost;
let pool: SessionPool;
let host: SshBrokerHost;
let broker: BrokerProcess;
let jmxTool: GaugeReader;
let jolokia: GaugeReader;
let prometheus: GaugeReader;

beforeAll(async () => {
  server = await startSshd(address);
  writeFileSync(rulesFile, '{}\n');
  const agents = await ensureJmxAgents({ log: () => undefined });
  kafka = await makeRealKafkaHost(address, '3.7.2', {
    KAFKA_OPTS: [
      `-javaagent:${agents.jolokia}=host=${address},port=8778`,
      `-javaagent:${agents.prometheus}=${address}:7071:${rulesFile}`,
    ].join(' '),
  });
  pool = new SessionPool();
  host = new SshBrokerHost(pool.session(server.target), kafka.cluster, kafka.node);
  jmxTool = new JmxToolGaugeReader(kafka.cluster, () => pool.session(server.target));
  jolokia = new HttpGaugeReader(kafka.cluster, jolokiaUrl, jolokiaAgent);
  prometheus = new HttpGaugeReader(kafka.cluster, exporterUrl, new PrometheusAgent({}));
});
afterAll(async () => {
  await Promise.all([jmxTool.close(), jolokia.close(), prometheus.close()]);
  await stopBroker();
  await pool.close();
  await kafka.stop();
  await server.stop();
  rmSync(folder, { recursive: true });
});

const stopBroker = async (): Promise<void> => {
  const clock = await host.clock();
  await host.requestStop(leaseOf({ step: 2 }), { process: broker, gateBegan: clock, maxGateAgeSeconds: 15 });
  expect(await host.awaitExit(broker, 60_000)).toBe(true);
};

/** The first gauges of a running broker that is the controller. */
const runningGauges = (reader: GaugeReader): Promise<NodeGauges> =>
  until(
    'all gauges',
    async () => {
      const gauges = await reader.next(1, 5_000);
      return gauges?.brokerState === 3 && gauges.activeControllers === 1 ? gauges : null;
    },
    60_000,
  );

const withoutTime = ({ sampledAtMs, ...values }: NodeGauges) => {
  expect(Math.abs(sampledAtMs - Date.now())).toBeLessThan(5_000);
  return values;
};

it('says that nothing listens before the broker is started, and follows it through its start', async () => {
  for (const reader of [jolokia, prometheus]) {
    reader.open(1);
    await until('a reason', () => reader.trouble(1)?.includes('connection refused: nothing listens there'));
  }
  broker = (await host.start(leaseOf())).process;
  const expected = withoutTime(await runningGauges(jmxTool));
  expect(expected).toEqual({
    activeControllers: 1,
    brokerState: 3,
    offlinePartitions: 0,
    underReplicatedPartitions: 0,
    version: '3.7.2',
  });
  expect(withoutTime(await runningGauges(jolokia))).toEqual(expected);
  expect(jolokia.trouble(1)).toBeNull();
  // The exporter's defaults leave out every text, and the version is one.
  expect(withoutTime(await runningGauges(prometheus))).toEqual({ ...expected, version: null });
  expect(prometheus.trouble(1)).toContain(`${exporterUrl[1]} answers, but without version`);
});

let changes = 0;
/** Gives the exporter another configuration while it runs; it looks at the time of its file, in whole seconds. */
const configure = async (configuration: string, sign: RegExp): Promise<void> => {
  writeFileSync(rulesFile, configuration);
  utimesSync(rulesFile, new Date(), new Date(Date.now() + (changes += 2) * 1_000));
  await until('the new names', async () => sign.test(await askAgent({ url: exporterUrl[1] })));
};

describe.each([
  {
    what: 'documented',
    configuration: documentedRules(),
    sign: /^kafka_server_KafkaServer_Value\{name="BrokerState"\} 3(.|\n)*version=/m,
  },
  { what: 'customary', configuration: customary, sign: /^kafka_server_kafkaserver_brokerstate 3/m },
])('with $what rules of the exporter', ({ configuration, sign }) => {
  beforeAll(() => configure(configuration, sign));

  it('every source gives the same gauges', async () => {
    const gauges = await prometheus.next(1, 5_000);
    expect(gauges && withoutTime(gauges)).toEqual(withoutTime(await runningGauges(jmxTool)));
    expect(prometheus.trouble(1)).toBeNull();
  });

  it('every source lists the same client software', async () => {
    const client = createKafkaReader({ nodes: [kafka.node], requestTimeoutMs: 5_000, connectTimeoutMs: 5_000 });
    try {
      await client.metadata(1);
      const expected = await jmxTool.clients(1);
      expect(expected.software.length).toBeGreaterThan(0);
      expect(await jolokia.clients(1)).toEqual(expected);
      expect(await prometheus.clients(1)).toEqual(expected);
    } finally {
      await client.close();
    }
  });
});

it('agrees with JmxTool about the state of a migration', async () => {
  const expected = await jmxTool.zkMigrationState(1);
  expect(await jolokia.zkMigrationState(1)).toBe(expected);
  expect(await prometheus.zkMigrationState(1)).toBe(expected);
});

it('does not take another node for its own', async () => {
  const nodes = [{ ...kafka.node, id: 2 }];
  for (const [url, agent] of [
    [jolokiaUrl[1], jolokiaAgent],
    [exporterUrl[1], new PrometheusAgent({})],
  ] as const) {
    const wrong = new HttpGaugeReader({ mode: 'zookeeper', nodes }, { 2: url }, agent);
    expect(await wrong.next(2, 3_000)).toBeNull();
    expect(wrong.trouble(2)).toMatch(/is the (agent|exporter) of node 1, not of node 2$/);
    await wrong.close();
  }
});
