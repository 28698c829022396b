import type { KafkaRelease } from './kafka-release';
import { log4j1Files, log4j2Files } from './kafka-log-config';

/** The texts of `config/` for a release, by path below it: small defaults for one node on one machine. */
export function kafkaConfigFiles(release: KafkaRelease): Map<string, string> {
  const files = new Map<string, string>(release.usesLog4j2 ? log4j2Files : log4j1Files);
  if (release.hasZooKeeper) {
    files.set('server.properties', zooKeeperModeServer + commonServer('/tmp/kafka-logs'));
    files.set('zookeeper.properties', zooKeeper);
  } else {
    files.set('server.properties', kraftServer + commonServer('/tmp/kraft-combined-logs'));
  }
  if (release.hasKraftConfigDirectory) {
    files.set('kraft/server.properties', kraftServer + commonServer('/tmp/kraft-combined-logs'));
  }
  return files;
}

const zooKeeperModeServer = `# A broker that keeps its metadata in ZooKeeper.
broker.id=0
listeners=PLAINTEXT://:9092
zookeeper.connect=localhost:2181
zookeeper.connection.timeout.ms=18000
`;

const kraftServer = `# Broker and controller in one process (KRaft). Format the storage first: bin/kafka-storage.sh format.
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:9093
listeners=PLAINTEXT://:9092,CONTROLLER://:9093
advertised.listeners=PLAINTEXT://localhost:9092
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
`;

const commonServer = (logDirectory: string): string => `
# Where the partitions are. Several directories are separated by commas.
log.dirs=${logDirectory}
num.partitions=1
num.recovery.threads.per.data.dir=1

# One node cannot hold more than one replica.
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1

log.retention.hours=168
log.segment.bytes=1073741824
log.retention.check.interval.ms=300000
group.initial.rebalance.delay.ms=0
`;

const zooKeeper = `# A single ZooKeeper server.
dataDir=/tmp/zookeeper
clientPort=2181
maxClientCnxns=0
admin.enableServer=false
`;
