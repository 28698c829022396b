import type { HostLease } from '../../src/domain/cluster/cluster';
import type { LeaseVerdict } from '../../src/domain/cluster/lease';
import { leaseOf } from './fake-kafka-host';

/** One row of the table that the pure rules and the shell's must answer alike. */
export interface LeaseCase {
  what: string;
  stored: HostLease | null;
  incoming: HostLease;
  takeOver: boolean;
  verdict: LeaseVerdict;
}

const stored = leaseOf({ epoch: 5, step: 5, attempt: 5 });
const released = { ...stored, held: false };
const nextRun = { ...stored, runId: 'run-2' };
const stranger = { ...stored, owner: 'other/ns/wf', runId: 'run-9' };
const otherCluster = { ...stored, clusterId: 'cluster-B' };

const row = (what: string, verdict: LeaseVerdict, pair: [HostLease | null, HostLease]): LeaseCase => ({
  what,
  stored: pair[0],
  incoming: pair[1],
  takeOver: false,
  verdict,
});

const takingOver = (lease: LeaseCase): LeaseCase => ({ ...lease, takeOver: true });

/** The rules of src/domain/lease.ts, one by one. */
export const leaseCases: LeaseCase[] = [
  row('nothing stored', 'accepted', [null, leaseOf({ epoch: 0, step: 0, attempt: 0 })]),
  row('the same number again', 'accepted', [stored, stored]),
  row('a newer attempt', 'accepted', [stored, { ...stored, attempt: 6 }]),
  row('an older attempt', 'stale', [stored, { ...stored, attempt: 4 }]),
  row('a newer step with a smaller attempt', 'accepted', [stored, { ...stored, step: 6, attempt: 0 }]),
  row('an older step with a greater attempt', 'stale', [stored, { ...stored, step: 4, attempt: 99 }]),
  row('a newer epoch with a smaller step', 'accepted', [stored, { ...stored, epoch: 6, step: 0, attempt: 0 }]),
  row('an older epoch with a greater step', 'stale', [stored, { ...stored, epoch: 4, step: 99, attempt: 99 }]),
  row('numbers compared as numbers, not as text', 'accepted', [stored, { ...stored, epoch: 10 }]),
  row('large numbers', 'accepted', [
    { ...stored, epoch: 999_999_999_999_998 },
    { ...stored, epoch: 999_999_999_999_999 },
  ]),
  row('the same run after its own release', 'accepted', [released, { ...stored, epoch: 6 }]),
  row('a late step of the same run after its own release', 'stale', [released, { ...stored, step: 4 }]),
  row("the same owner's next run with a greater epoch", 'accepted', [stored, { ...nextRun, epoch: 6, step: 0 }]),
  row("the same owner's other run with the same epoch", 'held', [stored, { ...nextRun, step: 99 }]),
  row("the same owner's earlier run", 'held', [stored, { ...nextRun, epoch: 4 }]),
  row('another owner', 'held', [stored, { ...stranger, epoch: 99 }]),
  row('another owner with an older epoch', 'held', [stored, { ...stranger, epoch: 1 }]),
  takingOver(row('another owner that takes over', 'accepted', [stored, { ...stranger, epoch: 6 }])),
  takingOver(row('a take-over without a greater epoch', 'held', [stored, stranger])),
  row('another owner after a release', 'accepted', [released, { ...stranger, epoch: 6 }]),
  row('another owner after a release, with an epoch that is not greater', 'stale', [
    released,
    { ...stranger, step: 99 },
  ]),
  row('another cluster on a held host, same owner and run', 'held', [stored, { ...otherCluster, epoch: 99 }]),
  row('another cluster after a release', 'accepted', [released, { ...otherCluster, epoch: 6 }]),
  takingOver(row('another cluster by take-over', 'held', [stored, { ...otherCluster, epoch: 6 }])),
  takingOver(row('a take-over does not rejuvenate the same run', 'stale', [stored, { ...stored, attempt: 1 }])),
];
