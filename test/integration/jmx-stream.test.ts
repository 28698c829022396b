import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrokerProcess } from '../../src/domain/cluster/cluster';
import { SshBrokerHost } from '../../src/hosts/ssh-broker-host';
import { JmxToolGaugeReader } from '../../src/jmx/jmxtool-stream';
import { SessionPool } from '../../src/ssh/session-pool';
import { leaseOf } from '../support/fake-kafka-host';
import { makeRealKafkaHost, type RealKafkaHost } from '../support/real-kafka-host';
import { awaitExit, restart, startBroker } from '../support/restart-by-hand';
import { startSshd, type TestSshd } from '../support/sshd';
import { until } from '../support/until';

jest.setTimeout(180_000);

let server: TestSshd;
let kafka: RealKafkaHost;
let pool: SessionPool;
let host: SshBrokerHost;
let reader: JmxToolGaugeReader;
let broker: BrokerProcess;
let step = 1;

beforeAll(async () => {
  // One after the other: when sshd cannot be had, there is no Kafka yet that nobody could stop.
  server = await startSshd('127.0.31.3');
  kafka = await makeRealKafkaHost('127.0.31.3', '3.7.2');
  pool = new SessionPool();
  host = new SshBrokerHost(pool.session(server.target), kafka.cluster, kafka.node);
  reader = new JmxToolGaugeReader(kafka.cluster, () => pool.session(server.target));
  reader.open(1);
  broker = await startBroker(host, leaseOf());
});
afterAll(async () => {
  await reader.close();
  await stopBroker();
  await pool.close();
  await kafka.stop();
  await server.stop();
});

const stopBroker = async (): Promise<void> => {
  const lease = leaseOf({ step: (step += 1) });
  await host.requestStop(lease, { restart, process: broker, gateBegan: await host.clock(), maxGateAgeSeconds: 15 });
  expect(await awaitExit(host, broker, 60_000)).toBe(true);
};

/** JmxTool processes of this test's broker, by their command lines. */
const jmxTools = (): string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return words.includes('JmxTool') && words.includes(kafka.node.jmx);
    } catch {
      return false;
    }
  });

const running = {
  activeControllers: 1,
  brokerState: 3,
  offlinePartitions: 0,
  underReplicatedPartitions: 0,
  version: '3.7.2',
};

it('streams the gauges of a real broker, and heals when the broker is restarted', async () => {
  const first = await until(
    'all gauges of the first start',
    () => {
      const gauges = reader.latest(1, 1_000);
      return gauges?.brokerState === 3 && gauges.activeControllers === 1 ? gauges : null;
    },
    60_000,
  );
  expect(first).toMatchObject(running);
  expect(Math.abs(first.sampledAtMs - Date.now())).toBeLessThan(5_000);
  expect(reader.trouble(1)).toBeNull();
  expect((await reader.next(1, 5_000))?.sampledAtMs).toBeGreaterThan(first.sampledAtMs);

  await stopBroker();
  reader.reset(1);
  expect(reader.latest(1, 60_000)).toBeNull();
  expect(await reader.next(1, 300)).toBeNull();
  await until('a reason', () => reader.trouble(1));
  expect(
    await host.awaitStop({
      process: null,
      timeoutMs: 1_000,
      logDirectories: [join(kafka.cluster.paths.config, '../../data')],
    }),
  ).toMatchObject({
    cleanShutdownMarkers: [{ present: true }],
    logTail: expect.stringContaining('shut down completed'),
  });

  broker = await startBroker(host, leaseOf({ step: (step += 1) }));
  const healed = await until(
    'the gauges of the second start',
    () => {
      const gauges = reader.latest(1, 1_000);
      return gauges?.brokerState === 3 && gauges.activeControllers === 1 ? gauges : null;
    },
    60_000,
  );
  expect(healed).toMatchObject(running);
});

it('lists the client software that is connected', async () => {
  const consumer = spawn(
    join(kafka.cluster.paths.current, 'bin', 'kafka-console-consumer.sh'),
    ['--bootstrap-server', kafka.node.kafka, '--topic', 'clients'],
    { stdio: 'ignore', env: { ...process.env, KAFKA_HEAP_OPTS: '-Xmx64m' } },
  );
  try {
    const known = { nodeId: 1, listener: 'PLAINTEXT', name: 'apache-kafka-java', version: '3.7.2' };
    const found = await until(
      'the consumer is listed',
      async () => (await reader.clients(1)).software.find(({ name }) => name === known.name),
      60_000,
    );
    expect(found).toMatchObject(known);
    expect(found.connections).toBeGreaterThan(0);
  } finally {
    consumer.kill('SIGTERM');
    await until('the consumer ends', () => consumer.exitCode !== null || consumer.signalCode !== null);
  }
});

it('finds the same facts on the host as the broker has', async () => {
  const facts = await host.inspect({ targetVersion: '3.8.1' });
  expect(facts).toMatchObject({ installedVersion: '3.7.2', targetRelease: null, process: broker });
});

it('leaves no JmxTool behind when it is closed', async () => {
  const extra = new JmxToolGaugeReader(kafka.cluster, () => pool.session(server.target));
  const before = jmxTools().length;
  extra.open(1);
  expect(await extra.next(1, 30_000)).toMatchObject(running);
  expect(jmxTools().length).toBe(before + 1);
  await extra.close();
  await until('only the first is left', () => jmxTools().length === before);
});

it('leaves no JmxTool behind when it is closed before its JVM is up', async () => {
  const extra = new JmxToolGaugeReader(kafka.cluster, () => pool.session(server.target));
  const before = jmxTools().length;
  extra.open(1);
  await until('a second JmxTool', () => jmxTools().length > before);
  await extra.close();
  await until('only the first is left', () => jmxTools().length === before);
});

it('leaves no JmxTool behind when the process that holds the stream is killed', async () => {
  const before = jmxTools().length;
  const input = JSON.stringify({ target: server.target, cluster: kafka.cluster });
  const script = join(__dirname, '../support/jmx-stream-worker.ts');
  const worker = spawn(process.execPath, ['--import', 'tsx', script, input], { stdio: 'ignore' });
  await until('the other process has its JmxTool', () => jmxTools().length > before, 30_000);
  worker.kill('SIGKILL');
  await until('its JmxTool is gone', () => jmxTools().length === before);
});
