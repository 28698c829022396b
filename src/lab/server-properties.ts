/** What one broker's `server.properties` says. */
export interface ServerPropertiesInput {
  id: number;
  address: string;
  kafkaPort: number;
  zookeeper: string;
  brokers: number;
  /** Overrides of and additions to the lines below. */
  properties: Record<string, string>;
}

/** The text of one broker's `server.properties`: commented and ordered as an operator's file is. */
export function serverPropertiesText(input: ServerPropertiesInput): string {
  const left = new Map(Object.entries(input.properties));
  const lines = defaultLines(input).map((line) => {
    const key = /^([a-z.]+)=/.exec(line)?.[1];
    const value = key === undefined ? undefined : left.get(key);
    if (key === undefined || value === undefined) return line;
    left.delete(key);
    return `${key}=${value}`;
  });
  const additions = [...left].map(([key, value]) => `${key}=${value}`);
  if (additions.length > 0) lines.push('', '# --- Of this cluster only ---', ...additions);
  return `${lines.join('\n')}\n`;
}

/** The text of `zookeeper.properties` for the lab's single ZooKeeper. */
export function zookeeperPropertiesText(address: string, port: number): string {
  return [
    '# ZooKeeper of the lab: one server, plain text, on its own address.',
    'dataDir=/var/lib/zookeeper',
    `clientPort=${String(port)}`,
    `clientPortAddress=${address}`,
    'maxClientCnxns=0',
    'admin.enableServer=false',
    '4lw.commands.whitelist=srvr,ruok,stat',
    '',
  ].join('\n');
}

function defaultLines(input: ServerPropertiesInput): string[] {
  const replicas = Math.min(3, input.brokers);
  const listener = `PLAINTEXT://${input.address}:${String(input.kafkaPort)}`;
  return [
    `# server.properties of broker ${String(input.id)}`,
    '',
    '# --- Identity and listeners ---',
    `broker.id=${String(input.id)}`,
    `listeners=${listener}`,
    `advertised.listeners=${listener}`,
    '',
    '# --- Threads and sockets: the values of the shipped file ---',
    'num.network.threads=3',
    'num.io.threads=8',
    'socket.send.buffer.bytes=102400',
    'socket.receive.buffer.bytes=102400',
    'socket.request.max.bytes=104857600',
    '',
    '# --- Logs ---',
    'log.dirs=/var/lib/kafka/data',
    'num.partitions=12',
    'num.recovery.threads.per.data.dir=2',
    'log.retention.hours=168',
    'log.segment.bytes=1073741824',
    '',
    '# --- Durability: an acknowledged record is on two brokers, so that one may be restarted ---',
    `default.replication.factor=${String(replicas)}`,
    `min.insync.replicas=${String(Math.min(2, replicas))}`,
    `offsets.topic.replication.factor=${String(replicas)}`,
    `transaction.state.log.replication.factor=${String(replicas)}`,
    `transaction.state.log.min.isr=${String(Math.min(2, replicas))}`,
    'unclean.leader.election.enable=false',
    'auto.create.topics.enable=false',
    '',
    '# --- ZooKeeper ---',
    `zookeeper.connect=${input.zookeeper}`,
    'zookeeper.connection.timeout.ms=18000',
    '',
    '# --- Groups: no wait for further members, as in the shipped file ---',
    'group.initial.rebalance.delay.ms=0',
  ];
}
