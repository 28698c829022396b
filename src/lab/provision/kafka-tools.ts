/** One command-line tool of Kafka: its script, and the classes that were its main class, newest first. */
export interface KafkaTool {
  script: string;
  /** Tools moved from `kafka.admin` and `kafka.tools` to `org.apache.kafka.tools` between 3.3 and 4.3. */
  mainClasses: readonly string[];
  /** Heap when KAFKA_HEAP_OPTS is not set; without it kafka-run-class.sh gives 256 MB. */
  heap?: string;
  /** Arguments that the script itself puts before the caller's. */
  leadingArguments?: string;
}

const tools = 'org.apache.kafka.tools';

const tool = (script: string, ...mainClasses: string[]): KafkaTool => ({ script, mainClasses });

/** The tools that get a script when one of their classes is in the release's jars (seen in 2.8.2 to 4.3.0). */
export const kafkaTools: readonly KafkaTool[] = [
  tool('kafka-acls', `${tools}.AclCommand`, 'kafka.admin.AclCommand'),
  tool('kafka-broker-api-versions', `${tools}.BrokerApiVersionsCommand`, 'kafka.admin.BrokerApiVersionsCommand'),
  tool('kafka-client-metrics', `${tools}.ClientMetricsCommand`),
  tool('kafka-cluster', `${tools}.ClusterTool`, 'kafka.tools.ClusterTool'),
  tool('kafka-configs', `${tools}.ConfigCommand`, 'kafka.admin.ConfigCommand'),
  tool('kafka-consumer-groups', `${tools}.consumer.group.ConsumerGroupCommand`, 'kafka.admin.ConsumerGroupCommand'),
  tool('kafka-delegation-tokens', `${tools}.DelegationTokenCommand`, 'kafka.admin.DelegationTokenCommand'),
  tool('kafka-delete-records', `${tools}.DeleteRecordsCommand`, 'kafka.admin.DeleteRecordsCommand'),
  tool('kafka-dump-log', `${tools}.DumpLogSegments`, 'kafka.tools.DumpLogSegments'),
  tool('kafka-features', `${tools}.FeatureCommand`, 'kafka.admin.FeatureCommand'),
  tool('kafka-get-offsets', `${tools}.GetOffsetShell`, 'kafka.tools.GetOffsetShell'),
  tool('kafka-groups', `${tools}.GroupsCommand`),
  tool('kafka-jmx', `${tools}.JmxTool`, 'kafka.tools.JmxTool'),
  tool('kafka-leader-election', `${tools}.LeaderElectionCommand`, 'kafka.admin.LeaderElectionCommand'),
  tool('kafka-log-dirs', `${tools}.LogDirsCommand`, 'kafka.admin.LogDirsCommand'),
  tool('kafka-metadata-quorum', `${tools}.MetadataQuorumCommand`, 'kafka.admin.MetadataQuorumCommand'),
  tool(
    'kafka-reassign-partitions',
    `${tools}.reassign.ReassignPartitionsCommand`,
    'kafka.admin.ReassignPartitionsCommand',
  ),
  tool('kafka-share-groups', `${tools}.consumer.group.ShareGroupCommand`),
  tool('kafka-storage', `${tools}.StorageTool`, 'kafka.tools.StorageTool'),
  tool('kafka-topics', `${tools}.TopicCommand`, 'kafka.admin.TopicCommand'),
  tool('kafka-transactions', `${tools}.TransactionsCommand`),
  {
    ...tool('kafka-console-consumer', `${tools}.consumer.ConsoleConsumer`, 'kafka.tools.ConsoleConsumer'),
    heap: '-Xmx512M',
  },
  { ...tool('kafka-console-producer', `${tools}.ConsoleProducer`, 'kafka.tools.ConsoleProducer'), heap: '-Xmx512M' },
  {
    ...tool('kafka-consumer-perf-test', `${tools}.ConsumerPerformance`, 'kafka.tools.ConsumerPerformance'),
    heap: '-Xmx512M',
  },
  { ...tool('kafka-producer-perf-test', `${tools}.ProducerPerformance`), heap: '-Xmx512M' },
  { ...tool('kafka-verifiable-consumer', `${tools}.VerifiableConsumer`), heap: '-Xmx512M' },
  { ...tool('kafka-verifiable-producer', `${tools}.VerifiableProducer`), heap: '-Xmx512M' },
  {
    ...tool(
      'zookeeper-shell',
      'org.apache.zookeeper.ZooKeeperMainWithTlsSupportForKafka',
      'org.apache.zookeeper.ZooKeeperMain',
    ),
    leadingArguments: '-server',
  },
];
