import type { KafkaRelease } from './kafka-release';
import type { MavenArtifact } from './maven-pom';

/** Kafka Connect comes with kafka-tools, is not part of a broker, and was not published for every release (4.0.1). */
const connect = ['connect-api', 'connect-json', 'connect-runtime', 'connect-transforms'];

/** The releases of log4j2 and Jackson that came with each 4.x release; the poms leave the logging backend out. */
function loggingOf4x(version: string): { log4j: string; jackson: string } {
  if (version.startsWith('4.0.')) return { log4j: '2.24.3', jackson: '2.16.2' };
  if (version.startsWith('4.1.')) return { log4j: '2.24.3', jackson: '2.19.0' };
  return { log4j: '2.25.4', jackson: '2.21.2' };
}

/** The Maven artifacts that together are a complete distribution of a release: broker, ZooKeeper, tools and logging. */
export function kafkaArtifacts(release: KafkaRelease): MavenArtifact[] {
  const { version } = release;
  const without = connect.map((name) => `org.apache.kafka:${name}`);
  const kafka: MavenArtifact[] = [
    { group: 'org.apache.kafka', artifact: 'kafka_2.13', version },
    { group: 'org.apache.kafka', artifact: 'kafka-tools', version, without },
  ];
  if (!release.usesLog4j2) return kafka;
  const { log4j, jackson } = loggingOf4x(version);
  const logging = ['log4j-slf4j-impl', 'log4j-api', 'log4j-core', 'log4j-1.2-api'];
  return [
    ...kafka,
    ...logging.map((artifact) => ({ group: 'org.apache.logging.log4j', artifact, version: log4j })),
    // log4j2 reads its YAML files with it.
    { group: 'com.fasterxml.jackson.dataformat', artifact: 'jackson-dataformat-yaml', version: jackson },
  ];
}
