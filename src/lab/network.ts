import { createServer, type Server } from 'node:net';

/** Ports that every lab uses on its hosts' own loopback addresses. */
export const LAB_PORTS = { ssh: 2222, kafka: 9092, controller: 9093, jmx: 9999, zookeeper: 2181 } as const;

/** The most brokers, and the most isolated controllers, of a lab. */
export const MAX_NODES = 9;

/** Isolated controllers have the ids 101, 102, …, as operators number them apart from brokers. */
export const FIRST_CONTROLLER_ID = 101;

const ZOOKEEPER_HOST_NUMBER = 10;
const CLAIM_HOST_NUMBER = 254;
// 127.77.x.y: far from 127.0.x.y, which the machine itself uses.
const FIRST_NETWORK = 77;
const LAST_NETWORK = 254;

/** A lab's network 127.N.0.0/24, held by this process until the lab's own sshds hold it. */
export interface NetworkClaim {
  network: number;
  release(): Promise<void>;
}

/** Address of the node with this id in a lab's network: brokers 1 to 9, isolated controllers 101 to 109. */
export function nodeAddress(network: number, id: number): string {
  return `127.${String(network)}.0.${String(id)}`;
}

/** Address of the ZooKeeper host in a lab's network. */
export function zookeeperAddress(network: number): string {
  return nodeAddress(network, ZOOKEEPER_HOST_NUMBER);
}

/**
 * Finds a network N that no lab uses and claims it. The claim is a listening socket on 127.N.0.254: the kernel grants
 * it to one process only and takes it back when that process dies, which no lock file does. Rejects when all are taken.
 */
export async function claimNetwork(nodeIds: readonly number[]): Promise<NetworkClaim> {
  for (let network = FIRST_NETWORK; network <= LAST_NETWORK; network++) {
    const claim = await listen(nodeAddress(network, CLAIM_HOST_NUMBER), LAB_PORTS.ssh);
    if (claim === null) continue;
    if (await isFree(network, nodeIds)) return { network, release: () => close(claim) };
    await close(claim);
  }
  throw new Error(`No free lab network: something listens in each of 127.${String(FIRST_NETWORK)}.0.x and above.`);
}

async function isFree(network: number, nodeIds: readonly number[]): Promise<boolean> {
  const addresses = nodeIds.map((id) => nodeAddress(network, id));
  for (const address of [zookeeperAddress(network), ...addresses]) {
    for (const port of Object.values(LAB_PORTS)) {
      const server = await listen(address, port);
      if (server === null) return false;
      await close(server);
    }
  }
  return true;
}

function listen(host: string, port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
