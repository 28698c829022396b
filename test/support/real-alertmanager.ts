import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTool } from '../../src/lab/provision/toolchain';
import { until } from './until';

/** A silence as the Alertmanager tells of it. */
export interface ShownSilence {
  id: string;
  status: { state: 'active' | 'pending' | 'expired' };
  comment: string;
  createdBy: string;
  startsAt: string;
  endsAt: string;
}

/** A real Alertmanager on a port of 127.0.0.1. */
export interface RealAlertmanager {
  url: string;
  silences: () => Promise<ShownSilence[]>;
  stop: () => Promise<void>;
}

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const configuration = 'route: { receiver: none }\nreceivers: [{ name: none }]\n';

/** Starts it without peers, its data in a directory of its own, and waits until it is ready. */
export const startAlertmanager = async (): Promise<RealAlertmanager> => {
  const program = await ensureTool('prometheus-alertmanager', { log: () => undefined });
  const directory = mkdtempSync(join(tmpdir(), 'kafka-upgrade-'));
  const file = join(directory, 'alertmanager.yml');
  writeFileSync(file, configuration);
  const port = await freePort();
  const child = spawn(
    program,
    [
      ...[`--config.file=${file}`, `--storage.path=${directory}`, '--cluster.listen-address='],
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  const isReady = (): Promise<boolean> =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  try {
    await until('the Alertmanager is ready', isReady, 30_000);
  } catch (error) {
    await stop();
    throw error;
  }
  const silences = async (): Promise<ShownSilence[]> =>
    (await (await fetch(`${url}/api/v2/silences`)).json()) as ShownSilence[];
  return { url, silences, stop };
};
