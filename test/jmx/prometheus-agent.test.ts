import type { AgentNode } from '../../src/jmx/gauge-agent';
import { PrometheusAgent } from '../../src/jmx/prometheus-agent';
import { FakeAgent } from '../support/fake-agent';

/** As release 1.0.1 answers without any rule, cut down. */
const withoutRules = `# HELP kafka_server_ReplicaManager_Value Attribute exposed for management
# TYPE kafka_server_ReplicaManager_Value untyped
kafka_server_ReplicaManager_Value{name="PartitionCount"} 17.0
kafka_server_ReplicaManager_Value{name="UnderReplicatedPartitions"} 4.0
kafka_server_KafkaServer_Value{name="BrokerState"} 3.0
kafka_controller_KafkaController_Value{name="ActiveControllerCount"} 1.0
kafka_controller_KafkaController_Value{name="OfflinePartitionsCount"} 2.0
kafka_controller_KafkaController_Value{name="ZkMigrationState"} 3.0
kafka_server_app_info_StartTimeMs{id="2"} 1.795523366181E12
kafka_server_app_info_start_time_ms 1.795523366181E12
kafka_server_socket_server_metrics_connections{clientSoftwareName="librdkafka",clientSoftwareVersion="2.3.0",listener="SSL",networkProcessor="0"} 1.0
kafka_server_socket_server_metrics_connections{clientSoftwareName="librdkafka",clientSoftwareVersion="2.3.0",listener="SSL",networkProcessor="1"} 2.0
kafka_server_socket_server_metrics_connections{clientSoftwareName="unknown",clientSoftwareVersion="unknown",listener="SSL",networkProcessor="1"} 0.0
kafka_server_socket_server_metrics_connection_count{listener="SSL",networkProcessor="1"} 3.0
`;

/** As the example rules for Kafka give it, and the rule that docs/gauges.md adds. */
const withRules = `kafka_server_replicamanager_underreplicatedpartitions 4.0
kafka_server_kafkaserver_brokerstate 3.0
kafka_controller_kafkacontroller_activecontrollercount 1.0
kafka_controller_kafkacontroller_offlinepartitionscount 2.0
kafka_server_app_info_version{id="2",version="3.7.2"} 1.0
kafka_server_socket_server_metrics_connections_software{clientsoftwarename="a",clientsoftwareversion="1",listener="X"} 5.0
`;

const counts = { underReplicatedPartitions: 4, offlinePartitions: 2, activeControllers: 1, brokerState: 3 };

let fake: FakeAgent;
beforeEach(async () => {
  fake = await new FakeAgent().start();
});
afterEach(() => fake.stop());

const node = (more: Partial<AgentNode> = {}): AgentNode => ({
  nodeId: 2,
  mode: 'zookeeper',
  roles: ['broker'],
  url: fake.url,
  ...more,
});
const read = (text: string, more: Partial<AgentNode> = {}) => {
  fake.answer = () => text;
  return new PrometheusAgent({}).gauges(node(more));
};

describe('the gauges by the Prometheus exporter', () => {
  it('are found without rules, but the version is not, and the trouble says what to do', async () => {
    const { gauges, missing } = await read(withoutRules);
    expect(gauges).toMatchObject({ ...counts, version: null });
    expect(missing).toContain(`${fake.url} answers, but without version (a metric with a label "version"`);
  });

  it('are found by the names of the example rules', async () => {
    const { gauges, missing } = await read(withRules);
    expect(gauges).toMatchObject({ ...counts, version: '3.7.2' });
    expect(missing).toBeNull();
  });

  it.each([
    ['kafka_server_replica_manager_under_replicated_partitions 4', 4],
    ['kafka_server_ReplicaManager_UnderReplicatedPartitions_Value 4', 4],
    ['kafka_server_replicamanager_value{name="underreplicatedpartitions",} 4.0', 4],
    ['kafka_server_ReplicaManager_Value{name="UnderMinIsrPartitionCount"} 4.0', null],
    ['kafka_server_replicamanager_underreplicatedpartitions NaN', null],
    ['kafka_server_replicamanager_underreplicatedpartitions -1.0', null],
    ['kafka_server_replicamanager_underreplicatedpartitions 0.5', null],
    [
      'kafka_server_replicamanager_underreplicatedpartitions{a="1"} 0\nkafka_server_replicamanager_underreplicatedpartitions{a="2"} 4',
      null,
    ],
    ['kafka_cluster_partition_underreplicated{topic="a"} 0', null],
  ])('read %s as %s', async (text, expected) => {
    expect((await read(`${text}\n`)).gauges.underReplicatedPartitions).toBe(expected);
  });

  it('are those of its roles only: a controller has no replicas', async () => {
    const { gauges, missing } = await read(withRules, { mode: 'kraft', roles: ['controller'] });
    expect(gauges).toMatchObject({ underReplicatedPartitions: null, brokerState: null, offlinePartitions: 2 });
    expect(missing).toBeNull();
  });

  it('are found by the names of the definition', async () => {
    fake.answer = () => 'urp 7\nkafka_server_replicamanager_underreplicatedpartitions 4\nbuild{version="3.7.2"} 1\n';
    const agent = new PrometheusAgent({ underReplicatedPartitions: 'urp', version: 'build' });
    const { gauges } = await agent.gauges(node());
    expect(gauges).toMatchObject({ underReplicatedPartitions: 7, version: '3.7.2', brokerState: null });
  });

  it('are refused when another node answers', async () => {
    await expect(read(withoutRules, { nodeId: 1 })).rejects.toThrow(
      `${fake.url} is the exporter of node 2, not of node 1`,
    );
  });

  it('are refused when it is no exporter that answers', async () => {
    await expect(read('<html><body>It works!</body></html>')).rejects.toThrow(
      `${fake.url} did not answer with metrics in the Prometheus format, but with "It works!"`,
    );
  });
});

describe('one-time looks by the Prometheus exporter', () => {
  it('add up the client software, in the names of either kind of rules', async () => {
    fake.answer = () => withoutRules;
    const agent = new PrometheusAgent({});
    expect((await agent.clients(node())).software).toEqual([
      { nodeId: 2, listener: 'SSL', name: 'librdkafka', version: '2.3.0', connections: 3 },
    ]);
    fake.answer = () => withRules;
    expect((await agent.clients(node())).software).toEqual([
      { nodeId: 2, listener: 'X', name: 'a', version: '1', connections: 5 },
    ]);
  });

  it.each(['kafka_network_RequestMetrics_Count', 'kafka_network_requestmetrics_deprecatedrequests_total'])(
    'name the deprecated requests there were, in %s',
    async (metric) => {
      const name = metric.endsWith('_Count') ? 'name="DeprecatedRequestsPerSec",' : '';
      const line = (request: string, count: number): string =>
        `${metric}{clientSoftwareName="a",clientSoftwareVersion="1",${name}request="${request}",version="2"} ${count}\n`;
      const others = 'kafka_network_RequestMetrics_Count{name="RequestsPerSec",request="Fetch",version="12"} 9.0\n';
      fake.answer = () => line('Fetch', 7) + line('Produce', 0) + others;
      expect((await new PrometheusAgent({}).clients(node())).deprecated).toEqual([
        { nodeId: 2, request: 'Fetch', version: 2, clientName: 'a', clientVersion: '1', count: 7 },
      ]);
    },
  );

  it('tell the state of a migration, or none where Kafka has none', async () => {
    const agent = new PrometheusAgent({});
    fake.answer = () => withoutRules;
    expect(await agent.zkMigrationState(node())).toBe(3);
    fake.answer = () => withRules.replace('3.7.2', '3.3.2');
    expect(await agent.zkMigrationState(node())).toBeNull();
  });

  it('do not take a state that the rules hide for no migration', async () => {
    fake.answer = () => withRules;
    await expect(new PrometheusAgent({}).zkMigrationState(node())).rejects.toThrow(
      'does not tell whether a migration from ZooKeeper is under way',
    );
  });
});
