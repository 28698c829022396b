import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrokerProcess } from '../../src/domain/cluster/cluster';
import { SshBrokerHost } from '../../src/hosts/ssh-broker-host';
import { askAgent } from '../../src/jmx/http-exchange';
import { ensureJmxAgents } from '../../src/lab/provision/jmx-agents';
import type { HostSession } from '../../src/ssh/host-session';
import { SessionPool } from '../../src/ssh/session-pool';
import { awaitExit, restart, startBroker } from './restart-by-hand';
import { leaseOf } from './fake-kafka-host';
import { makeRealKafkaHost, type RealKafkaHost } from './real-kafka-host';
import { startSshd } from './sshd';
import { until } from './until';

/** A real broker of Kafka 3.7.2 with both agents in its JVM, on an address of its own; the test starts and stops it. */
export interface GaugedBroker {
  kafka: RealKafkaHost;
  session: HostSession;
  jolokiaUrl: string;
  exporterUrl: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Gives the exporter another configuration while it runs, and waits until its answer has the sign. */
  configure(configuration: string, sign: RegExp): Promise<void>;
  /** Stops all of it, as far as it was started. */
  close(): Promise<void>;
}

/** Lays out the host and starts its ZooKeeper; the exporter begins without rules. */
export const makeGaugedBroker = async (address: string): Promise<GaugedBroker> => {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-upgrade-'));
  const rulesFile = join(folder, 'exporter.yml');
  writeFileSync(rulesFile, '{}\n');
  const agents = await ensureJmxAgents({ log: () => undefined });
  const server = await startSshd(address);
  const options = [
    `-javaagent:${agents.jolokia}=host=${address},port=8778`,
    `-javaagent:${agents.prometheus}=${address}:7071:${rulesFile}`,
  ];
  const kafka = await makeRealKafkaHost(address, '3.7.2', { KAFKA_OPTS: options.join(' ') });
  const pool = new SessionPool();
  const session = pool.session(server.target);
  const broker = startable(new SshBrokerHost(session, kafka.cluster, kafka.node));
  const close = async (): Promise<void> => {
    await broker.stop();
    await pool.close();
    await kafka.stop();
    await server.stop();
    rmSync(folder, { recursive: true });
  };
  const exporterUrl = `http://${address}:7071/metrics`;
  const jolokiaUrl = `http://${address}:8778/jolokia/`;
  return { kafka, session, jolokiaUrl, exporterUrl, ...broker, configure: configurer(rulesFile, exporterUrl), close };
};

const configurer = (rulesFile: string, url: string): GaugedBroker['configure'] => {
  let changes = 0;
  return async (configuration, sign) => {
    writeFileSync(rulesFile, configuration);
    // The exporter looks at the time of its file, in whole seconds.
    utimesSync(rulesFile, new Date(), new Date(Date.now() + (changes += 2) * 1_000));
    await until('the new names', async () => sign.test(await askAgent({ url })));
  };
};

const startable = (host: SshBrokerHost): Pick<GaugedBroker, 'start' | 'stop'> => {
  let running: BrokerProcess | null = null;
  let step = 0;
  const nextLease = () => leaseOf({ step: (step += 1) });
  return {
    start: async () => {
      running = await startBroker(host, nextLease());
    },
    stop: async () => {
      if (running === null) return;
      const target = { restart, process: running, gateBegan: await host.clock(), maxGateAgeSeconds: 15 };
      await host.requestStop(nextLease(), target);
      if (!(await awaitExit(host, running, 60_000))) throw new Error('the broker did not end within a minute');
      running = null;
    },
  };
};
