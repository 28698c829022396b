import { change, docs, kraftChange, zookeeperChange } from './notable-change';
import type { NotableChange } from './notable-change';

/** What changed in the releases of 3.x, oldest first. */
export const changesOf3: readonly NotableChange[] = [
  zookeeperChange('3.0.0', {
    title: 'log.message.format.version is ignored',
    detail: 'From protocol 3.0 on brokers write the newest record format, whatever log.message.format.version says.',
    action: 'Remove log.message.format.version from server.properties together with the new protocol.',
    source: 'KIP-724',
  }),
  change('3.0.0', {
    title: 'old listener and quota settings are gone',
    detail:
      'port, host.name, advertised.port, advertised.host.name, quota.producer.default and quota.consumer.default are no longer read: a broker that relies on them listens elsewhere or without quota, with no more than a warning.',
    action: 'Use listeners, advertised.listeners and dynamic quotas instead, before the upgrade.',
    source: docs('3.0.0'),
  }),
  change('3.0.0', {
    title: 'custom principal builders must serialize',
    detail:
      'A class in principal.builder.class must implement KafkaPrincipalSerde, otherwise brokers cannot forward requests.',
    action: 'Check principal.builder.class; update the class on every host.',
    source: docs('3.0.0'),
  }),
  zookeeperChange('3.0.0', {
    title: 'SimpleAclAuthorizer is gone',
    detail:
      'The Scala authorizer interface and kafka.security.auth.SimpleAclAuthorizer were removed; a broker that names them does not start.',
    action: 'Set authorizer.class.name to kafka.security.authorizer.AclAuthorizer, before the upgrade.',
    source: docs('3.0.0'),
  }),
  change('3.0.0', {
    title: 'tools no longer take --zookeeper',
    detail: 'kafka-topics and kafka-reassign-partitions lost the option; kafka-preferred-replica-election is gone.',
    action: 'Change your scripts to --bootstrap-server and kafka-leader-election.',
    source: 'KIP-500; docs/upgrade.html 3.0.0',
  }),
  zookeeperChange('3.1.0', {
    title: 'fetch requests carry topic ids',
    detail:
      'From protocol 3.1 on replicas fetch by topic id. A topic that was created again under its old name is told apart.',
    action: 'Nothing; one more reason why the protocol cannot be taken back.',
    source: 'KIP-516',
  }),
  change('3.2.0', {
    title: 'reload4j takes the place of log4j 1',
    detail: 'The configuration stays the same; a log4j 1 jar of your own on the class path would now clash.',
    action: 'Remove own log4j 1 jars from libs and CLASSPATH.',
    source: docs('3.2.0'),
  }),
  change('3.2.0', {
    title: 'newer producers are idempotent by default',
    detail:
      'Producers of 3.2 and later ask for idempotence by default; with ACLs, brokers before 2.8 would need IDEMPOTENT_WRITE for that.',
    action: 'Nothing on brokers of 2.8 or later; know it before clients are upgraded.',
    source: 'KAFKA-13598; docs/upgrade.html 3.2.0',
  }),
  {
    since: '3.3.0',
    until: '3.5.1',
    mode: null,
    title: 'listener.security.protocol.map is case-sensitive by mistake',
    detail: 'These releases accept security protocols in upper case only.',
    action: 'Write security protocols in upper case, or choose 3.5.2 or later.',
    source: docs('3.5.1'),
  },
  change('3.4.0', {
    title: 'JndiLoginModule is refused',
    detail: 'com.sun.security.auth.module.JndiLoginModule is no longer allowed in sasl.jaas.config by default.',
    action: 'Use another login module; org.apache.kafka.disallowed.login.modules reverses it at your own risk.',
    source: 'CVE-2023-25194; docs/upgrade.html 3.4.0',
  }),
  zookeeperChange('3.5.0', {
    title: 'ZooKeeper mode is deprecated',
    detail: '3.9 is the last line that runs with ZooKeeper, and the only bridge to KRaft.',
    action: 'Plan the migration to KRaft on 3.9.',
    source: 'KIP-833',
  }),
  zookeeperChange('3.6.0', {
    title: "ZooKeeper's client moves to 3.8",
    detail: 'It does not work with ZooKeeper servers of before 3.5, such as those that came with Kafka before 2.4.',
    action: 'Check the version of the ZooKeeper ensemble; upgrade it first if need be.',
    source: 'KIP-902',
  }),
  change('3.6.0', {
    title: 'transactions are verified on the server',
    detail:
      'transaction.partition.verification.enable is on: leaders ask the transaction coordinator before they append.',
    action: 'Watch the error rate of transactional producers during the canary.',
    source: 'KIP-890',
  }),
  change('3.6.0', {
    title: 'log.message.timestamp.difference.max.ms is deprecated',
    detail: 'log.message.timestamp.before.max.ms and log.message.timestamp.after.max.ms take its place.',
    action: 'Nothing now; it is gone in 4.0.',
    source: 'KIP-937',
  }),
  change('3.7.0', {
    title: 'Java 11 is deprecated for brokers',
    detail: 'Brokers of 4.0 need Java 17.',
    action: 'Plan the Java upgrade of the hosts.',
    source: 'KIP-1013',
  }),
  change('3.7.0', {
    title: 'use of old client protocols is measured',
    detail: 'The gauge DeprecatedRequestsPerSec names clients that speak protocols which 4.0 removes.',
    action: 'Watch it, to find clients from before 2.1.',
    source: 'KIP-896',
  }),
  kraftChange('3.7.0', {
    title: 'controllers register',
    detail:
      'From metadata.version 3.7-IV0 on controllers are registered, and Kafka checks their binaries, too, before it raises a feature. Below that only the brokers are checked.',
    action: 'Nothing: every controller is verified to run the target before anything is raised.',
    source: 'KIP-919; FeatureControlManager',
  }),
  kraftChange('3.7.0', {
    title: 'several log directories need metadata.version 3.7-IV2',
    detail: 'With more than one entry in log.dirs, partitions can become unavailable below that level.',
    action: 'With several log directories, do not stay below metadata.version 3.7-IV2 on 3.7 or later.',
    source: 'KAFKA-16606; KIP-858',
  }),
  change('3.8.0', {
    title: 'compression needs an executable temporary directory',
    detail:
      'The native libraries of zstd and snappy are unpacked below java.io.tmpdir; where /tmp is mounted noexec they cannot be loaded.',
    action: 'If so, set -DZstdTempFolder and -Dorg.xerial.snappy.tempdir in KAFKA_OPTS.',
    source: docs('3.8.0'),
  }),
  zookeeperChange('3.9.0', {
    title: 'ZooKeeper servers should be 3.8.3 or later',
    detail: 'The official procedure asks for it before brokers are upgraded.',
    action: 'Check the version of the ZooKeeper ensemble; upgrade it first if need be.',
    source: 'docs/upgrade.html 3.9.1, upgrading ZooKeeper-based clusters',
  }),
  zookeeperChange('3.9.0', {
    title: 'the last line with ZooKeeper',
    detail: 'The way to 4.x leads through the migration to KRaft on 3.9.',
    action: 'Plan the migration.',
    source: 'docs/zk2kraft.html; KIP-866',
  }),
  kraftChange('3.9.0', {
    title: 'dynamic quorums are for newly formatted clusters',
    detail:
      'controller.quorum.bootstrap.servers belongs to kraft.version 1. A cluster that was formatted before keeps its static quorum and needs controller.quorum.voters.',
    action: 'Keep your own server.properties; do not take the file that is shipped with the release.',
    source: 'KIP-853',
  }),
];
