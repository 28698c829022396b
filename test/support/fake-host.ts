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
import type { BackupRecord, BrokerHost, ChangeResult, OperationContext, StopTrace } from '../../src/hosts/broker-host';
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

  async stopAsked(): Promise<BrokerProcess | null> {
    await this.world.call('stopAsked', this.nodeId);
    return this.node.stopAsked;
  }

  async awaitExit(process: BrokerProcess, timeoutMs: number, context?: OperationContext): Promise<boolean> {
    await this.world.call('awaitExit', this.nodeId);
    const deadline = performance.now() + timeoutMs;
    while (this.node.process?.pid === process.pid) {
      context?.signal?.throwIfAborted();
      if (performance.now() > deadline) return false;
      context?.onProgress?.('still stopping');
      await sleep(2);
    }
    return true;
  }

  async stopTrace(logDirectories: string[]): Promise<StopTrace> {
    await this.world.call('stopTrace', this.nodeId);
    const cleanShutdownMarkers = logDirectories.map((directory) => ({ directory, present: this.node.cleanMarker }));
    return { cleanShutdownMarkers, logTail: `last words of broker ${this.nodeId}` };
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

  async switchRelease(lease: Lease, version: string): Promise<ChangeResult> {
    await this.world.call('switchRelease', this.nodeId);
    this.change('link', lease, version);
    const changed = this.node.link !== version;
    this.node.link = version;
    return { changed, evidence: `link → ${version}` };
  }

  async requestStop(
    lease: Lease,
    input: { process: BrokerProcess; gateBegan: HostClock; maxGateAgeSeconds: number },
  ): Promise<ChangeResult> {
    await this.world.call('requestStop', this.nodeId);
    const { node } = this;
    if (node.process?.pid !== input.process.pid) throw new UpgradeError('CommandFailed', 'another process');
    if (performance.now() / 1000 - input.gateBegan.uptimeSeconds > input.maxGateAgeSeconds) {
      throw new UpgradeError('GateTooOld', 'the gate is too old');
    }
    this.change('stop', lease, node.process.version);
    node.process.stopping = true;
    node.stopAsked = input.process;
    node.cleanMarker = node.onStop === 'exit';
    if (node.onStop !== 'hang') node.process = null;
    return { changed: true, evidence: 'sent SIGTERM' };
  }

  async start(lease: Lease): Promise<ChangeResult & { process: BrokerProcess }> {
    await this.world.call('start', this.nodeId);
    const { node } = this;
    if (node.process !== null) return { changed: false, evidence: 'already runs', process: node.process };
    const protocol = readProperties(node.properties)['inter.broker.protocol.version'] ?? levels[node.link] ?? '?';
    node.stopAsked = null;
    const fault = node.startFault(node.link, protocol);
    this.change('start', lease, `${node.link} at ${protocol}`);
    const process = { pid: this.world.nextPid(), startTicks: 1, version: node.link, protocol, stopping: false };
    if (fault === 'dies') throw new UpgradeError('StartFailed', `broker ${node.id} died at once`);
    node.process = process;
    node.cleanMarker = false;
    if (fault === 'deaf') this.world.deaf.add(node.id);
    else this.world.deaf.delete(node.id);
    return { changed: true, evidence: 'started', process };
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
