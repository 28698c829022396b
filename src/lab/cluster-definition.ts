import { Document, isSeq } from 'yaml';
import type { ClusterMode, NodeRole } from '../domain/cluster/cluster';
import type { LabSsh } from './lab-types';
import { LAB_PORTS } from './network';

/**
 * The environment that Kafka's scripts are started with, one for all hosts: each host's own `/etc/hosts` maps `self` to
 * its address, so that every JVM binds JMX to its own host only although all of them share one loopback interface.
 */
export function serviceEnvironment(javaHome: string): Record<string, string> {
  const jmx = [
    '-Dcom.sun.management.jmxremote',
    '-Dcom.sun.management.jmxremote.authenticate=false',
    '-Dcom.sun.management.jmxremote.ssl=false',
    '-Dcom.sun.management.jmxremote.host=self',
    '-Djava.rmi.server.hostname=self',
  ];
  return {
    JAVA_HOME: javaHome,
    LOG_DIR: '/var/log/kafka',
    KAFKA_HEAP_OPTS: '-Xmx384m',
    // A lab's brokers live for minutes, all on one machine: the optimizing compiler would take more time than it saves.
    KAFKA_JVM_PERFORMANCE_OPTS: '-server -XX:+UseSerialGC -XX:TieredStopAtLevel=1',
    JMX_PORT: String(LAB_PORTS.jmx),
    KAFKA_JMX_OPTS: jmx.join(' '),
  };
}

/** The hosts' own logging configurations, as operators keep them: outside of the release that is replaced. */
const LOGGING_FILES = { log4j: '/etc/kafka/log4j.properties', log4j2: '/etc/kafka/log4j2.yaml' };

/** KAFKA_LOG4J_OPTS for a release: Log4j 2 from 4.0 on. */
export function loggingOptions(release: string): string {
  return /^[0-3]\./.test(release)
    ? `-Dlog4j.configuration=file:${LOGGING_FILES.log4j}`
    : `-Dlog4j2.configurationFile=file:${LOGGING_FILES.log4j2}`;
}

/** What the definition file of a lab's cluster is made from. */
export interface LabDefinitionInput {
  cluster: string;
  mode: ClusterMode;
  nodes: { id: number; roles: readonly NodeRole[]; address: string }[];
  ssh: LabSsh;
  javaHome: string;
}

/** The text of `<cluster>.yaml`: the cluster definition that an operator would write for this lab. */
export function clusterDefinitionText(input: LabDefinitionInput): string {
  const document = new Document({
    cluster: input.cluster,
    mode: input.mode,
    nodes: input.nodes.map(({ id, roles, address }) => ({
      id,
      ...(input.mode === 'kraft' ? { roles } : {}),
      host: address,
      kafka: `${address}:${String(roles.includes('broker') ? LAB_PORTS.kafka : LAB_PORTS.controller)}`,
      jmx: `${address}:${String(LAB_PORTS.jmx)}`,
    })),
    ssh: {
      user: input.ssh.user,
      port: input.ssh.port,
      privateKeyFile: input.ssh.keyFile,
      knownHostsFile: input.ssh.knownHostsFile,
    },
    paths: {
      config: '/etc/kafka/server.properties',
      current: '/opt/kafka',
      releases: '/opt/kafka-releases/kafka_2.13-{version}',
      state: '/var/lib/kafka-upgrade',
      logs: '/var/log/kafka',
    },
    service: { type: 'scripts', environment: serviceEnvironment(input.javaHome), logging: LOGGING_FILES },
    policy: { soakSeconds: 0 },
  });
  document.commentBefore = ' A cluster of the local lab: written when the lab was started.';
  const nodes = document.get('nodes');
  if (isSeq(nodes)) for (const node of nodes.items) Object.assign(node as object, { flow: true });
  return document.toString({ lineWidth: 0 });
}
