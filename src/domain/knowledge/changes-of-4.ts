import { kraftChange, upgradePage } from './notable-change';
import type { NotableChange } from './notable-change';

/** What changed in the releases of 4.x, which only KRaft clusters run, oldest first. */
export const changesOf4: readonly NotableChange[] = [
  kraftChange('4.0.0', {
    title: 'Java 17 is the minimum',
    detail: 'Brokers, controllers and tools of 4.0 do not start with an older Java.',
    action: 'Install Java 17 on every host first.',
    source: 'KIP-1013',
  }),
  kraftChange('4.0.0', {
    title: 'clients from before 2.1 can no longer connect',
    detail: 'Old versions of Produce, Fetch, JoinGroup and other requests were removed.',
    action: 'Find such clients by DeprecatedRequestsPerSec (3.7 and later), and move them first.',
    source: 'KIP-896',
  }),
  kraftChange('4.0.0', {
    title: 'Log4j 2 takes the place of Log4j 1',
    detail:
      'Another file (log4j2.yaml) and another property (-Dlog4j2.configurationFile). An old file is only read through a bridge, and only when it is named log4j*.properties or *.xml.',
    action: 'Name your own files in service.logging, one for each generation.',
    source: 'KIP-653',
  }),
  kraftChange('4.0.0', {
    title: 'records from the future are refused',
    detail: 'The default of message.timestamp.after.max.ms went from unlimited to one hour.',
    action: 'Look for producers with wrong clocks or own timestamps; set the value explicitly if you need more.',
    source: 'KIP-1030',
  }),
  kraftChange('4.0.0', {
    title: 'settings of the ZooKeeper days are gone',
    detail:
      'zookeeper.*, inter.broker.protocol.version, log.message.format.version, control.plane.listener.name, password.encoder.* and others are silently ignored; small log.segment.bytes stop the start.',
    action: 'Read the findings on settings; take the lines out.',
    source: upgradePage('4.0.0'),
  }),
  kraftChange('4.0.0', {
    title: 'transactions of the second version, consumer groups of the new protocol',
    detail:
      'With transaction.version 2 and group.version 1, clients of 4.0 use them as soon as the features are raised, not before.',
    action: 'Watch transactional producers and consumer groups after each feature.',
    source: 'KIP-890, KIP-848',
  }),
  kraftChange('4.0.0', {
    title: 'OAUTHBEARER reaches only URLs that are listed',
    detail: 'The system property org.apache.kafka.sasl.oauthbearer.allowed.urls is empty by default.',
    action: 'With OAUTHBEARER, set the property in KAFKA_OPTS before the new binary starts.',
    source: upgradePage('4.0.0'),
  }),
  kraftChange('4.1.0', {
    title: '--release-version 4.1 would raise two features that cannot be taken back',
    detail:
      'It includes eligible.leader.replicas.version, which rewrites min.insync.replicas, and kraft.version, which turns a static quorum into a dynamic one.',
    action: 'Nothing: they are raised only when the request names them, each after its own approval.',
    source: 'FeatureCommand; KIP-966, KIP-853',
  }),
  kraftChange('4.1.0', {
    title: 'the logger of the log cleaner has another name',
    detail: 'kafka.log.LogCleaner became org.apache.kafka.storage.internals.log.LogCleaner.',
    action: 'Adapt your own log4j2 file.',
    source: upgradePage('4.1.0'),
  }),
  kraftChange('4.2.0', {
    title: 'settings are checked more strictly',
    detail:
      'num.replica.fetchers must be at least 1; lists that are null or empty where that makes no sense are refused.',
    action: 'Read the findings on settings.',
    source: 'KIP-1161',
  }),
  kraftChange('4.2.0', {
    title: 'a principal builder must be a Serde',
    detail: 'A class in principal.builder.class that cannot serialize principals is refused.',
    action: 'Check principal.builder.class on every host.',
    source: upgradePage('4.2.0'),
  }),
  kraftChange('4.2.0', {
    title: 'options of tools were renamed',
    detail:
      '--command-config takes the place of --admin.config, --config, --consumer.config and --producer.config; the old ones work until 5.0.',
    action: 'Change your scripts when it suits.',
    source: upgradePage('4.2.0'),
  }),
  kraftChange('4.3.0', {
    title: 'group.coordinator.rebalance.protocols is deprecated',
    detail: 'Which group protocols are served follows from the finalized features.',
    action: 'Take the setting out when it suits.',
    source: upgradePage('4.3.0'),
  }),
];
