import { existsSync, readFileSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hostInit } from './host';
import { serviceProcess } from './kafka-service';
import type { DownOptions } from './lab-types';
import { readLabState, type HostState } from './lab-state';
import { awaitGone, sendSignal, type ProcessIdentity } from './process-identity';

// Brokers that stop together have nobody to hand their leaders to and retry for 15 s; a lab that is thrown away need
// not wait for that, one whose files are kept does.
const BROKER_GRACE_MS = 3_000;
const BROKER_GRACE_FOR_KEPT_FILES_MS = 60_000;
const METADATA_GRACE_MS = 5_000;
const KILL_LIMIT_MS = 10_000;

/**
 * Takes down the lab in `directory`, whoever started it and however far that got: brokers by SIGTERM, ZooKeeper or
 * controllers, then
 * the hosts themselves; every pid is checked against its start time first. Harmless when there is nothing (left) there.
 */
export async function takeDown(directory: string, options: DownOptions = {}): Promise<void> {
  const path = resolve(directory);
  const log = options.log ?? (() => undefined);
  const state = readLabState(path);
  if (state === null) {
    await removeEmpty(path);
    return;
  }
  const grace = options.keepFiles === true ? BROKER_GRACE_FOR_KEPT_FILES_MS : BROKER_GRACE_MS;
  const isBroker = ({ roles }: HostState): boolean => roles.includes('broker');
  await stopServices(state.hosts.filter(isBroker), { grace, log });
  // A broker without a live controller cannot stop gracefully, so what keeps the metadata goes last.
  await stopServices(
    state.hosts.filter((host) => !isBroker(host)),
    { grace: METADATA_GRACE_MS, log },
  );
  await stopHosts(state.hosts);
  log(`${String(state.hosts.length)} hosts are down`);
  if (options.keepFiles === true) return;
  refuseIfMounted(path);
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

async function stopServices(
  hosts: HostState[],
  options: { grace: number; log: (line: string) => void },
): Promise<void> {
  const running = hosts.map((host) => ({ host, process: serviceProcess(host) }));
  const asked: ProcessIdentity[] = [];
  for (const { host, process } of running) {
    if (process === null || !sendSignal(process, 'SIGTERM')) continue;
    // A process that was paused would never see the request.
    sendSignal(process, 'SIGCONT');
    options.log(`${host.name}: asked process ${String(process.pid)} to stop`);
    asked.push(process);
  }
  if (!(await awaitGone(asked, options.grace))) options.log('not all have stopped in time: they end with their hosts');
}

async function stopHosts(hosts: HostState[]): Promise<void> {
  const inits = hosts.map(({ root }) => hostInit(root)).filter((init) => init !== null);
  for (const init of inits) sendSignal(init, 'SIGKILL');
  if (await awaitGone(inits, KILL_LIMIT_MS)) return;
  const pids = inits.map(({ pid }) => String(pid)).join(', ');
  throw new Error(`The lab's hosts (processes ${pids}) were killed but are still there; try again.`);
}

/** A mount that is visible here would make the removal reach beyond the lab. */
function refuseIfMounted(directory: string): void {
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .find((point) => point.startsWith(`${directory}/`));
  if (mounted !== undefined) throw new Error(`${mounted} is mounted: unmount it, then take the lab down again.`);
}

async function removeEmpty(directory: string): Promise<void> {
  if (!existsSync(directory)) return;
  await rmdir(directory).catch(() => {
    throw new Error(`${directory} is not a lab's directory: it has files but no lab.json.`);
  });
}
