import type { ZooKeeperServer } from '../domain/checks/risk-facts';
import type { ZooKeeperAddress } from '../domain/checks/zookeeper';
import type {
  BrokerProcess,
  HostClock,
  HostFacts,
  HostLease,
  HostLeases,
  Lease,
  NodeId,
  RegisteredNodes,
} from '../domain/cluster/cluster';
import type { FoundRelease } from '../domain/cluster/release';
import type { DiskSpace } from '../domain/checks/risk-facts';

/** Passed to every long operation: how to give up, and where to report progress. */
export interface OperationContext {
  /** Aborted when the activity is cancelled or the worker shuts down. */
  signal?: AbortSignal;
  /** Called with a short sentence while waiting; activities turn it into a heartbeat. */
  onProgress?: (message: string) => void;
}

/** A fenced change and whether anything had to be changed (design invariant I4: ensure, don't do). */
export interface ChangeResult {
  changed: boolean;
  /** What was seen or done, for the evidence: one line. */
  evidence: string;
}

/** A file that was copied aside and read back. */
export interface BackupRecord {
  source: string;
  path: string;
  sha256: string;
  changed: boolean;
}

/** How and when a broker stopped, by its own traces. */
export interface StopTrace {
  /** `.kafka_cleanshutdown` is present in every directory of `log.dirs`. */
  cleanShutdownMarkers: { directory: string; present: boolean }[];
  /** The last lines of the broker's own server.log, bounded. */
  logTail: string;
}

/**
 * One broker's host. Reads are free; every method that takes a `Lease` changes the host and goes through the one fenced
 * command (invariant I5): lock, compare lease, store it, change, in one remote shell.
 */
export interface BrokerHost {
  readonly nodeId: NodeId;
  /** `user@address:port`, for messages. */
  readonly address: string;

  inspect(input: { targetVersion: string }, context?: OperationContext): Promise<HostFacts>;
  readProperties(context?: OperationContext): Promise<{ text: string; sha256: string }>;
  /** The release of this version at its place, looked at as `switchRelease` does; null when it is not there. */
  findRelease(version: string, context?: OperationContext): Promise<FoundRelease>;
  readLeases(context?: OperationContext): Promise<HostLeases>;
  clock(context?: OperationContext): Promise<HostClock>;
  findProcess(context?: OperationContext): Promise<BrokerProcess | null>;
  /** The process whose stop was asked for since the last start by this product; null without one. */
  stopAsked(context?: OperationContext): Promise<BrokerProcess | null>;
  /** Waits until exactly this process is gone (a zombie counts as gone). Resolves to false at the time limit. */
  awaitExit(process: BrokerProcess, timeoutMs: number, context?: OperationContext): Promise<boolean>;
  stopTrace(logDirectories: string[], context?: OperationContext): Promise<StopTrace>;
  /** The last lines of the broker's server.log (or of kafkaServer.out when that is what there is). */
  logTail(lines: number, context?: OperationContext): Promise<string>;
  /** Who is registered in the KRaft metadata log below this directory; a controller's host only. Starts a JVM. */
  registeredNodes(metadataDirectory: string, context?: OperationContext): Promise<RegisteredNodes>;
  /** Where the newest snapshot of the KRaft metadata log below this directory ends (offset); null without one. */
  newestSnapshot(metadataDirectory: string, context?: OperationContext): Promise<number | null>;
  /** Space of the file systems below these paths; a path that is not there yet counts as its nearest parent. */
  diskSpace(paths: readonly string[], context?: OperationContext): Promise<DiskSpace[]>;
  /** The versions of these ZooKeeper servers, asked from this host: others may not reach them. */
  zooKeeperVersions(servers: readonly ZooKeeperAddress[], context?: OperationContext): Promise<ZooKeeperServer[]>;
  /** Runs an operator's read-only probe command; resolves with its exit code and bounded output. */
  probe(command: string, timeoutMs: number, context?: OperationContext): Promise<{ exitCode: number; output: string }>;

  /**
   * Stores a newer lease (a claim, a raise, or with `held: false` a release). `takeOver` is a person's word that the
   * holder is dead: then a greater epoch is enough.
   */
  storeLease(lease: HostLease, context?: OperationContext, options?: { takeOver?: boolean }): Promise<ChangeResult>;
  /** Copies `server.properties` to `<backups>/<label>/`, fsyncs, reads back, compares checksums. */
  backUpProperties(lease: Lease, label: string, context?: OperationContext): Promise<BackupRecord>;
  /**
   * Replaces `server.properties` atomically (temp file in the same directory, owner and mode kept, fsync, rename).
   * Refuses with `ConfigDrift` unless the file has `expectedSha256` or already the new content.
   */
  replaceProperties(
    lease: Lease,
    change: { text: string; expectedSha256: string },
    context?: OperationContext,
  ): Promise<ChangeResult>;
  /** Points the `current` link at the release of `version`, atomically (rename of a new link). */
  switchRelease(lease: Lease, version: string, context?: OperationContext): Promise<ChangeResult>;
  /**
   * Asks exactly this process to stop (SIGTERM, or the configured stop command). Refused by the host with `GateTooOld`
   * when `gateBegan` is more than `maxGateAgeSeconds` ago by the host's own monotonic clock, or from another boot.
   */
  requestStop(
    lease: Lease,
    input: { process: BrokerProcess; gateBegan: HostClock; maxGateAgeSeconds: number },
    context?: OperationContext,
  ): Promise<ChangeResult>;
  /** Starts the broker unless it already runs; returns its process. */
  start(lease: Lease, context?: OperationContext): Promise<ChangeResult & { process: BrokerProcess }>;
}
