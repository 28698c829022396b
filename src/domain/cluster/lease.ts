import type { HostLease, HostLeases, Lease } from './cluster';

/**
 * The rules of the lease (design invariant I5), pseudo-code:
 *
 * 1. Nothing stored                                  → accepted.
 * 2. Same cluster, owner and run as stored           → accepted iff (epoch, step, attempt) ≥ stored, else stale.
 * 3. Stored is held for another Kafka cluster         → held, whatever a person says: it stands for other brokers.
 * 4. Stored is held by another owner                  → held, unless a person says that it is dead (take-over). The same
 *    owner's other run is over (a workflow id runs once at a time), unless its epoch is not below ours: then *we* are the
 *    earlier run, and the host is held by the later one.
 * 5. Otherwise (released, or the same owner's earlier run, or a take-over) → accepted iff the epoch is greater.
 *
 * src/hosts/lease-script.ts is the same in POSIX shell; a test runs one table through both.
 */
export type LeaseVerdict = 'accepted' | 'stale' | 'held';

/** Where (epoch, step, attempt) of `a` is relative to `b`: negative when older, 0 when equal, positive when newer. */
export const compareLeases = (a: Lease, b: Lease): number =>
  a.epoch - b.epoch || a.step - b.step || a.attempt - b.attempt;

const sameRun = (a: Lease, b: Lease): boolean =>
  a.clusterId === b.clusterId && a.owner === b.owner && a.runId === b.runId;

/** May `incoming` act on a host that has `stored`? `takeOver` is a person's word that the holder is dead. */
export const judgeLease = (stored: HostLease | null, incoming: Lease, takeOver = false): LeaseVerdict => {
  if (stored === null) return 'accepted';
  if (sameRun(stored, incoming)) return compareLeases(incoming, stored) >= 0 ? 'accepted' : 'stale';
  if (stored.held && stored.clusterId !== incoming.clusterId) return 'held';
  if (stored.held && stored.owner !== incoming.owner && !takeOver) return 'held';
  if (incoming.epoch > stored.epoch) return 'accepted';
  return stored.held ? 'held' : 'stale';
};

/** Whose lease is in the way: another owner's, another Kafka cluster's, or of this one by another definition's name. */
export type HeldFailure = 'LeaseHeld' | 'OtherClusterLease' | 'OtherNameLease';

/**
 * The failure that a lease in somebody else's hands is. A person's word that the holder is dead (`takeOver`) may be given
 * for the same Kafka cluster only: the lease of another one stands for other brokers.
 */
export const heldFailure = (
  stored: Pick<Lease, 'clusterId'>,
  mine: Pick<Lease, 'clusterId'>,
): 'LeaseHeld' | 'OtherClusterLease' => (stored.clusterId === mine.clusterId ? 'LeaseHeld' : 'OtherClusterLease');

/** Who asks for a host, before there is a lease of theirs. */
export interface Claimant {
  owner: string;
  clusterId: string;
  /** A person's word that the holder is dead. */
  takeOver: boolean;
}

/** A lease that keeps a new run from owning a host. */
export interface ClaimObstacle {
  failure: HeldFailure;
  lease: HostLease;
  /** The definition under whose name it is held; null for the claimant's own. */
  name: string | null;
}

const ownObstacle = (own: HostLease | null, { owner, clusterId, takeOver }: Claimant): ClaimObstacle[] => {
  if (own?.held !== true) return [];
  const failure = heldFailure(own, { clusterId });
  return failure === 'LeaseHeld' && (takeOver || own.owner === owner) ? [] : [{ failure, lease: own, name: null }];
};

/** The leases of a host that keep a new run from owning it; none when it may. */
export const claimObstacles = ({ own, others }: HostLeases, claimant: Claimant): ClaimObstacle[] => [
  ...ownObstacle(own, claimant),
  ...others
    .filter(({ lease }) => lease.held && lease.clusterId === claimant.clusterId)
    .map(({ name, lease }): ClaimObstacle => ({ failure: 'OtherNameLease', lease, name })),
];

/** Whose lease it is, in words. */
export const leaseWords = (
  { owner, runId, clusterId }: Pick<Lease, 'owner' | 'runId' | 'clusterId'>,
  name: string | null = null,
): string =>
  `${owner} (run ${runId}, Kafka cluster ${clusterId}${name === null ? '' : `, by the definition "${name}"`})`;

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

// Control characters would break the file's lines; neither a cluster id nor a workflow id nor a run id holds one.
const isPlain = (text: string): boolean => text !== '' && !/\p{Cc}/u.test(text);

/** Why a lease cannot be stored on a host, or null when it can. */
export const leaseProblem = (lease: Lease): string | null => {
  if (![lease.epoch, lease.step, lease.attempt].every(isCount)) return 'epoch, step and attempt must be whole numbers';
  if (![lease.clusterId, lease.owner, lease.runId].every(isPlain)) return 'its names must be non-empty, on one line';
  return null;
};

/** The lease file: one `key=value` a line. */
export const encodeLease = (lease: HostLease): string =>
  [
    `epoch=${lease.epoch}`,
    `step=${lease.step}`,
    `attempt=${lease.attempt}`,
    `held=${lease.held ? 1 : 0}`,
    `clusterId=${lease.clusterId}`,
    `owner=${lease.owner}`,
    `runId=${lease.runId}`,
    '',
  ].join('\n');

const countOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;

/** Reads the lease file; null when it is not one. */
export const decodeLease = (text: string): HostLease | null => {
  const entries = text.split('\n').flatMap((line): [string, string][] => {
    const at = line.indexOf('=');
    return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
  });
  const values = new Map(entries);
  const epoch = countOf(values.get('epoch'));
  const step = countOf(values.get('step'));
  const attempt = countOf(values.get('attempt'));
  const held = values.get('held');
  if (epoch === null || step === null || attempt === null || (held !== '0' && held !== '1')) return null;
  const names = { clusterId: values.get('clusterId'), owner: values.get('owner'), runId: values.get('runId') };
  const { clusterId, owner, runId } = names;
  if (clusterId === undefined || owner === undefined || runId === undefined) return null;
  const lease = { clusterId, owner, runId, epoch, step, attempt, held: held === '1' };
  return leaseProblem(lease) === null ? lease : null;
};
