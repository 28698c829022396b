/** Is ZooKeeper itself new enough for the target? It is upgraded before Kafka, and not by this product. */
import type { ClusterSnapshot } from './cluster-snapshot';
import { warning } from './finding';
import type { Finding } from './finding';
import { isOlderRelease } from '../cluster/version';

/** A server of zookeeper.connect. */
export interface ZooKeeperAddress {
  host: string;
  port: number;
}

const defaultPort = 2181;

/** The servers of a zookeeper.connect such as `zk1:2181,[::1]:2182/kafka`: without the path, with the default port. */
export const zooKeeperAddresses = (connect: string): ZooKeeperAddress[] =>
  connect
    .replace(/\/.*$/, '')
    .split(',')
    .map((server) => server.trim())
    .flatMap((server) => {
      const [, v6, name, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::(\d+))?$/.exec(server) ?? [];
      const host = v6 ?? name;
      return host === undefined ? [] : [{ host, port: port === undefined ? defaultPort : Number(port) }];
    });

/** From this target on, Kafka asks for at least this ZooKeeper. */
const minimum = { target: '3.9.0', version: '3.8.3', source: 'docs/upgrade.html of 3.9, "Upgrading"' } as const;

/** Servers that are older than what the target asks for, each with what it said. */
export const checkZooKeeper = (
  { mode, risks: { zooKeeper } }: Pick<ClusterSnapshot, 'mode' | 'risks'>,
  target: string,
): Finding[] => {
  if (mode === 'kraft' || isOlderRelease(target, minimum.target)) return [];
  return zooKeeper
    .filter(({ version }) => version !== null && isOlderRelease(version, minimum.version))
    .map(({ server, version }) =>
      warning({
        seen: `ZooKeeper at ${server} is ${version}; Kafka ${target} asks for ${minimum.version} or newer.`,
        why: 'The new brokers bring a newer ZooKeeper client, which is not tried with older servers.',
        action: 'Upgrade ZooKeeper first, one server at a time, the leader last.',
        source: minimum.source,
      }),
    );
};
