import type { ZooKeeperServer } from '../../src/domain/checks/risk-facts';
import type { ZooKeeperAddress } from '../../src/domain/checks/zookeeper';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  BrokerProcess,
  HostClock,
  HostFacts,
  HostLease,
  HostLeases,
  Lease,
  NodeId,
  RegisteredNodes,
} from '../../src/domain/cluster/cluster';
import { UpgradeError } from '../../src/domain/common/failure';
import { judgeLease } from '../../src/domain/cluster/lease';
import type { FoundRelease } from '../../src/domain/cluster/release';
import type { DiskSpace } from '../../src/domain/checks/risk-facts';
import { readProperties } from '../../src/domain/settings/server-properties';
import { sameProcess } from '../../src/domain/restart/restart-record';
import type { Launch, RestartRecord } from '../../src/domain/restart/restart-record';
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
} from '../../src/hosts/broker-host';
import { propertiesSha256 } from '../../src/hosts/properties-bytes';
import type { FakeNode, WorldModel } from './world-model';

const levels: Record<string, string> = { '3.7.2': '3.7-IV4', '3.8.1': '3.8-IV0' };

/** A host as the ports show it; every change goes through the lease rules of the product (I5). */
export class FakeHost implements BrokerHost {
  readonly nodeId: NodeId;
  readonly address: string;

  constructor(
    private readonly world: WorldModel,
    private readonly node: FakeNode,
  ) {
    this.nodeId = node.id;
    this.address = `kafka@10.0.0.${node.id}:22`;
  }

  async inspect({ targetVersion }: { targetVersion: string }): Promise<HostFacts> {
    await this.world.call('inspect', this.nodeId);
    const { properties, link, process, lease, otherLeases, installed } = this.node;
    const directory = `/opt/kafka_2.13-${targetVersion}`;
    return {
      nodeId: this.nodeId,
      hostname: `host-${this.nodeId}`,
      properties,
      propertiesSha256: propertiesSha256(properties),
      currentRelease: `/opt/kafka_2.13-${link}`,
      installedVersion: link,
      targetRelease: installed.includes(targetVersion) ? { directory, version: targetVersion } : null,
      javaVersion: '17.0.15',
      process,
      missingFiles: [],
      clockSkewSeconds: 0,
      stopTimeoutSeconds: null,
      managers: [],
      leases: { own: lease, others: otherLeases },
    };
  }

  async findRelease(version: string): Promise<FoundRelease> {
    await this.world.call('findRelease', this.nodeId);
    return this.node.installed.includes(version) ? { directory: `/opt/kafka_2.13-${version}`, version } : null;
  }

  async diskSpace(paths: readonly string[]): Promise<DiskSpace[]> {
    await this.world.call('diskSpace', this.nodeId);
    return paths.map((path) => ({ nodeId: this.nodeId, path, totalBytes: 1e12, availableBytes: 5e11 }));
  }

  async zooKeeperVersions(servers: readonly ZooKeeperAddress[]): Promise<ZooKeeperServer[]> {
    await this.world.call('zooKeeperVersions', this.nodeId);
    return servers.map(({ host, port }) => ({ server: `${host}:${port}`, version: '3.8.4' }));
  }

  newestSnapshot(): Promise<number | null> {
    return this.world.call('newestSnapshot', this.nodeId).then(() => this.world.newestSnapshot);
  }

  registeredNodes(): Promise<RegisteredNodes> {
    return this.world.call('registeredNodes', this.nodeId).then(() => this.world.registered);
  }

  async readProperties(): Promise<{ text: string; sha256: string }> {
    await this.world.call('readProperties', this.nodeId);
    return { text: this.node.properties, sha256: propertiesSha256(this.node.properties) };
  }

  async readLeases(): Promise<HostLeases> {
    await this.world.call('readLeases', this.nodeId);
    return { own: this.node.lease, others: this.node.otherLeases };
  }

  async clock(): Promise<HostClock> {
    await this.world.call('clock', this.nodeId);
    return { bootId: 'boot-1', uptimeSeconds: performance.now() / 1000 };
  }

  async findProcess(context?: OperationContext): Promise<BrokerProcess | null> {
    context?.signal?.throwIfAborted();
    await this.world.call('findProcess', this.nodeId);
    const { process } = this.node;
    return process === null ? null : { pid: process.pid, startTicks: process.startTicks };
  }

  async lookAtRestart(): Promise<RestartState> {
    await this.world.call('lookAtRestart', this.nodeId);
    const { process, record, link, properties } = this.node;
    return {
      process: process === null ? null : { pid: process.pid, startTicks: process.startTicks },
      starting: this.node.starting,
      record: record === null ? null : structuredClone(record),
      version: link,
      sha256: propertiesSha256(properties),
      startFailure: null,
    };
  }

  async awaitStop({ process, timeoutMs, logDirectories }: StopWait, context?: OperationContext): Promise<StopTrace> {
    await this.world.call('awaitStop', this.nodeId);
    const began = performance.now();
    const deadline = began + timeoutMs;
    while (process !== null && this.node.process?.pid === process.pid && performance.now() < deadline) {
      context?.onProgress?.('still stopping');
      await sleep(2);
    }
    return {
      gone: process === null || this.node.process?.pid !== process.pid,
      stopMs: process === null ? null : Math.round(performance.now() - began),
      cleanShutdownMarkers: logDirectories.map((directory) => ({ directory, present: this.node.cleanMarker })),
      logTail: `last words of broker ${this.nodeId}`,
    };
  }

  async logTail(): Promise<string> {
    await this.world.call('logTail', this.nodeId);
    return `last words of broker ${this.nodeId}`;
  }

  async probe(command: string): Promise<{ exitCode: number; output: string }> {
    await this.world.call('probe', this.nodeId);
    return { exitCode: this.world.probeExitCode, output: `output of ${command}` };
  }

  async storeLease(
    lease: HostLease,
    _context?: OperationContext,
    options: { takeOver?: boolean } = {},
  ): Promise<ChangeResult> {
    await this.world.call('storeLease', this.nodeId);
    this.fence(lease, options.takeOver ?? false);
    this.node.lease = lease;
    this.world.note('lease', this.nodeId, lease.held ? 'held' : 'released', lease);
    return { changed: true, evidence: `lease ${lease.epoch}.${lease.step}` };
  }

  async backUpProperties(lease: Lease, label: string): Promise<BackupRecord> {
    await this.world.call('backUpProperties', this.nodeId);
    this.change('backup', lease, label);
    const path = `/var/lib/kafka-upgrade/orders-prod/backups/${label}/server.properties`;
    return {
      source: '/etc/kafka/server.properties',
      path,
      sha256: propertiesSha256(this.node.properties),
      changed: true,
    };
  }

  async replaceProperties(lease: Lease, change: { text: string; expectedSha256: string }): Promise<ChangeResult> {
    await this.world.call('replaceProperties', this.nodeId);
    if (propertiesSha256(this.node.properties) !== change.expectedSha256)
      throw new UpgradeError('ConfigDrift', 'raced');
    this.change('file', lease, readProperties(change.text)['inter.broker.protocol.version'] ?? 'unpinned');
    this.node.properties = change.text;
    return { changed: true, evidence: 'replaced' };
  }

  async requestStop(
    lease: Lease,
    input: { restart: string; process: BrokerProcess; gateBegan: HostClock; maxGateAgeSeconds: number },
  ): Promise<ChangeResult> {
    await this.world.call('requestStop', this.nodeId);
    const { node } = this;
    if (node.process?.pid !== input.process.pid) throw new UpgradeError('CommandFailed', 'another process');
    if (performance.now() / 1000 - input.gateBegan.uptimeSeconds > input.maxGateAgeSeconds) {
      throw new UpgradeError('GateTooOld', 'the gate is too old');
    }
    this.change('stop', lease, node.process.version);
    node.process.stopping = true;
    node.record = { id: input.restart, asked: input.process, exited: null, cause: null, launches: [] };
    node.cleanMarker = node.onStop === 'exit';
    if (node.onStop !== 'hang') node.process = null;
    return { changed: true, evidence: 'sent SIGTERM' };
  }

  async bringUp(lease: Lease, input: BringUp): Promise<BroughtUp> {
    await this.world.call('bringUp', this.nodeId);
    const { node } = this;
    const record = this.recordOf(input.restart);
    const launch = record.launches.at(-1);
    if (node.process !== null) return this.runningAlready(launch);
    if (node.starting) return { changed: false, evidence: 'the start command works', process: null, runsForMs: null };
    record.exited ??= input.exited;
    record.cause ??= input.cause;
    const steps = [() => this.applyFile(lease, input), () => this.applyLink(lease, input.version)];
    for (const step of input.aim === 'planned' ? steps : steps.reverse()) await step();
    record.launches.push({ aim: input.aim, version: input.version, started: null });
    return this.startProcess(lease, record);
  }

  private recordOf(restart: string): RestartRecord {
    const { node } = this;
    if (node.record?.id !== restart)
      node.record = { id: restart, asked: null, exited: null, cause: null, launches: [] };
    return node.record;
  }

  private runningAlready(launch: Launch | undefined): BroughtUp {
    const { process } = this.node;
    if (process === null || launch === undefined || (launch.started !== null && !sameProcess(launch.started, process)))
      throw new UpgradeError(
        'StartedElsewhere',
        `the broker runs as ${process?.pid ?? '?'}, and this restart did not start it`,
      );
    return { changed: false, evidence: 'already runs', process, runsForMs: 0 };
  }

  private async applyFile(lease: Lease, { properties, plannedSha256s }: BringUp): Promise<void> {
    const { node } = this;
    const found = propertiesSha256(node.properties);
    if (properties === null) {
      if (!plannedSha256s.includes(found)) throw new UpgradeError('ConfigDrift', 'raced');
      return;
    }
    await this.world.call('replaceProperties', this.nodeId);
    if (found === propertiesSha256(properties.text)) return;
    if (found !== properties.expectedSha256) throw new UpgradeError('ConfigDrift', 'raced');
    this.change('file', lease, readProperties(properties.text)['inter.broker.protocol.version'] ?? 'unpinned');
    node.properties = properties.text;
  }

  private async applyLink(lease: Lease, version: string): Promise<void> {
    await this.world.call('switchRelease', this.nodeId);
    if (this.node.link === version) return;
    this.change('link', lease, version);
    this.node.link = version;
  }

  private async startProcess(lease: Lease, record: RestartRecord): Promise<BroughtUp> {
    await this.world.call('start', this.nodeId);
    const { node } = this;
    const protocol = readProperties(node.properties)['inter.broker.protocol.version'] ?? levels[node.link] ?? '?';
    const fault = node.startFault(node.link, protocol);
    this.change('start', lease, `${node.link} at ${protocol}`);
    if (fault === 'slow') {
      node.starting = true;
      return { changed: true, evidence: 'the start command was given', process: null, runsForMs: null };
    }
    const process = { pid: this.world.nextPid(), startTicks: 1, version: node.link, protocol, stopping: false };
    if (fault === 'dies') throw new UpgradeError('StartFailed', `broker ${node.id} died at once`);
    node.process = process;
    node.cleanMarker = false;
    const launch = record.launches.at(-1);
    if (launch !== undefined) launch.started = { pid: process.pid, startTicks: process.startTicks };
    if (fault === 'deaf') this.world.deaf.add(node.id);
    else this.world.deaf.delete(node.id);
    return { changed: true, evidence: 'started', process, runsForMs: 0 };
  }

  private change(kind: 'backup' | 'file' | 'link' | 'stop' | 'start', lease: Lease, detail: string): void {
    this.fence(lease, false);
    this.node.lease = { ...lease, held: true };
    this.world.note(kind, this.nodeId, detail, lease);
  }

  private fence(lease: Lease, takeOver: boolean): void {
    const verdict = judgeLease(this.node.lease, lease, takeOver);
    if (verdict === 'accepted') return;
    throw new UpgradeError(verdict === 'held' ? 'LeaseHeld' : 'LeaseStale', `host ${this.nodeId} refuses: ${verdict}`);
  }
}
