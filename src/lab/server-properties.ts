import type { NodeRole } from '../domain/cluster/cluster';

/** How a node finds the metadata of its cluster. */
export type MetadataPlace = { mode: 'zookeeper'; connect: string } | { mode: 'kraft'; voters: string };

/** What one node's `server.properties` says. */
export interface ServerPropertiesInput {
  id: number;
  roles: readonly NodeRole[];
  address: string;
  ports: { kafka: number; controller: number };
  metadata: MetadataPlace;
  /** How many brokers the cluster has: it decides about replicas. */
  brokers: number;
  /** Overrides of and additions to the lines below; null takes a line out. */
  properties: Readonly<Record<string, string | null>>;
}

/** The text of one node's `server.properties`: commented and ordered as an operator's file is. */
export function serverPropertiesText(input: ServerPropertiesInput): string {
  const left = new Map(Object.entries(input.properties));
  const lines = defaultLines(input).flatMap((line) => {
    const key = /^([a-z.]+)=/.exec(line)?.[1];
    if (key === undefined || !left.has(key)) return [line];
    const value = left.get(key) ?? null;
    left.delete(key);
    return value === null ? [] : [`${key}=${value}`];
  });
  const additions = [...left].flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`]));
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

function zookeeperIdentity({ id, address, ports }: ServerPropertiesInput): string[] {
  const listener = `PLAINTEXT://${address}:${String(ports.kafka)}`;
  return [`broker.id=${String(id)}`, `listeners=${listener}`, `advertised.listeners=${listener}`];
}

function kraftIdentity({ id, roles, address, ports }: ServerPropertiesInput, voters: string): string[] {
  const listener = `PLAINTEXT://${address}:${String(ports.kafka)}`;
  const controller = `CONTROLLER://${address}:${String(ports.controller)}`;
  const isBroker = roles.includes('broker');
  const listeners = [...(isBroker ? [listener] : []), ...(roles.includes('controller') ? [controller] : [])];
  return [
    `process.roles=${roles.join(',')}`,
    `node.id=${String(id)}`,
    `listeners=${listeners.join(',')}`,
    ...(isBroker ? [`advertised.listeners=${listener}`] : []),
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    `controller.quorum.voters=${voters}`,
  ];
}

function identityLines(input: ServerPropertiesInput): string[] {
  const { metadata } = input;
  return metadata.mode === 'zookeeper' ? zookeeperIdentity(input) : kraftIdentity(input, metadata.voters);
}

function zookeeperLines({ metadata }: ServerPropertiesInput): string[] {
  return metadata.mode === 'kraft'
    ? []
    : ['# --- ZooKeeper ---', `zookeeper.connect=${metadata.connect}`, 'zookeeper.connection.timeout.ms=60000', ''];
}

function defaultLines(input: ServerPropertiesInput): string[] {
  const replicas = Math.min(3, input.brokers);
  return [
    `# server.properties of node ${String(input.id)}`,
    '',
    '# --- Identity and listeners ---',
    ...identityLines(input),
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
    ...zookeeperLines(input),
    '# --- Groups: no wait for further members, as in the shipped file ---',
    'group.initial.rebalance.delay.ms=0',
  ];
}
