import { isDeepStrictEqual } from 'node:util';
import type { NodeGauges } from '../../src/domain/cluster/cluster';
import type { ConnectedClients } from '../../src/domain/checks/risk-facts';
import type { GaugeReader } from '../../src/jmx/gauge-reader';
import { HttpGaugeReader } from '../../src/jmx/http-gauge-reader';
import { JmxToolGaugeReader } from '../../src/jmx/jmxtool-stream';
import { jolokiaAgent } from '../../src/jmx/jolokia-agent';
import { PrometheusAgent } from '../../src/jmx/prometheus-agent';
import { documentedRules } from '../support/documented-rules';
import { type GaugedBroker, makeGaugedBroker } from '../support/gauged-broker';
import { withJavaClient, writeLikeIn2018 } from '../support/real-clients';
import { until } from '../support/until';

jest.setTimeout(180_000);

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
  - pattern: 'kafka.(\w+)<type=(.+), name=(.+)PerSec\w*, request=(.+), version=(.+), clientSoftwareName=(.+), clientSoftwareVersion=(.+)><>Count'
    name: kafka_$1_$2_$3_total
    labels: { request: '$4', version: '$5', clientSoftwareName: '$6', clientSoftwareVersion: '$7' }
  - pattern: 'kafka.(\w+)<type=(.+), name=(.+)><>Value'
    name: kafka_$1_$2_$3
`;

/** Names of a company's own. */
const own = String.raw`rules:
  - { pattern: 'kafka.server<type=app-info, id=(\d+)><>Version: (.+)', name: broker_build, value: 1, labels: { version: '$2' } }
  - { pattern: 'kafka.server<type=ReplicaManager, name=UnderReplicatedPartitions><>Value', name: broker_urp }
  - { pattern: 'kafka.server<type=KafkaServer, name=BrokerState><>Value', name: broker_state }
  - { pattern: 'kafka.controller<type=KafkaController, name=ActiveControllerCount><>Value', name: active }
  - { pattern: 'kafka.controller<type=KafkaController, name=OfflinePartitionsCount><>Value', name: offline }
`;

const running = {
  activeControllers: 1,
  brokerState: 3,
  offlinePartitions: 0,
  underReplicatedPartitions: 0,
  version: '3.7.2',
};

let broker: GaugedBroker;
let jmxTool: GaugeReader;
let jolokia: GaugeReader;
let prometheus: GaugeReader;

beforeAll(async () => {
  broker = await makeGaugedBroker('127.0.31.5');
  const { cluster } = broker.kafka;
  jmxTool = new JmxToolGaugeReader(cluster, () => broker.session);
  jolokia = new HttpGaugeReader(cluster, { 1: broker.jolokiaUrl }, jolokiaAgent);
  prometheus = new HttpGaugeReader(cluster, { 1: broker.exporterUrl }, new PrometheusAgent({}));
});
afterAll(async () => {
  await Promise.all([jmxTool.close(), jolokia.close(), prometheus.close()]);
  await broker.close();
});

const nothingListens = async (reader: GaugeReader, url: string): Promise<void> => {
  const words = `${url}: connection refused: nothing listens there`;
  await until(words, () => reader.trouble(1)?.startsWith(words));
};

type Gauges = Omit<NodeGauges, 'sampledAtMs'>;

/** A broker that starts has its beans one after the other: the gauges of a running one are those that it comes to. */
const expectRunning = async (reader: GaugeReader, expected: Gauges = running): Promise<void> => {
  let values: Gauges | null = null;
  const isThere = async (): Promise<boolean> => {
    const gauges = await reader.next(1, 5_000);
    if (gauges === null) return false;
    const { sampledAtMs, ...rest } = gauges;
    values = rest;
    return Math.abs(sampledAtMs - Date.now()) < 5_000 && isDeepStrictEqual(rest, expected);
  };
  await until('all gauges', isThere, 60_000).catch(() => undefined);
  expect(values).toEqual(expected);
};

it('says that nothing listens before the broker is started, and follows it through its start', async () => {
  jolokia.open(1);
  prometheus.open(1);
  await nothingListens(jolokia, broker.jolokiaUrl);
  await nothingListens(prometheus, broker.exporterUrl);
  await broker.start();
  await expectRunning(jmxTool);
  await expectRunning(jolokia);
  expect(jolokia.trouble(1)).toBeNull();
});

it('the exporter without rules leaves out the version, and the evidence says what to do', async () => {
  await expectRunning(prometheus, { ...running, version: null });
  expect(prometheus.trouble(1)).toContain(
    `${broker.exporterUrl} answers, but without version (a metric with a label "version", from a rule for ` +
      'kafka.server:type=app-info (docs/gauges.md has it))',
  );
});

const sorted = ({ software, deprecated }: ConnectedClients): ConnectedClients => ({
  software,
  deprecated: [...deprecated].sort((a, b) => a.request.localeCompare(b.request) || a.version - b.version),
});

const isTold = (clients: ConnectedClients): boolean =>
  clients.software.some(({ name, version }) => `${name} ${version}` === 'apache-kafka-java 3.7.2') &&
  clients.deprecated.some(({ request, version }) => request === 'Produce' && version === 2);

/** Every source is asked on its own, and a client may open or close a connection in between: once they are all alike, they agree. */
const expectAgreementOnClients = async (): Promise<void> => {
  const readers = [jmxTool, jolokia, prometheus];
  let told: ConnectedClients[] = [];
  const alike = async () => {
    told = await Promise.all(readers.map(async (reader) => sorted(await reader.clients(1))));
    return told.every((clients) => isTold(clients) && isDeepStrictEqual(clients, told[0]));
  };
  await until('every source tells the same', alike, 60_000).catch(() => undefined);
  expect(told).toEqual(readers.map(() => told[0]));
  expect(told.map(isTold)).toEqual([true, true, true]);
};

describe.each([
  {
    what: 'documented',
    configuration: documentedRules(),
    sign: /^kafka_server_KafkaServer_Value\{name="BrokerState"\} 3(.|\n)*version=/m,
  },
  { what: 'customary', configuration: customary, sign: /^kafka_server_kafkaserver_brokerstate 3/m },
])('with $what rules of the exporter', ({ configuration, sign }) => {
  beforeAll(() => broker.configure(configuration, sign));

  it('its gauges are those of the other sources', async () => {
    await expectRunning(prometheus);
    expect(prometheus.trouble(1)).toBeNull();
  });

  it('every source lists the same client software and the same deprecated requests', async () => {
    await writeLikeIn2018(broker.kafka);
    await withJavaClient(broker.kafka, () => expectAgreementOnClients());
  });

  it('every source tells the same state of a migration', async () => {
    const expected = await jmxTool.zkMigrationState(1);
    expect(await jolokia.zkMigrationState(1)).toBe(expected);
    expect(await prometheus.zkMigrationState(1)).toBe(expected);
  });

  it.each(['jolokia', 'prometheus'] as const)('%s does not take another node for its own', async (source) => {
    const [url, agent] =
      source === 'jolokia' ? [broker.jolokiaUrl, jolokiaAgent] : [broker.exporterUrl, new PrometheusAgent({})];
    const nodes = [{ ...broker.kafka.node, id: 2 }];
    const wrong = new HttpGaugeReader({ mode: 'zookeeper', nodes }, { 2: url }, agent);
    expect(await wrong.next(2, 3_000)).toBeNull();
    expect(wrong.trouble(2)).toMatch(/is the (agent|exporter) of node 1, not of node 2$/);
    await wrong.close();
  });
});

it('finds the metrics that the definition names', async () => {
  await broker.configure(own, /^broker_urp 0/m);
  const names = { underReplicatedPartitions: 'broker_urp', version: 'broker_build', brokerState: 'broker_state' };
  const agent = new PrometheusAgent({ ...names, activeControllers: 'active', offlinePartitions: 'offline' });
  const reader = new HttpGaugeReader(broker.kafka.cluster, { 1: broker.exporterUrl }, agent);
  await expectRunning(reader);
  expect(reader.trouble(1)).toBeNull();
  await reader.close();
  await broker.configure(customary, /^kafka_server_kafkaserver_brokerstate 3/m);
});

it('a stopped broker has no samples but an address and a reason; started again, it has samples again', async () => {
  const sources = [
    [jolokia, broker.jolokiaUrl],
    [prometheus, broker.exporterUrl],
  ] as const;
  await broker.stop();
  for (const [reader, url] of sources) {
    reader.reset(1);
    expect(reader.latest(1, 60_000)).toBeNull();
    await nothingListens(reader, url);
    expect(await reader.next(1, 500)).toBeNull();
    expect(reader.latest(1, 60_000)).toBeNull();
  }
  await broker.start();
  for (const [reader] of sources) {
    await expectRunning(reader);
    // The first answers of a JVM that has just started may be slow, which it says, too.
    await until('no trouble', () => reader.trouble(1) === null);
  }
});
