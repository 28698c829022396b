import type { ZooKeeperServer } from '../domain/checks/risk-facts';
import type { ZooKeeperAddress } from '../domain/checks/zookeeper';
import type { ClusterDefinition, NodeDefinition } from '../config/definition';
import type {
  BrokerProcess,
  HostClock,
  HostFacts,
  HostLease,
  HostLeases,
  Lease,
  RegisteredNodes,
} from '../domain/cluster/cluster';
import { releaseDirectory, type FoundRelease } from '../domain/cluster/release';
import type { DiskSpace } from '../domain/checks/risk-facts';
import type { HostSession } from '../ssh/host-session';
import { bringUpScript, restartLookScript } from './bring-up-scripts';
import type {
  BackupRecord,
  BringUp,
  BrokerHost,
  BroughtUp,
  ChangeResult,
  OperationContext,
  RestartState,
  StopTrace,
  StopWait,
} from './broker-host';
import { holding, missingFact, runFenced } from './fenced-command';
import {
  backUpScript,
  readLeasesScript,
  readPropertiesScript,
  replacePropertiesScript,
  type PropertiesChange,
} from './file-scripts';
import {
  parseBrokers,
  parseClock,
  parseDiskSpace,
  parseZooKeeper,
  parseHostFacts,
  parseLeases,
  parseProperties,
  parseRestartState,
  parseStopTrace,
  parseTargetRelease,
} from './host-report';
import {
  diskSpaceScript,
  zooKeeperScript,
  inspectScript,
  logTailScript,
  systemdUnit,
  probeScript,
  releaseScript,
} from './look-scripts';
import { clockScript, findProcessScript } from './process-scripts';
import { awaitStopScript, requestStopScript } from './stop-scripts';
import { encodeProperties, propertiesSha256 } from './properties-bytes';
import { decodeFact, runScript, type RemoteScript } from './remote-script';
import { newestSnapshotScript, parseRegistrations, registrationScript } from './registration-script';
import { scriptFailure } from './script-failure';

/** A look or a small change takes milliseconds; a host under heavy load gets this long (ms). */
const COMMAND_TIMEOUT_MS = 30_000;
/** The remote side of a wait ends by itself; this much later we give it up (ms). */
const SLACK_MS = 10_000;
/** A JVM start, and at most a snapshot and a segment or two of the metadata log (ms). */
const DUMP_TIMEOUT_MS = 100_000;

/** A broker's host over SSH; see `BrokerHost`. */
export class SshBrokerHost implements BrokerHost {
  readonly nodeId: number;
  readonly address: string;

  constructor(
    private readonly session: HostSession,
    private readonly cluster: Pick<ClusterDefinition, 'paths' | 'service'>,
    node: Pick<NodeDefinition, 'id'>,
  ) {
    this.nodeId = node.id;
    this.address = session.address;
  }

  async inspect(input: { targetVersion: string }, context?: OperationContext): Promise<HostFacts> {
    const { paths, service } = this.cluster;
    const logging = service.type === 'scripts' ? [service.logging.log4j, service.logging.log4j2] : [];
    const loggingFiles = logging.filter((file) => file !== null);
    const body = inspectScript({
      config: paths.config,
      current: paths.current,
      target: releaseDirectory(paths.releases, input.targetVersion),
      statePath: paths.state,
      javaHome: this.javaHome(),
      loggingFiles,
      unit: service.type === 'commands' ? systemdUnit(service.stop) : null,
    });
    const beganSeconds = Date.now() / 1000;
    const facts = await this.look({ description: 'inspecting the host', body }, context);
    const look = { beganSeconds, endedSeconds: Date.now() / 1000 };
    return parseHostFacts(facts, { nodeId: this.nodeId, address: this.address, loggingFiles, look });
  }

  async readProperties(context?: OperationContext): Promise<{ text: string; sha256: string }> {
    const body = readPropertiesScript(this.cluster.paths.config);
    return parseProperties(await this.look({ description: 'reading server.properties', body }, context), this.address);
  }

  async readLeases(context?: OperationContext): Promise<HostLeases> {
    const body = readLeasesScript(this.cluster.paths.state);
    return parseLeases(await this.look({ description: 'reading the leases', body }, context), this.address);
  }

  async clock(context?: OperationContext): Promise<HostClock> {
    const facts = await this.look({ description: 'reading the clock', body: clockScript }, context);
    return parseClock(facts, this.address);
  }

  async findProcess(context?: OperationContext): Promise<BrokerProcess | null> {
    const body = findProcessScript(this.cluster.paths.config);
    return parseBrokers(
      await this.look({ description: 'looking for the broker process', body }, context),
      this.address,
    );
  }

  async lookAtRestart(context?: OperationContext): Promise<RestartState> {
    const { state, config, current } = this.cluster.paths;
    const body = restartLookScript({ state, config, current });
    const facts = await this.look({ description: 'looking at the restart', body }, context);
    return parseRestartState(facts, this.address);
  }

  async awaitStop(wait: StopWait, context: OperationContext = {}): Promise<StopTrace> {
    const { process, timeoutMs, logDirectories } = wait;
    const { state, logs } = this.cluster.paths;
    const onStdoutLine = (line: string): void => {
      if (process === null || !line.startsWith('waiting=')) return;
      context.onProgress?.(`process ${process.pid} on ${this.address} is still stopping after ${line.slice(8)} s`);
    };
    const description =
      process === null ? 'reading the traces of the stop' : `waiting for the end of process ${process.pid}`;
    const script = { description, body: awaitStopScript({ ...wait, state, logs }), timeoutMs: timeoutMs + SLACK_MS };
    return parseStopTrace(await this.look({ ...script, onStdoutLine }, context), logDirectories);
  }

  async logTail(lines: number, context?: OperationContext): Promise<string> {
    const body = logTailScript(this.cluster.paths.logs, lines);
    return decodeFact(await this.look({ description: 'reading the broker log', body }, context), 'log') ?? '';
  }

  async findRelease(version: string, context?: OperationContext): Promise<FoundRelease> {
    const body = releaseScript(releaseDirectory(this.cluster.paths.releases, version));
    return parseTargetRelease(await this.look({ description: `looking for release ${version}`, body }, context));
  }

  async diskSpace(paths: readonly string[], context?: OperationContext): Promise<DiskSpace[]> {
    const body = diskSpaceScript(paths);
    return parseDiskSpace(
      await this.look({ description: 'reading the disk space', body }, context),
      this.nodeId,
      paths,
    );
  }

  async zooKeeperVersions(
    servers: readonly ZooKeeperAddress[],
    context?: OperationContext,
  ): Promise<ZooKeeperServer[]> {
    const script = { description: 'asking ZooKeeper for its version', body: zooKeeperScript(servers) };
    return parseZooKeeper(await this.look(script, context), servers);
  }

  async registeredNodes(metadataDirectory: string, context?: OperationContext): Promise<RegisteredNodes> {
    const { paths } = this.cluster;
    const body = registrationScript({ metadataDirectory, current: paths.current, javaHome: this.javaHome() });
    const script = { description: 'reading the registrations in the metadata log', body, timeoutMs: DUMP_TIMEOUT_MS };
    return parseRegistrations(decodeFact(await this.look(script, context), 'registrations') ?? '');
  }

  async newestSnapshot(metadataDirectory: string, context?: OperationContext): Promise<number | null> {
    const script = { description: 'looking for snapshots', body: newestSnapshotScript(metadataDirectory) };
    const offset = (await this.look(script, context)).get('snapshot');
    return offset === undefined ? null : Number(offset);
  }

  async probe(
    command: string,
    timeoutMs: number,
    context?: OperationContext,
  ): Promise<{ exitCode: number; output: string }> {
    const script = { description: 'the probe command', body: probeScript(command, timeoutMs), timeoutMs };
    const facts = await this.look(script, context);
    const exit = facts.get('exit');
    if (exit === undefined) throw missingFact(this.address, 'the exit code of the probe');
    return { exitCode: Number(exit), output: decodeFact(facts, 'output') ?? '' };
  }

  async storeLease(
    lease: HostLease,
    context?: OperationContext,
    options: { takeOver?: boolean } = {},
  ): Promise<ChangeResult> {
    const body = 'if [ "$lease_stored" = 1 ]; then fact changed 0; else fact changed 1; fi';
    const command = { description: 'storing the lease', statePath: this.cluster.paths.state, body, lease };
    const fenced = { ...command, timeoutMs: COMMAND_TIMEOUT_MS, takeOver: options.takeOver ?? false };
    const { facts } = await runFenced(this.session, fenced, context);
    const evidence = `lease ${lease.epoch}.${lease.step}.${lease.attempt} ${lease.held ? 'held' : 'released'}`;
    return { changed: facts.get('changed') === '1', evidence };
  }

  async backUpProperties(lease: Lease, label: string, context?: OperationContext): Promise<BackupRecord> {
    if (!/^\w[\w.-]*$/.test(label)) throw new Error(`A backup cannot be called ${JSON.stringify(label)}.`);
    const source = this.cluster.paths.config;
    const body = backUpScript(source, label);
    const facts = await this.change(lease, { description: 'backing up server.properties', body }, context);
    const path = facts.get('path');
    const sum = facts.get('sha256');
    if (path === undefined || sum === undefined) throw missingFact(this.address, 'the backup');
    return { source, path, sha256: sum, changed: facts.get('changed') === '1' };
  }

  async replaceProperties(
    lease: Lease,
    change: { text: string; expectedSha256: string },
    context?: OperationContext,
  ): Promise<ChangeResult> {
    const body = replacePropertiesScript(this.cluster.paths.config, propertiesChange(change));
    return changeResult(await this.change(lease, { description: 'replacing server.properties', body }, context));
  }

  async requestStop(
    lease: Lease,
    input: { restart: string; process: BrokerProcess; gateBegan: HostClock; maxGateAgeSeconds: number },
    context?: OperationContext,
  ): Promise<ChangeResult> {
    const body = requestStopScript({ ...input, config: this.cluster.paths.config, service: this.cluster.service });
    return changeResult(await this.change(lease, { description: 'stopping the broker', body }, context));
  }

  async bringUp(lease: Lease, input: BringUp, context?: OperationContext): Promise<BroughtUp> {
    const { config, current, releases } = this.cluster.paths;
    const { properties, version } = input;
    const body = bringUpScript({
      ...input,
      properties: properties === null ? null : propertiesChange(properties),
      config,
      current,
      service: this.cluster.service,
      release: releaseDirectory(releases, version),
    });
    const description = `bringing the node up with release ${version}`;
    const facts = await this.change(lease, { description, body }, context);
    const runsFor = facts.get('runs_for_ms');
    return {
      ...changeResult(facts),
      process: parseBrokers(facts, this.address),
      runsForMs: runsFor === undefined ? null : Number(runsFor),
    };
  }

  /** JAVA_HOME of the service, null for the host's own. */
  private javaHome(): string | null {
    const { service } = this.cluster;
    return service.type === 'scripts' ? (service.environment['JAVA_HOME'] ?? null) : null;
  }

  private async look(
    script: Omit<RemoteScript, 'timeoutMs'> & { timeoutMs?: number },
    context?: OperationContext,
  ): Promise<Map<string, string>> {
    const outcome = await runScript(this.session, { timeoutMs: COMMAND_TIMEOUT_MS, ...script }, context);
    if (outcome.result.exitCode !== 0) throw scriptFailure(outcome);
    return outcome.facts;
  }

  private async change(
    lease: Lease,
    { description, body }: { description: string; body: string },
    context?: OperationContext,
  ): Promise<Map<string, string>> {
    const statePath = this.cluster.paths.state;
    const command = { description, body, statePath, lease: holding(lease), timeoutMs: COMMAND_TIMEOUT_MS };
    return (await runFenced(this.session, command, context)).facts;
  }
}

const propertiesChange = (change: { text: string; expectedSha256: string }): PropertiesChange => ({
  contentBase64: encodeProperties(change.text),
  expectedSha256: change.expectedSha256,
  newSha256: propertiesSha256(change.text),
});

const changeResult = (facts: Map<string, string>): ChangeResult => ({
  changed: facts.get('changed') === '1',
  evidence: facts.get('evidence') ?? '',
});
