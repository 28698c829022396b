/** The machine's packet filter cuts a host off, and lets it go whatever ends the cut. */
import { createServer, connect } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { cutOff } from '../../../src/lab/faults/cut-off';
import type { CutOff } from '../../../src/lab/faults/cut-off';
import { ensureTool } from '../../../src/lab/provision/toolchain';

// A network that labs do not use.
const host = '127.76.0.1';
const neighbour = '127.76.0.2';

const servers: Server[] = [];

const listen = async (address: string): Promise<number> => {
  const server = createServer((socket) => socket.resume()).listen(0, address);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** How a connection ends within half a second. */
const tryOut = (address: string, port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 500 });
    const settle = (how: string): void => {
      socket.destroy();
      resolve(how);
    };
    socket.once('connect', () => settle('accepted'));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    socket.once('timeout', () => settle('no answer'));
  });

describe('cutting a host off', () => {
  let ports: { host: number; neighbour: number };
  let cut: CutOff | null = null;

  beforeAll(async () => {
    await ensureTool('nft', { log: () => undefined });
    ports = { host: await listen(host), neighbour: await listen(neighbour) };
  });

  afterEach(async () => {
    await cut?.restore();
    cut = null;
  });

  afterAll(() => {
    for (const server of servers) server.close();
  });

  const both = async (): Promise<string[]> => [
    await tryOut(host, ports.host),
    await tryOut(neighbour, ports.neighbour),
  ];

  it.each([
    ['drop', 'no answer'],
    ['refuse', 'ECONNREFUSED'],
  ] as const)('by %s: %s, for this host alone and until it is restored', async (kind, answer) => {
    cut = await cutOff([host], kind, ports.host);
    expect(await both()).toEqual([answer, 'accepted']);
    await cut.restore();
    expect(await both()).toEqual(['accepted', 'accepted']);
  });

  it('leaves no rule behind', async () => {
    cut = await cutOff([host], 'drop', ports.host);
    const tables = (): string => execFileSync('nft', ['list', 'tables']).toString();
    expect(tables()).toContain(`kafka_lab_${process.pid}_127_76_0_1`);
    await cut.restore();
    expect(tables()).not.toContain(`kafka_lab_${process.pid}_`);
  });

  it('refuses the machine itself', async () => {
    await expect(cutOff(['127.0.0.1'], 'drop', ports.host)).rejects.toThrow(
      'Only hosts of a lab are cut off, not 127.0.0.1.',
    );
  });
});
