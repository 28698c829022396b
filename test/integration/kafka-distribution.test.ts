import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { distributionRevision, ensureKafkaDistribution } from '../../src/lab/provision/kafka-distribution';
import { manifestProblems } from '../../src/lab/provision/manifest';
import { freePort } from '../../src/lab/provision/temporal-server';
import { until } from '../support/until';

const version = '3.8.1';
const nodeId = 71;
const ip = '127.0.78.1';
const startLimitMs = 90_000;

/** A ZooKeeper and a broker of the distribution, started by its scripts in the foreground. */
interface Running {
  distribution: string;
  directory: string;
  bootstrap: string;
  jmxUrl: string;
  broker: ChildProcess;
  zooKeeper: ChildProcess;
}

let running: Running;

const script = (name: string): string => join(running.distribution, 'bin', name);

async function tool(name: string, args: string[]): Promise<string> {
  const env = { ...process.env, KAFKA_HEAP_OPTS: '-Xmx128m' };
  const { stdout } = await promisify(execFile)(script(name), args, { env, timeout: 60_000 });
  return stdout;
}

function startServer(file: string, args: string[], environment: Record<string, string>): ChildProcess {
  const env = { ...process.env, ...environment };
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const console = createWriteStream(join(environment['LOG_DIR'] ?? '', 'console.out'), { flags: 'a' });
  child.stdout.pipe(console);
  child.stderr.resume();
  return child;
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: ip, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });

async function start(): Promise<Running> {
  const distribution = await ensureKafkaDistribution(version, { log: () => undefined });
  const directory = await mkdtemp(join(tmpdir(), 'kafka-upgrade-distribution-'));
  const [zooKeeperPort, port, jmx] = [await freePort(ip), await freePort(ip), await freePort(ip)];
  const zooKeeperFile = join(directory, 'zookeeper.properties');
  const zooKeeperLines = [`dataDir=${directory}/zookeeper`, `clientPort=${zooKeeperPort}`, `clientPortAddress=${ip}`];
  writeFileSync(zooKeeperFile, [...zooKeeperLines, 'admin.enableServer=false', ''].join('\n'));
  const file = join(directory, 'server.properties');
  const lines = [
    `node.id=${nodeId}`,
    `listeners=PLAINTEXT://${ip}:${port}`,
    `zookeeper.connect=${ip}:${zooKeeperPort}`,
    `log.dirs=${directory}/data`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const environment = { LOG_DIR: directory, KAFKA_HEAP_OPTS: '-Xmx256m' };
  const bin = join(distribution, 'bin');
  const zooKeeper = startServer(join(bin, 'zookeeper-server-start.sh'), [zooKeeperFile], environment);
  await until('ZooKeeper answers', () => accepts(zooKeeperPort), startLimitMs);
  const args = [file, '--override', 'num.partitions=3'];
  const broker = startServer(join(bin, 'kafka-server-start.sh'), args, { ...environment, JMX_PORT: String(jmx) });
  const jmxUrl = `service:jmx:rmi:///jndi/rmi://127.0.0.1:${jmx}/jmxrmi`;
  return { distribution, directory, bootstrap: `${ip}:${port}`, jmxUrl, broker, zooKeeper };
}

const serverLog = (): string => {
  const file = join(running.directory, 'server.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

beforeAll(async () => {
  running = await start();
  await until('the broker has started', () => serverLog().includes(`[KafkaServer id=${nodeId}] started`), startLimitMs);
}, 2 * startLimitMs);

afterAll(async () => {
  for (const child of [running.broker, running.zooKeeper]) {
    if (hasEnded(child)) continue;
    child.kill('SIGKILL');
    await until('the process ended', () => hasEnded(child));
  }
  await rm(running.directory, { recursive: true, force: true });
});

describe(`the distribution of Kafka ${version}`, () => {
  it('holds what its manifest records, to the last byte', async () => {
    await expect(manifestProblems(running.distribution, distributionRevision, 'sha256')).resolves.toEqual([]);
  });

  it('creates and describes topics, with the settings given by --override', async () => {
    const server = ['--bootstrap-server', running.bootstrap];
    await tool('kafka-topics.sh', [...server, '--create', '--topic', 'orders']);
    const described = await tool('kafka-topics.sh', [...server, '--describe', '--topic', 'orders']);
    expect(described).toContain('PartitionCount: 3');
    expect(described).toMatch(new RegExp(`Leader: ${nodeId}\\s+Replicas: ${nodeId}\\s+Isr: ${nodeId}`));
  });

  it('lists the API versions of the broker', async () => {
    const listed = await tool('kafka-broker-api-versions.sh', ['--bootstrap-server', running.bootstrap]);
    expect(listed).toContain(`${running.bootstrap} (id: ${nodeId} rack: null)`);
  });

  it('reads the running version over JMX', async () => {
    const bean = ['--object-name', `kafka.server:type=app-info,id=${nodeId}`, '--attributes', 'Version'];
    const format = ['--one-time', 'true', '--report-format', 'properties'];
    const read = await tool('kafka-jmx.sh', ['--jmx-url', running.jmxUrl, ...bean, ...format]);
    expect(read).toContain(`kafka.server:type=app-info,id=${nodeId}:Version=${version}`);
  });

  it('stops the broker that is named, and only that, in an orderly way', async () => {
    await expect(tool('kafka-server-stop.sh', ['--node-id=9999'])).rejects.toThrow('Command failed');
    expect(hasEnded(running.broker)).toBe(false);
    await tool('kafka-server-stop.sh', [`--node-id=${nodeId}`]);
    await until('the broker ended', () => hasEnded(running.broker), 60_000);
    expect(serverLog()).toContain(`[KafkaServer id=${nodeId}] shut down completed`);
    expect(existsSync(join(running.directory, 'data', '.kafka_cleanshutdown'))).toBe(true);
    expect(hasEnded(running.zooKeeper)).toBe(false);
  });
});
