/** A real lab, a real Temporal and a real worker for tests of what is refused, with proof that no broker was touched. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { parse, stringify } from 'yaml';
import { connectTemporal } from '../../../src/client/connect';
import type { TemporalSession } from '../../../src/client/connect';
import { defaultTaskQueue, UpgradeClient } from '../../../src/client/upgrade-client';
import { demoTemporal } from '../../../src/demo/temporal';
import type { DemoTemporal } from '../../../src/demo/temporal';
import { startWorkerProcess } from '../../../src/demo/worker-process';
import { workflowIdOf } from '../../../src/domain/plan/request';
import { serviceProcess } from '../../../src/lab/kafka-service';
import { labUp } from '../../../src/lab/lab';
import type { CommandResult, Lab, LabHost } from '../../../src/lab/lab';
import { ensureTemporalCli } from '../../../src/lab/provision/temporal-cli';
import { runCommand } from '../../../src/lab/run-command';

/** The release that all hosts run at first, and the one that lies ready on them. */
const RELEASE = '3.7.2';
export const TARGET = '3.8.1';

/** What an upgrade would change of one broker: its process, its configuration file and its release. */
export interface BrokerFootprint {
  broker: string;
  pid: number | null;
  startTicks: number | null;
  propertiesSha256: string;
  release: string;
}

/** A cluster definition as plain data. */
export interface DefinitionData {
  cluster: string;
  nodes: { id: number; host: string; kafka: string; jmx: string }[];
  ssh: Record<string, unknown>;
  paths: Record<string, string>;
}

/** How a workflow failed: the type is the product's own, the message is the operator's. */
export interface WorkflowFailure {
  type: string;
  message: string;
}

/** Plenty for one command on a busy machine (ms). */
const commandTimeoutMs = 120_000;

const cliFile = join(__dirname, '..', '..', '..', 'dist', 'cli', 'main.js');

const footprintOf = (host: LabHost): BrokerFootprint => {
  const process = serviceProcess(host);
  const properties = readFileSync(join(host.root, 'etc/kafka/server.properties'));
  return {
    broker: host.name,
    pid: process?.pid ?? null,
    startTicks: process?.startTicks ?? null,
    propertiesSha256: createHash('sha256').update(properties).digest('hex'),
    release: readlinkSync(join(host.root, 'opt/kafka')),
  };
};

const stateFilesOf = (host: LabHost): string[] => {
  const directory = join(host.root, 'var/lib/kafka-upgrade');
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
};

/** Open it once per file; `close` stops everything, also after a failed start. */
export class RefusalStage {
  readonly directory = mkdtempSync(join(tmpdir(), 'refusals-'));
  private opened: { lab: Lab; temporal: DemoTemporal; session: TemporalSession; temporalCli: string } | null = null;
  private readonly closers: (() => Promise<void>)[] = [];

  async open(): Promise<void> {
    const log = (): void => undefined;
    const directory = join(this.directory, 'lab');
    const temporal = this.closing(await demoTemporal({ log, outliveTo: null }), ({ stop }) => stop());
    const lab = this.closing(await labUp({ directory, release: RELEASE, stagedReleases: [TARGET] }), (up) => up.down());
    const logFile = join(this.directory, 'worker.log');
    const { definitionsDirectory } = lab;
    const worker = { ...temporal, taskQueue: defaultTaskQueue, definitionsDirectory, logFile };
    this.closing(await startWorkerProcess(worker), ({ stop }) => stop());
    const { address, namespace } = temporal;
    const session = this.closing(await connectTemporal({ address, namespace }), ({ close }) => close());
    this.opened = { lab, temporal, session, temporalCli: (await ensureTemporalCli({ log })).path };
  }

  async close(): Promise<void> {
    for (const close of this.closers.reverse()) await close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  get lab(): Lab {
    return this.parts.lab;
  }

  get session(): TemporalSession {
    return this.parts.session;
  }

  client(cluster: string): UpgradeClient {
    return new UpgradeClient(this.session, cluster);
  }

  broker(id: number): LabHost {
    const host = this.lab.brokers.find(({ nodeId }) => nodeId === id);
    if (host === undefined) throw new Error(`no broker ${id}`);
    return host;
  }

  /** Runs the built command line as an operator does; commands that need Temporal get its address. */
  cli(...words: string[]): Promise<CommandResult> {
    return runCommand(process.execPath, [cliFile, ...words], { timeoutMs: commandTimeoutMs });
  }

  /** `cli` for a command that talks to Temporal. */
  upgrade(...words: string[]): Promise<CommandResult> {
    return this.cli(...words, '--address', this.parts.temporal.address);
  }

  /** Runs Temporal's own command line. */
  temporal(...words: string[]): Promise<CommandResult> {
    const { temporal, temporalCli } = this.parts;
    return runCommand(temporalCli, [...words, '--address', temporal.address], { timeoutMs: commandTimeoutMs });
  }

  /** Waits for the end of a workflow that must fail. */
  async failureOf(cluster: string, workflowId = workflowIdOf(cluster)): Promise<WorkflowFailure> {
    try {
      const result: unknown = await this.session.client.workflow.getHandle(workflowId).result();
      throw new Error(`${workflowId} did not fail: ${JSON.stringify(result)}`);
    } catch (error) {
      if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ApplicationFailure)) throw error;
      return { type: error.cause.type ?? '', message: error.cause.message };
    }
  }

  /** Adds a definition that differs from the lab's own by its name and `change`. */
  define(cluster: string, change: (definition: DefinitionData) => void = () => undefined): void {
    // as: the lab wrote this file itself a moment ago.
    const definition = parse(this.read(join(this.lab.definitionsDirectory, 'lab.yaml'))) as DefinitionData;
    definition.cluster = cluster;
    change(definition);
    writeFileSync(join(this.lab.definitionsDirectory, `${cluster}.yaml`), stringify(definition));
  }

  /** What an upgrade would change of the brokers, as seen from outside of the hosts. */
  footprint(): BrokerFootprint[] {
    return this.lab.brokers.map(footprintOf);
  }

  /** Everything that this product itself keeps on the hosts, of all clusters: lock, lease and backups, by broker. */
  stateFiles(): string[][] {
    return this.lab.brokers.map(stateFilesOf);
  }

  /** The lease file of cluster `lab` on every broker; empty where there is none. */
  leases(): string[] {
    return this.lab.brokers.map(({ root }) => {
      const file = join(root, 'var/lib/kafka-upgrade/lab/lease');
      return existsSync(file) ? this.read(file) : '';
    });
  }

  private read(file: string): string {
    return readFileSync(file, 'utf8');
  }

  private get parts(): NonNullable<RefusalStage['opened']> {
    if (this.opened === null) throw new Error('The stage is not open.');
    return this.opened;
  }

  private closing<T>(started: T, close: (part: T) => Promise<void>): T {
    this.closers.push(() => close(started));
    return started;
  }
}
