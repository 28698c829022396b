import path from 'node:path';
import { ensureCached, type ProvisionLog } from './cache';
import { fetchWithMaven } from './maven-libraries';

const jolokia = '2.2.9';
const exporter = '1.0.1';
/** Raise it when the layout of the directory changes. */
const revision = 1;

/** Java agents that tell a JVM's gauges by HTTP, each one jar that has all it needs. */
export interface JmxAgents {
  directory: string;
  /** Jar of Jolokia's JVM agent. */
  jolokia: string;
  /** Jar of the Prometheus JMX exporter. */
  prometheus: string;
}

/** The agents that the gauge readers are tested with, fetched with Maven on first use. */
export async function ensureJmxAgents({ log }: { log: ProvisionLog }): Promise<JmxAgents> {
  const title = `JMX agents (Jolokia ${jolokia}, Prometheus JMX exporter ${exporter})`;
  // Both jars bring their libraries; what their poms name besides would be fetched for nothing.
  const without = ['*:*'];
  const artifacts = [
    { group: 'org.jolokia', artifact: 'jolokia-agent-jvm', version: jolokia, classifier: 'javaagent', without },
    { group: 'io.prometheus.jmx', artifact: 'jmx_prometheus_javaagent', version: exporter, without },
  ];
  const directory = await ensureCached({
    title,
    location: `jmx-agents/jolokia-${jolokia}-exporter-${exporter}`,
    revision,
    log,
    build: async (target) => {
      const jars = await fetchWithMaven({ title, artifacts, directory: target, log });
      log(`${title}: ready, ${String(jars)} jars`);
    },
  });
  return {
    directory,
    jolokia: path.join(directory, `jolokia-agent-jvm-${jolokia}-javaagent.jar`),
    prometheus: path.join(directory, `jmx_prometheus_javaagent-${exporter}.jar`),
  };
}
