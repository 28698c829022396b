import { readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { execOnHost, hostInit } from './host';
import { serviceProcess } from './kafka-service';
import { takeDown } from './lab-down';
import { labNodes, startCluster, startHosts, type LabPlan } from './lab-start';
import type { DownOptions, Lab, LabHost, LabHostStatus, LabOptions, LabStatus } from './lab-types';
import { requireLabMachine } from './lab-unavailable';
import { labPaths, readLabState, type HostState, type LabState } from './lab-state';
import { LAB_PORTS, MAX_NODES, claimNetwork } from './network';
import { processesInNamespaceOf } from './process-identity';
import { ensureKafkaDistribution } from './provision/kafka-distribution';

export type { CommandResult, DownOptions, Lab, LabHost, LabOptions } from './lab-types';
export type { LabMode, LabStatus } from './lab-types';

/**
 * Starts a lab: hosts, ZooKeeper and brokers, and resolves when the cluster is complete. On any failure or abort all
 * that was started is stopped again. Rejects with `LabUnavailable` on a machine that cannot hold one.
 */
export async function labUp(options: LabOptions): Promise<Lab> {
  await requireLabMachine();
  const log = options.log ?? (() => undefined);
  const mode = options.mode ?? 'zookeeper';
  const brokers = nodeCount('brokers', options.brokers);
  const controllers = mode === 'kraft-isolated' ? nodeCount('controllers', options.controllers) : 0;
  const releaseDirectories = await findReleases(options, log);
  options.signal?.throwIfAborted();
  const directory = await prepareDirectory(options.directory, log);
  try {
    await start({ ...options, mode, log, directory, brokers, controllers, releaseDirectories });
  } catch (error) {
    await takeDown(directory, { log });
    throw error;
  }
  return labFrom(directory);
}

/** The handle of the lab that runs from `directory`, in this process or another one's; rejects when it does not. */
export async function labFrom(directory: string): Promise<Lab> {
  const path = resolve(directory);
  const state = stateOf(path);
  const hosts = state.hosts.map(runningHost);
  const brokers = hosts.filter(({ roles }) => roles.includes('broker'));
  return Promise.resolve({
    directory: path,
    cluster: state.cluster,
    release: state.release,
    releaseDirectory: state.releaseDirectory,
    hosts,
    brokers,
    controllers: hosts.filter(({ roles }) => roles.includes('controller')),
    bootstrap: brokers.map(({ address }) => `${address}:${String(LAB_PORTS.kafka)}`).join(','),
    definitionsDirectory: labPaths(path).definitions,
    ssh: state.ssh,
    exec: async (hostName, command, options) => {
      const host = hosts.find(({ name }) => name === hostName);
      if (host === undefined) throw new Error(`The lab has no host ${hostName}.`);
      return execOnHost(host, command, options);
    },
    down: (options?: DownOptions) => takeDown(path, options),
  });
}

/** Takes down the lab in `directory`, whoever started it; harmless when nothing is there. */
export async function labDown(directory: string, log?: (line: string) => void, options?: DownOptions): Promise<void> {
  await takeDown(directory, { ...options, ...(log ? { log } : {}) });
}

/** What of the lab in `directory` runs at this moment; rejects when the directory holds no lab. */
export async function labStatus(directory: string): Promise<LabStatus> {
  const path = resolve(directory);
  const { cluster, phase, hosts } = stateOf(path);
  return Promise.resolve({ directory: path, cluster, phase, hosts: hosts.map(hostStatus) });
}

function nodeCount(what: string, wanted = 3): number {
  if (Number.isInteger(wanted) && wanted >= 1 && wanted <= MAX_NODES) return wanted;
  throw new Error(`A lab has 1 to ${String(MAX_NODES)} ${what}, not ${String(wanted)}.`);
}

async function start(
  options: LabOptions & Pick<LabPlan, 'mode' | 'log' | 'directory' | 'brokers' | 'controllers' | 'releaseDirectories'>,
): Promise<void> {
  const claim = await claimNetwork(labNodes(options).map(({ id }) => id));
  try {
    const plan: LabPlan = {
      ...options,
      cluster: options.cluster ?? 'lab',
      network: claim.network,
      format: { metadataVersion: options.metadataVersion, features: options.features ?? {} },
      properties: options.properties ?? {},
      controllerProperties: options.controllerProperties ?? {},
      signal: options.signal,
    };
    await startCluster(plan, await startHosts(plan));
  } finally {
    await claim.release();
  }
}

async function findReleases(options: LabOptions, log: (line: string) => void): Promise<[string, ...string[]]> {
  const find = options.distribution ?? ((version: string) => ensureKafkaDistribution(version, { log }));
  const staged = (options.stagedReleases ?? []).filter((version) => version !== options.release);
  const directories: [string, ...string[]] = [await find(options.release)];
  for (const version of staged) directories.push(await find(version));
  return directories;
}

/** An empty directory for the lab; remains of a lab that no longer runs are removed from it first. */
async function prepareDirectory(wanted: string | undefined, log: (line: string) => void): Promise<string> {
  if (wanted === undefined) return mkdtemp(join(tmpdir(), 'kafka-upgrade-lab-'));
  const directory = resolve(wanted);
  const earlier = readLabState(directory);
  if (earlier?.hosts.some(({ root }) => hostInit(root) !== null) === true) {
    throw new Error(`A lab already runs from ${directory}: take it down first, or choose another directory.`);
  }
  if (earlier !== null) await takeDown(directory, { log });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  if ((await readdir(directory)).length > 0)
    throw new Error(`${directory} is not empty: the lab wants its own directory.`);
  return directory;
}

function stateOf(directory: string): LabState {
  const state = readLabState(directory);
  if (state === null) throw new Error(`There is no lab in ${directory}.`);
  return state;
}

function runningHost(host: HostState): LabHost {
  const init = hostInit(host.root);
  if (init === null)
    throw new Error(`Host ${host.name} of the lab does not run: take the lab down and start it again.`);
  return { ...host, pid: init.pid };
}

function hostStatus(host: HostState): LabHostStatus {
  const init = hostInit(host.root);
  const processes = init === null ? [] : processesInNamespaceOf(init.pid);
  return {
    name: host.name,
    nodeId: host.nodeId,
    address: host.address,
    up: init !== null,
    servicePid: serviceProcess(host)?.pid ?? null,
    installedRelease: installedRelease(host),
    residentBytes: processes.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
  };
}

function installedRelease(host: HostState): string | null {
  try {
    return /^kafka_[\d.]+-(.+)$/.exec(basename(readlinkSync(join(host.root, 'opt/kafka'))))?.[1] ?? null;
  } catch {
    return null;
  }
}
