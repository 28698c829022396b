import { mkdir, writeFile } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { clusterDefinitionText } from './cluster-definition';
import { makeHostFiles } from './host-files';
import { HOST_INIT_SCRIPT } from './host-script';
import { startHost } from './host';
import type { NodeRole } from '../domain/cluster/cluster';
import { awaitRegistered, formatStorage, startNode, startZooKeeper } from './kafka-service';
import type { LabMode } from './lab-types';
import { log4j1Files, log4j2Files } from './provision/kafka-log-config';
import { programPath } from './lab-unavailable';
import { labPaths, writeLabState, type HostState, type LabState } from './lab-state';
import { FIRST_CONTROLLER_ID, LAB_PORTS, nodeAddress, zookeeperAddress } from './network';
import { serverPropertiesText, zookeeperPropertiesText, type MetadataPlace } from './server-properties';
import { labSsh, makeKeys, type LabKeys } from './ssh-access';

/** A lab with every choice made. */
export interface LabPlan {
  directory: string;
  cluster: string;
  mode: LabMode;
  network: number;
  brokers: number;
  /** Isolated controllers; 0 in the other modes. */
  controllers: number;
  /** What KRaft storage is formatted with, beside the release's defaults. */
  format: { metadataVersion: string | undefined; features: Record<string, number> };
  release: string;
  /** Distribution directories; the first is that of `release`. */
  releaseDirectories: [string, ...string[]];
  properties: Record<string, string>;
  controllerProperties: Record<string, string | null>;
  log: (line: string) => void;
  signal: AbortSignal | undefined;
}

/** Makes the hosts and waits until their sshds listen; `lab.json` is there before the first process is. */
export async function startHosts(plan: LabPlan): Promise<LabState> {
  const paths = labPaths(plan.directory);
  const hosts = planHosts(plan);
  const [releaseDirectory] = plan.releaseDirectories;
  const { cluster, release } = plan;
  const state: LabState = {
    format: 1,
    phase: 'starting',
    cluster,
    release,
    releaseDirectory,
    hosts,
    ssh: labSsh(paths.keys),
  };
  await writeLabState(plan.directory, state);
  const keys = await makeKeys(paths.keys, hosts);
  await writeFile(paths.initScript, HOST_INIT_SCRIPT, { mode: 0o755 });
  await writeDefinition(plan, state);
  const sshd = programPath('sshd') ?? 'sshd';
  const start = {
    initScript: paths.initScript,
    sshd,
    javaHome: javaHome(),
    releases: plan.releaseDirectories,
    signal: plan.signal,
  };
  await settleAll(
    hosts.map(async (host) => {
      await makeFilesOf(host, { plan, state, keys });
      await startHost({ ...start, root: host.root, name: host.name });
      plan.log(`${host.name} is up at ${host.address}`);
    }),
  );
  return state;
}

/** Starts ZooKeeper (or formats the storage) and all nodes, and waits until the cluster is complete. */
export async function startCluster(plan: LabPlan, state: LabState): Promise<void> {
  const start = { ssh: state.ssh, javaHome: javaHome(), release: plan.release, signal: plan.signal };
  // A leading dash would look like an option to kafka-storage.sh; Kafka's own ids never have one.
  const clusterId = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  const brokers = state.hosts.filter(({ roles }) => roles.includes('broker'));
  await settleAll(
    state.hosts.map(async (host) => {
      // Brokers wait for ZooKeeper by themselves (zookeeper.connection.timeout.ms), so all JVMs may start at once.
      if (plan.mode !== 'zookeeper') await formatStorage(host, start, { ...plan.format, clusterId });
      await (host.nodeId === null ? startZooKeeper(host, start) : startNode(host, start));
      plan.log(`${host.name}: ${host.nodeId === null ? 'ZooKeeper' : `Kafka ${plan.release}`} has started`);
    }),
  );
  await awaitRegistered(brokers, plan.signal);
  await writeLabState(plan.directory, { ...state, phase: 'up' });
}

/** The home of the Java on the PATH, links resolved. */
export function javaHome(): string {
  return dirname(dirname(realpathSync(programPath('java') ?? '/usr/bin/java')));
}

/** Ids and roles of all nodes of a lab, brokers first. */
export function labNodes(plan: Pick<LabPlan, 'mode' | 'brokers' | 'controllers'>): { id: number; roles: NodeRole[] }[] {
  const count = (length: number, first: number, roles: NodeRole[]): { id: number; roles: NodeRole[] }[] =>
    Array.from({ length }, (_, index) => ({ id: first + index, roles }));
  return [
    ...count(plan.brokers, 1, plan.mode === 'kraft' ? ['broker', 'controller'] : ['broker']),
    ...count(plan.controllers, FIRST_CONTROLLER_ID, ['controller']),
  ];
}

function planHosts(plan: LabPlan): HostState[] {
  const root = (name: string): string => join(labPaths(plan.directory).hosts, name);
  const zookeeper = {
    name: 'zookeeper',
    nodeId: null,
    roles: [],
    address: zookeeperAddress(plan.network),
    root: root('zookeeper'),
  };
  const nodes = labNodes(plan).map(({ id, roles }) => {
    const name = roles.includes('broker') ? `broker-${String(id)}` : `controller-${String(id)}`;
    return { name, nodeId: id, roles, address: nodeAddress(plan.network, id), root: root(name) };
  });
  return plan.mode === 'zookeeper' ? [zookeeper, ...nodes] : nodes;
}

async function writeDefinition(plan: LabPlan, state: LabState): Promise<void> {
  const { definitions } = labPaths(plan.directory);
  const nodes = state.hosts.flatMap(({ nodeId, roles, address }) =>
    nodeId === null ? [] : [{ id: nodeId, roles, address }],
  );
  const mode = plan.mode === 'zookeeper' ? 'zookeeper' : 'kraft';
  const text = clusterDefinitionText({ cluster: plan.cluster, mode, nodes, ssh: state.ssh, javaHome: javaHome() });
  await mkdir(definitions, { recursive: true });
  await writeFile(join(definitions, `${plan.cluster}.yaml`), text);
}

async function makeFilesOf(
  host: HostState,
  { plan, state, keys }: { plan: LabPlan; state: LabState; keys: LabKeys },
): Promise<void> {
  await makeHostFiles({
    root: host.root,
    name: host.name,
    address: host.address,
    neighbours: state.hosts,
    sshPort: state.ssh.port,
    javaHome: javaHome(),
    hostKeyFile: keys.hostKeyFiles.get(host.name) ?? '',
    authorizedKey: keys.authorizedKey,
    release: state.releaseDirectory,
    kafkaConfig: kafkaConfig(host, plan, state.hosts),
  });
}

function metadataPlace(plan: LabPlan, hosts: readonly HostState[]): MetadataPlace {
  if (plan.mode === 'zookeeper')
    return { mode: 'zookeeper', connect: `${zookeeperAddress(plan.network)}:${String(LAB_PORTS.zookeeper)}` };
  const voters = hosts
    .filter(({ roles }) => roles.includes('controller'))
    .map(({ nodeId, address }) => `${String(nodeId)}@${address}:${String(LAB_PORTS.controller)}`);
  return { mode: 'kraft', voters: voters.join(',') };
}

function kafkaConfig(host: HostState, plan: LabPlan, hosts: readonly HostState[]): Record<string, string> {
  if (host.nodeId === null) {
    const text = zookeeperPropertiesText(zookeeperAddress(plan.network), LAB_PORTS.zookeeper);
    return { 'zookeeper.properties': text };
  }
  const text = serverPropertiesText({
    id: host.nodeId,
    roles: host.roles,
    address: host.address,
    ports: LAB_PORTS,
    metadata: metadataPlace(plan, hosts),
    brokers: plan.brokers,
    properties: host.roles.includes('broker') ? plan.properties : plan.controllerProperties,
  });
  const logging = [...log4j1Files, ...log4j2Files].filter(([name]) => !name.startsWith('tools-'));
  return { 'server.properties': text, ...Object.fromEntries(logging) };
}

/** Like Promise.all, but waits for all to end first: nothing may still be starting while the lab is taken down. */
async function settleAll(promises: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
