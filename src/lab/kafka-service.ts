import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { loggingOptions, serviceEnvironment } from './cluster-definition';
import { hostInit } from './host';
import type { LabSsh } from './lab-types';
import type { HostState } from './lab-state';
import { LAB_PORTS } from './network';
import { processesInNamespaceOf, type NamespaceProcess } from './process-identity';
import { runOverSsh } from './ssh-access';
import { until } from './until';
import { shellQuote } from '../ssh/shell-quote';
import { isListening } from '../kafka/is-listening';

// `[KafkaServer id=1] started` with ZooKeeper, `[KafkaRaftServer nodeId=1] Kafka Server started` on KRaft.
const STARTED = /\[Kafka(Raft)?Server (node)?[iI]d=\d+\] (Kafka Server )?started/;
const BROKER_CLASS = 'kafka.Kafka';
const ZOOKEEPER_CLASS = 'org.apache.zookeeper.server.quorum.QuorumPeerMain';
// A cold start of four JVMs on two busy cores was seen to take 25 s; an idle machine needs under 10.
const START_LIMIT_MS = 120_000;
// With -daemon the script returns before its child has become the JVM.
const APPEAR_LIMIT_MS = 10_000;

/** What is needed to start a service on a host over SSH. */
export interface ServiceStart {
  /** The release that starts: it decides about the logging configuration. */
  release: string;
  ssh: LabSsh;
  javaHome: string;
  signal?: AbortSignal | undefined;
}

/** Starts ZooKeeper as an operator would and waits until it accepts connections. */
export async function startZooKeeper(host: HostState, start: ServiceStart): Promise<void> {
  const environment = { JAVA_HOME: start.javaHome, LOG_DIR: '/var/log/kafka', KAFKA_HEAP_OPTS: '-Xmx128m' };
  await startByScript(host, start, {
    environment,
    command: '/opt/kafka/bin/zookeeper-server-start.sh -daemon /etc/kafka/zookeeper.properties',
  });
  await awaitService(host, start, {
    what: 'ZooKeeper',
    ready: () => isListening(`${host.address}:${LAB_PORTS.zookeeper}`),
  });
}

/** How the storage of a KRaft node is formatted. */
export interface StorageFormat {
  clusterId: string;
  metadataVersion: string | undefined;
  features: Record<string, number>;
}

/** Formats the storage of a KRaft node, as an operator would before its first start. */
export async function formatStorage(host: HostState, start: ServiceStart, format: StorageFormat): Promise<void> {
  const { clusterId, metadataVersion, features } = format;
  const words = [
    ...['--cluster-id', clusterId, '--config', '/etc/kafka/server.properties'],
    ...(metadataVersion === undefined ? [] : ['--release-version', metadataVersion]),
    ...Object.entries(features).flatMap(([name, level]) => ['--feature', `${name}=${String(level)}`]),
  ];
  await startByScript(host, start, {
    environment: {
      JAVA_HOME: start.javaHome,
      LOG_DIR: '/var/log/kafka',
      KAFKA_HEAP_OPTS: '-Xmx128m',
      KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1',
    },
    command: `/opt/kafka/bin/kafka-storage.sh format ${words.map(shellQuote).join(' ')}`,
  });
}

/** Starts a broker or controller as an operator would and waits until its own log says that it has started. */
export async function startNode(host: HostState, start: ServiceStart): Promise<void> {
  await startByScript(host, start, {
    environment: { ...serviceEnvironment(start.javaHome), KAFKA_LOG4J_OPTS: loggingOptions(start.release) },
    command: '/opt/kafka/bin/kafka-server-start.sh -daemon /etc/kafka/server.properties',
  });
  const log = join(host.root, 'var/log/kafka/server.log');
  await awaitService(host, start, { what: 'Kafka', ready: () => fileHolds(log, STARTED) });
}

/** Waits until a broker of the cluster reports all of them as registered, and an active controller. */
export async function awaitRegistered(brokers: HostState[], signal?: AbortSignal): Promise<void> {
  const admin = new Kafka({
    clientId: 'lab',
    brokers: brokers.map(({ address }) => `${address}:${String(LAB_PORTS.kafka)}`),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    await until(
      async () => {
        const seen = await admin.describeCluster().catch(() => null);
        return seen?.brokers.length === brokers.length && seen.controller !== null ? true : null;
      },
      { what: `registration of ${String(brokers.length)} brokers`, timeoutMs: 60_000, everyMs: 100, signal },
    );
  } finally {
    await admin.disconnect();
  }
}

/** The host's Kafka or ZooKeeper JVM, or null when none runs. */
export function serviceProcess(host: HostState): NamespaceProcess | null {
  const init = hostInit(host.root);
  const mainClass = host.nodeId === null ? ZOOKEEPER_CLASS : BROKER_CLASS;
  const processes = init === null ? [] : processesInNamespaceOf(init.pid);
  return processes.find((process) => process.arguments.includes(mainClass)) ?? null;
}

async function startByScript(
  host: HostState,
  start: ServiceStart,
  service: { environment: Record<string, string>; command: string },
): Promise<void> {
  const assignments = Object.entries(service.environment).map(([name, value]) => `${name}=${shellQuote(value)}`);
  const command = `env ${assignments.join(' ')} ${service.command}`;
  const options = start.signal ? { signal: start.signal } : {};
  const result = await runOverSsh({ ssh: start.ssh, address: host.address }, command, options);
  if (result.exitCode === 0) return;
  throw new Error(`${host.name}: ${service.command}: exit code ${String(result.exitCode)}: ${result.stderr.trim()}`);
}

async function awaitService(
  host: HostState,
  start: ServiceStart,
  service: { what: string; ready: () => Promise<boolean> },
): Promise<void> {
  const appearsBy = performance.now() + APPEAR_LIMIT_MS;
  let seen = false;
  await until(
    async () => {
      if (await service.ready()) return true;
      if (serviceProcess(host) !== null) {
        seen = true;
        return null;
      }
      if (!seen && performance.now() < appearsBy) return null;
      throw new Error(`${host.name}: ${service.what} ended while starting; see ${host.root}/var/log/kafka`);
    },
    { what: `${service.what} on ${host.name}`, timeoutMs: START_LIMIT_MS, everyMs: 100, signal: start.signal },
  );
}

async function fileHolds(path: string, text: RegExp): Promise<boolean> {
  if (!existsSync(path)) return false;
  const file = await open(path);
  try {
    return text.test(await file.readFile('utf8'));
  } finally {
    await file.close();
  }
}
