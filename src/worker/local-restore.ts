/**
 * The backups of one host, seen and put back from this machine: over SSH only, because whoever restores a file may have
 * neither a Kafka that runs nor a Temporal that answers. A restore is a change of a host like any other (I4, I5, I9):
 *
 *   1. Nothing is done when the file already has the content of the backup.
 *   2. Own the host: a lease with a higher epoch. The host refuses it while an upgrade holds it; two checks would race,
 *      so the host's own is the one that counts.
 *   3. Back up the file as it is now; it must be the one that the person has seen.
 *   4. Replace it, atomically and read back, and only from that content.
 *   5. Release the host, whatever happened.
 */
import { randomUUID } from 'node:crypto';
import { ClientError } from '../client/client-error';
import { findDefinition } from '../config/load';
import type { ClusterDefinition } from '../config/definition';
import { ownLabel, restoreDifference } from '../domain/settings/backup';
import type { PropertiesBackup, RestoreDifference } from '../domain/settings/backup';
import type { HostLease, NodeId } from '../domain/cluster/cluster';
import { UpgradeError } from '../domain/common/failure';
import { judgeLease, leaseWords } from '../domain/cluster/lease';
import { messageOf } from '../domain/common/message-of';
import { SshBackupStore } from '../hosts/backup-store';
import { SshBrokerHost } from '../hosts/ssh-broker-host';
import { SessionPool } from '../ssh/session-pool';
import { sshTarget } from './ssh-target';

/** A backup that was chosen, and what it would change. */
export interface RestorePreview extends RestoreDifference {
  text: string;
  sha256: string;
  /** SHA-256 of the file now. */
  currentSha256: string;
}

/** What a restore did. */
export interface RestoreResult {
  changed: boolean;
  /** Where the file as it was before is now; null when nothing was changed. */
  savedAs: { label: string; path: string } | null;
  /** SHA-256 of the file afterwards, read back on the host. */
  sha256: string;
  evidence: string;
  /** Why the host is still held by this restore; null when it is free. */
  leaseTrouble: string | null;
}

/** One host with its backups. */
export class RestoreDesk {
  readonly address: string;

  constructor(
    private readonly host: SshBrokerHost,
    private readonly store: SshBackupStore,
    private readonly where: { cluster: string; config: string; lease: string; operator: string },
  ) {
    this.address = host.address;
  }

  /** The backups, newest first, and the checksum of the file now; null when it cannot be read. */
  async list(): Promise<{ backups: PropertiesBackup[]; currentSha256: string | null }> {
    const current = this.host.readProperties().catch((error: unknown) => {
      if (error instanceof UpgradeError && error.type === 'PropertiesUnreadable') return null;
      throw error;
    });
    const [backups, file] = await Promise.all([this.store.list(), current]);
    return { backups, currentSha256: file?.sha256 ?? null };
  }

  /** Reads a backup and compares it with the file now; refused while an upgrade holds the host. */
  async preview(label: string): Promise<RestorePreview> {
    await this.claim();
    const [backup, now] = await Promise.all([this.store.read(label), this.host.readProperties()]);
    return { ...backup, currentSha256: now.sha256, ...restoreDifference(now.text, backup.text, this.where.config) };
  }

  /** Puts it back; see the head of this file. Refused while an upgrade holds the host. */
  async restore({ text, sha256, currentSha256 }: RestorePreview): Promise<RestoreResult> {
    const lease = await this.claim();
    if (sha256 === currentSha256) {
      return {
        changed: false,
        savedAs: null,
        sha256,
        evidence: `${this.where.config} already has this content`,
        leaseTrouble: null,
      };
    }
    await this.host.storeLease(lease);
    try {
      const result = await this.replace(lease, { text, expectedSha256: currentSha256 });
      return { ...result, leaseTrouble: await this.release(lease) };
    } catch (error) {
      await this.release(lease);
      throw error;
    }
  }

  /** Why the host could not be released; it must hide neither what was done nor why it was not. */
  private async release(lease: HostLease): Promise<string | null> {
    try {
      await this.host.storeLease({ ...lease, step: 4, held: false });
      return null;
    } catch (error) {
      return `The lease of this restore could not be released (${messageOf(error)}): run the same restore again.`;
    }
  }

  private async replace(
    lease: HostLease,
    change: { text: string; expectedSha256: string },
  ): Promise<Omit<RestoreResult, 'leaseTrouble'>> {
    const label = ownLabel(new Date().toISOString());
    const saved = await this.host.backUpProperties({ ...lease, step: 2 }, label);
    if (saved.sha256 !== change.expectedSha256) {
      throw new UpgradeError(
        'ConfigDrift',
        `${this.where.config} on ${this.address} changed while you looked at it. Nothing was changed; it is backed up as ${label}.`,
      );
    }
    const { changed, evidence } = await this.host.replaceProperties({ ...lease, step: 3 }, change);
    const { sha256 } = await this.host.readProperties();
    return { changed, savedAs: { label, path: saved.path }, sha256, evidence };
  }

  /** The lease of this restore; refused early, and in an operator's words, where the host would refuse it. */
  private async claim(): Promise<HostLease> {
    const { cluster, operator } = this.where;
    const { own: stored } = await this.host.readLeases();
    const lease: HostLease = {
      // A host that never had a lease is not asked for Kafka's id: Kafka may be down.
      clusterId: stored?.clusterId ?? `definition ${cluster}`,
      owner: `restore/${operator}`,
      runId: randomUUID(),
      epoch: (stored?.epoch ?? 0) + 1,
      step: 1,
      attempt: 1,
      held: true,
    };
    if (stored === null || judgeLease(stored, lease) === 'accepted') return lease;
    throw new ClientError('refused', `${this.address} is held by ${leaseWords(stored)}. Nothing was changed.`, {
      hint: `Let that upgrade end, or end it (\`kafka-upgrade status ${cluster}\`, \`kafka-upgrade abort ${cluster}\`); only if it is certainly dead, remove ${this.where.lease} on that host and try again.`,
    });
  }
}

const requireNode = (definition: ClusterDefinition, nodeId: NodeId): ClusterDefinition['nodes'][number] => {
  const node = definition.nodes.find(({ id }) => id === nodeId);
  if (node !== undefined) return node;
  const ids = definition.nodes.map(({ id }) => id).join(', ');
  throw new ClientError('invalid', `Cluster "${definition.cluster}" has no node ${nodeId}; it has ${ids}.`, {
    hint: 'Name one of them with --node.',
  });
};

/** Opens one host of a cluster, and closes it after the work. */
export const withRestoreDesk = async <T>(
  input: { definitionsDirectory: string; cluster: string; nodeId: NodeId; operator: string },
  work: (desk: RestoreDesk) => Promise<T>,
): Promise<T> => {
  const definition = await findDefinition(input.definitionsDirectory, input.cluster);
  const node = requireNode(definition, input.nodeId);
  const pool = new SessionPool();
  try {
    const session = pool.session(sshTarget(definition, node));
    const { config, state } = definition.paths;
    const where = { cluster: input.cluster, config, lease: `${state}/lease`, operator: input.operator };
    return await work(
      new RestoreDesk(new SshBrokerHost(session, definition, node), new SshBackupStore(session, state), where),
    );
  } finally {
    await pool.close();
  }
};
