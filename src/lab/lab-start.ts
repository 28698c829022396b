import { mkdir, writeFile } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { clusterDefinitionText } from './cluster-definition';
import { makeHostFiles } from './host-files';
import { HOST_INIT_SCRIPT } from './host-script';
import { startHost } from './host';
import { awaitRegistered, startBroker, startZooKeeper } from './kafka-service';
import { programPath } from './lab-unavailable';
import { labPaths, writeLabState, type HostState, type LabState } from './lab-state';
import { LAB_PORTS, brokerAddress, zookeeperAddress } from './network';
import { serverPropertiesText, zookeeperPropertiesText } from './server-properties';
import { labSsh, makeKeys, type LabKeys } from './ssh-access';

/** A lab with every choice made. */
export interface LabPlan {
  directory: string;
  cluster: string;
  network: number;
  brokers: number;
  release: string;
  /** Distribution directories; the first is that of `release`. */
  releaseDirectories: [string, ...string[]];
  properties: Record<string, string>;
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

/** Starts ZooKeeper and all brokers, and waits until the cluster is complete. */
export async function startCluster(plan: LabPlan, state: LabState): Promise<void> {
  const start = { ssh: state.ssh, javaHome: javaHome(), signal: plan.signal };
  const brokers = state.hosts.filter(({ nodeId }) => nodeId !== null);
  await settleAll(
    state.hosts.map(async (host) => {
      // Brokers wait for ZooKeeper by themselves (zookeeper.connection.timeout.ms), so all JVMs may start at once.
      await (host.nodeId === null ? startZooKeeper(host, start) : startBroker(host, start));
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

function planHosts(plan: LabPlan): HostState[] {
  const root = (name: string): string => join(labPaths(plan.directory).hosts, name);
  const zookeeper = {
    name: 'zookeeper',
    nodeId: null,
    address: zookeeperAddress(plan.network),
    root: root('zookeeper'),
  };
  const brokers = Array.from({ length: plan.brokers }, (_, index) => {
    const nodeId = index + 1;
    const name = `broker-${String(nodeId)}`;
    return { name, nodeId, address: brokerAddress(plan.network, nodeId), root: root(name) };
  });
  return [zookeeper, ...brokers];
}

async function writeDefinition(plan: LabPlan, state: LabState): Promise<void> {
  const { definitions } = labPaths(plan.directory);
  const nodes = state.hosts.flatMap(({ nodeId, address }) => (nodeId === null ? [] : [{ id: nodeId, address }]));
  const text = clusterDefinitionText({ cluster: plan.cluster, nodes, ssh: state.ssh, javaHome: javaHome() });
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
    kafkaConfig: kafkaConfig(host, plan),
  });
}

function kafkaConfig(host: HostState, plan: LabPlan): Record<string, string> {
  const zookeeper = zookeeperAddress(plan.network);
  if (host.nodeId === null) {
    return { 'zookeeper.properties': zookeeperPropertiesText(zookeeper, LAB_PORTS.zookeeper) };
  }
  const text = serverPropertiesText({
    id: host.nodeId,
    address: host.address,
    kafkaPort: LAB_PORTS.kafka,
    zookeeper: `${zookeeper}:${String(LAB_PORTS.zookeeper)}`,
    brokers: plan.brokers,
    properties: plan.properties,
  });
  return { 'server.properties': text };
}

/** Like Promise.all, but waits for all to end first: nothing may still be starting while the lab is taken down. */
async function settleAll(promises: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
