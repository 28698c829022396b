import { createServer, type Server } from 'node:net';
import { nodeAddress, claimNetwork, LAB_PORTS, zookeeperAddress } from '../../src/lab/network';

const servers: Server[] = [];

function occupy(host: string, port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, resolve);
  });
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

describe('the networks of labs', () => {
  it('give every host a loopback address of its own', () => {
    expect(nodeAddress(80, 1)).toBe('127.80.0.1');
    expect(zookeeperAddress(80)).toBe('127.80.0.10');
  });

  it('are claimed once: two labs that start together get different ones', async () => {
    const [first, second] = await Promise.all([claimNetwork([1, 2, 3]), claimNetwork([1, 2, 3])]);
    try {
      expect(first.network).not.toBe(second.network);
    } finally {
      await Promise.all([first.release(), second.release()]);
    }
  });

  it('are passed over while anything of a lab listens in them', async () => {
    const free = await claimNetwork([1, 2, 3]);
    await free.release();
    await occupy(nodeAddress(free.network, 3), LAB_PORTS.kafka);
    const next = await claimNetwork([1, 2, 3]);
    await next.release();
    expect(next.network).not.toBe(free.network);
  });

  it('can be claimed again after release', async () => {
    const claim = await claimNetwork([1]);
    await claim.release();
    await expect(occupy(nodeAddress(claim.network, 254), LAB_PORTS.ssh)).resolves.toBeUndefined();
  });
});
