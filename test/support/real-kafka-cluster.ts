import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureKafkaDistribution } from '../../src/lab/provision/kafka-distribution';
import { until } from './until';
import { isListening } from '../../src/kafka/is-listening';

const KAFKA_PORT = 9092;
const ZOOKEEPER_PORT = 2181;

export interface RealKafkaClusterOptions {
  version: string;
  /** First three numbers of the addresses: broker N listens on `prefix.N`, ZooKeeper on `prefix.9`. */
  prefix: string;
  nodeIds: number[];
}

const hasEnded = (process: ChildProcess): boolean => process.exitCode !== null || process.signalCode !== null;

/** Some real brokers and a ZooKeeper, as child processes of the test, each on an address of its own. */
export class RealKafkaCluster {
  private readonly root = mkdtempSync(join(tmpdir(), 'kafka-upgrade-'));
  private readonly processes = new Map<string, ChildProcess>();

  private constructor(
    private readonly options: RealKafkaClusterOptions,
    private readonly distribution: string,
  ) {}

  static async start(options: RealKafkaClusterOptions): Promise<RealKafkaCluster> {
    const distribution = await ensureKafkaDistribution(options.version, { log: () => undefined });
    const cluster = new RealKafkaCluster(options, distribution);
    try {
      await cluster.startZooKeeper();
      await Promise.all(options.nodeIds.map((nodeId) => cluster.startBroker(nodeId)));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  get nodes(): { id: number; kafka: string }[] {
    return this.options.nodeIds.map((id) => ({ id, kafka: `${this.address(id)}:${KAFKA_PORT}` }));
  }

  address(nodeId: number): string {
    return `${this.options.prefix}.${nodeId}`;
  }

  /** Resolves when the broker's port accepts connections, with the time it did so first. */
  async startBroker(nodeId: number): Promise<number> {
    const name = `broker-${nodeId}`;
    const lines = [
      `broker.id=${nodeId}`,
      `listeners=PLAINTEXT://${this.address(nodeId)}:${KAFKA_PORT}`,
      `zookeeper.connect=${this.options.prefix}.9:${ZOOKEEPER_PORT}`,
      `log.dirs=${join(this.root, name)}`,
      'num.network.threads=2',
      'num.io.threads=2',
      'offsets.topic.num.partitions=2',
      `offsets.topic.replication.factor=${this.options.nodeIds.length}`,
      'group.initial.rebalance.delay.ms=0',
      'auto.create.topics.enable=false',
    ];
    this.spawn(name, { script: 'kafka-server-start.sh', lines, heap: '-Xmx256m' });
    await this.untilListening(name, this.address(nodeId), KAFKA_PORT);
    return performance.now();
  }

  /** A graceful stop: resolves when the process is gone. */
  stopBroker(nodeId: number): Promise<void> {
    return this.end(`broker-${nodeId}`, 'SIGTERM');
  }

  async stop(): Promise<void> {
    await Promise.all(this.options.nodeIds.map((nodeId) => this.end(`broker-${nodeId}`, 'SIGKILL')));
    await this.end('zookeeper', 'SIGKILL');
    rmSync(this.root, { recursive: true, force: true });
  }

  private async startZooKeeper(): Promise<void> {
    const address = `${this.options.prefix}.9`;
    const lines = [
      `dataDir=${join(this.root, 'zookeeper')}`,
      `clientPort=${ZOOKEEPER_PORT}`,
      `clientPortAddress=${address}`,
      'admin.enableServer=false',
    ];
    this.spawn('zookeeper', { script: 'zookeeper-server-start.sh', lines, heap: '-Xmx96m' });
    await this.untilListening('zookeeper', address, ZOOKEEPER_PORT);
  }

  private spawn(name: string, { script, lines, heap }: { script: string; lines: string[]; heap: string }): void {
    const config = join(this.root, `${name}.properties`);
    writeFileSync(config, `${lines.join('\n')}\n`);
    const environment = { KAFKA_HEAP_OPTS: heap, LOG_DIR: join(this.root, `${name}-log`) };
    const child = spawn(join(this.distribution, 'bin', script), [config], {
      stdio: ['ignore', 'ignore', 'ignore'],
      env: { ...process.env, ...environment },
    });
    this.processes.set(name, child);
  }

  private async untilListening(name: string, host: string, port: number): Promise<void> {
    const child = this.processes.get(name);
    const listening = async (): Promise<boolean> => {
      if (child && hasEnded(child)) throw new Error(`${name} ended: ${this.logTail(name)}`);
      return await isListening(`${host}:${port}`);
    };
    await until(`${name} listens on ${host}:${port}`, listening, 90_000);
  }

  private logTail(name: string): string {
    try {
      return readFileSync(join(this.root, `${name}-log`, 'server.log'), 'utf8').slice(-1_000);
    } catch {
      return 'no log';
    }
  }

  private async end(name: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.processes.get(name);
    if (child === undefined || hasEnded(child)) return;
    child.kill(signal);
    await until(`${name} ends`, () => hasEnded(child), 60_000);
  }
}
