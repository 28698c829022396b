/**
 * Findings about who owns the hosts: another upgrade of the same Kafka cluster is found before anybody approves a plan that
 * could not be carried out. The hosts judge it again, under their lock, when the upgrade claims them (I5).
 */
import type { HostLease } from '../cluster/cluster';
import { failureHint } from '../common/failure';
import { claimObstacles, leaseWords } from '../cluster/lease';
import type { ClaimObstacle, HeldFailure } from '../cluster/lease';
import { someOf } from '../health/gate';
import { hostWords } from './host-checks';
import type { ClusterSnapshot } from './cluster-snapshot';
import { blocker, warning } from './finding';
import type { Finding } from './finding';

type Seen = Pick<ClusterSnapshot, 'mode' | 'hosts' | 'views' | 'paths' | 'owner'>;

/** One lease, and the hosts that have it. */
interface Holding {
  lease: HostLease;
  name: string | null;
  hosts: string[];
}

const why: Record<HeldFailure, string> = {
  LeaseHeld: 'Two upgrades of one cluster would stop brokers at the same time; the hosts refuse the second one.',
  OtherClusterLease:
    'The state directory bears the name of this definition, but another Kafka cluster uses it: the definition was renamed or pointed at another cluster, or the cluster was set up anew.',
  OtherNameLease:
    'Two definitions mean the same Kafka cluster: their upgrades would stop brokers at the same time; the hosts refuse the second one.',
};

/** The lease of another definition lies beside the directory of this one. */
const source = ({ paths }: Seen): string => `${paths.state}/lease on the hosts (I5)`;

const sameLease = (a: HostLease, b: HostLease): boolean =>
  a.owner === b.owner && a.runId === b.runId && a.clusterId === b.clusterId;

/** The same lease on several hosts is one finding. */
const gathered = <T extends Omit<Holding, 'hosts'>>(found: { host: string; holding: T }[]): (T & Holding)[] =>
  found.reduce<(T & Holding)[]>((all, { host, holding }) => {
    const known = all.find(({ lease, name }) => sameLease(lease, holding.lease) && name === holding.name);
    if (known === undefined) return [...all, { ...holding, hosts: [host] }];
    known.hosts.push(host);
    return all;
  }, []);

const seenOf = ({ lease, name, hosts }: Holding): string =>
  `${someOf(hosts, 5)}: held by another upgrade, ${leaseWords(lease, name)}.`;

const obstacleFinding = (obstacle: ClaimObstacle & Holding, seen: Seen): Finding =>
  blocker(obstacle.failure, {
    seen: seenOf(obstacle),
    why: why[obstacle.failure],
    action: failureHint(obstacle.failure),
    source: source(seen),
  });

/** What a person has to know of a lease that keeps nobody out: it will be taken, or nobody knows here whose it is. */
const warningFinding = (holding: Holding, seen: Seen): Finding =>
  warning(
    seen.owner === null
      ? {
          seen: `${someOf(holding.hosts, 5)}: held by an upgrade, ${leaseWords(holding.lease)}.`,
          why: 'Without Temporal it cannot be told whether that is the upgrade of this workflow id, which may go on, or another one, which the hosts would protect from this.',
          action: 'If it is another one, finish or abort it before you start.',
          source: source(seen),
        }
      : {
          seen: seenOf(holding),
          why: 'The request says `takeOver`: the hosts will be taken from it, and whatever it still does there is refused.',
          action: 'Make sure that it is dead: no worker of it runs, and no broker is down because of it.',
          source: source(seen),
        },
  );

/** Held leases of others; `takeOver` is the word of whoever asked that the holder is dead. */
export const checkLeases = (seen: Seen, { takeOver }: { takeOver: boolean }): Finding[] => {
  const { hosts, mode, views, owner } = seen;
  const [view] = views;
  if (view === undefined) return [];
  const { clusterId } = view;
  // Who plans without Temporal is no owner: whatever is held for this cluster may be its own.
  const claimant = { owner: owner ?? '', clusterId, takeOver: takeOver || owner === null };
  const obstacles = hosts.flatMap((host) =>
    claimObstacles(host.leases, claimant).map((holding) => ({ host: hostWords(host, mode), holding })),
  );
  const taken = hosts.flatMap((host) => {
    const { own } = host.leases;
    return own?.held === true && own.clusterId === clusterId && own.owner !== owner
      ? [{ host: hostWords(host, mode), holding: { lease: own, name: null } }]
      : [];
  });
  return [
    ...gathered(obstacles).map((obstacle) => obstacleFinding(obstacle, seen)),
    ...(claimant.takeOver ? gathered(taken).map((holding) => warningFinding(holding, seen)) : []),
  ];
};
