import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeDefinition } from '../../src/config/definition';
import type { NodeGauges } from '../../src/domain/cluster/cluster';
import type { GaugeReader } from '../../src/jmx/gauge-reader';
import { HttpGaugeReader } from '../../src/jmx/http-gauge-reader';
import { JmxToolGaugeReader } from '../../src/jmx/jmxtool-stream';
import { jolokiaAgent } from '../../src/jmx/jolokia-agent';
import { PrometheusAgent } from '../../src/jmx/prometheus-agent';
import { ensureJmxAgents, type JmxAgents } from '../../src/lab/provision/jmx-agents';
import { ensureKafkaDistribution } from '../../src/lab/provision/kafka-distribution';
import { SessionPool } from '../../src/ssh/session-pool';
import { documentedRules } from '../support/documented-rules';
import { startSshd, type TestSshd } from '../support/sshd';
import { until } from '../support/until';

jest.setTimeout(180_000);

const version = '3.9.2';
const definitionOf = (id: number, role: 'broker' | 'controller', host: string): NodeDefinition => {
  const kafka = `${host}:${role === 'broker' ? 9092 : 9093}`;
  return { id, roles: [role], host, sshPort: 22, kafka, jmx: `${host}:9999` };
};
const broker = definitionOf(1, 'broker', '127.0.31.6');
const controller = definitionOf(101, 'controller', '127.0.31.7');
const nodes = [broker, controller];

const root = mkdtempSync(join(tmpdir(), 'kafka-upgrade-'));
const rulesFile = join(root, 'exporter.yml');
const processes: ChildProcess[] = [];
let server: TestSshd;
let pool: SessionPool;
let readers: Record<'jmxTool' | 'jolokia' | 'prometheus', GaugeReader>;

const properties = ({ id, roles: [role = 'broker'], kafka }: NodeDefinition): string =>
  [
    `process.roles=${role}`,
    `node.id=${id}`,
    `listeners=${role === 'broker' ? 'PLAINTEXT' : 'CONTROLLER'}://${kafka}`,
    'controller.listener.names=CONTROLLER',
    `controller.quorum.voters=${controller.id}@${controller.kafka}`,
    `log.dirs=${join(root, `data-${id}`)}`,
    'offsets.topic.replication.factor=1',
    '',
  ].join('\n');

const jmxOptions = (host: string): string =>
  ['authenticate=false', 'ssl=false', `host=${host}`]
    .map((option) => `-Dcom.sun.management.jmxremote.${option}`)
    .concat('-Dcom.sun.management.jmxremote', `-Djava.rmi.server.hostname=${host}`)
    .join(' ');

const startNode = (distribution: string, agents: JmxAgents, node: NodeDefinition): void => {
  const config = join(root, `${node.id}.properties`);
  writeFileSync(config, properties(node));
  const env = { ...process.env, LOG_DIR: join(root, `log-${node.id}`), KAFKA_HEAP_OPTS: '-Xmx256m' };
  const format = ['format', '--cluster-id', 'AAAAAAAAAAAAAAAAAAAAAA', '--config', config];
  execFileSync(join(distribution, 'bin', 'kafka-storage.sh'), format, { env, stdio: 'ignore' });
  const started = spawn(join(distribution, 'bin', 'kafka-server-start.sh'), [config], {
    stdio: 'ignore',
    env: {
      ...env,
      JMX_PORT: '9999',
      KAFKA_JMX_OPTS: jmxOptions(node.host),
      KAFKA_OPTS: [
        `-javaagent:${agents.jolokia}=host=${node.host},port=8778`,
        `-javaagent:${agents.prometheus}=${node.host}:7071:${rulesFile}`,
      ].join(' '),
    },
  });
  processes.push(started);
};

beforeAll(async () => {
  server = await startSshd(broker.host);
  const distribution = await ensureKafkaDistribution(version, { log: () => undefined });
  const agents = await ensureJmxAgents({ log: () => undefined });
  writeFileSync(rulesFile, documentedRules());
  for (const node of nodes) startNode(distribution, agents, node);
  pool = new SessionPool();
  const paths = { config: '', current: distribution, releases: '', state: '', logs: '' };
  const service = { type: 'scripts' as const, environment: {}, logging: { log4j: null, log4j2: null } };
  const cluster = { mode: 'kraft' as const, nodes, paths, service };
  const urls = (rest: string) => Object.fromEntries(nodes.map(({ id, host }) => [id, `http://${host}:${rest}`]));
  readers = {
    jmxTool: new JmxToolGaugeReader(cluster, () => pool.session(server.target)),
    jolokia: new HttpGaugeReader(cluster, urls('8778/jolokia/'), jolokiaAgent),
    prometheus: new HttpGaugeReader(cluster, urls('7071/metrics'), new PrometheusAgent({})),
  };
});
afterAll(async () => {
  // First of all, for when something did not get so far as to be closed.
  for (const child of processes) {
    child.kill('SIGKILL');
    await until('a node ends', () => child.exitCode !== null || child.signalCode !== null);
  }
  await Promise.all(Object.values(readers).map((reader) => reader.close()));
  await pool.close();
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

const complete = (reader: GaugeReader, nodeId: number, isComplete: (gauges: NodeGauges) => boolean) =>
  until(
    `the gauges of node ${nodeId}: ${reader.trouble(nodeId) ?? ''}`,
    async () => {
      const gauges = await reader.next(nodeId, 5_000);
      const whole = gauges?.version === version && isComplete(gauges);
      return whole && { ...gauges, sampledAtMs: 0 };
    },
    90_000,
  );

const none = { underReplicatedPartitions: null, brokerState: null, offlinePartitions: null, activeControllers: null };

describe.each(['jmxTool', 'jolokia', 'prometheus'] as const)('on KRaft, by %s', (source) => {
  it('a broker has its own gauges, and none of a controller', async () => {
    const found = await complete(readers[source], broker.id, ({ brokerState }) => brokerState === 3);
    expect(found).toEqual({ ...none, sampledAtMs: 0, underReplicatedPartitions: 0, brokerState: 3, version });
    expect(readers[source].trouble(broker.id)).toBeNull();
  });

  it('a controller has its own gauges, and none of a broker', async () => {
    const found = await complete(readers[source], controller.id, ({ activeControllers }) => activeControllers === 1);
    expect(found).toEqual({ ...none, sampledAtMs: 0, offlinePartitions: 0, activeControllers: 1, version });
    expect(readers[source].trouble(controller.id)).toBeNull();
  });

  it('the controller tells that no migration is under way', async () => {
    expect(await readers[source].zkMigrationState(controller.id)).toBe(0);
  });
});
